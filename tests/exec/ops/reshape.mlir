// graph.reshape: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @flat(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m*n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reshape %x : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[m*n]>
  graph.return %y : !graph.tensor<f32[m*n]>
}

graph.func @flat_of_sum(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m*n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %twice = graph.add %x, %x : !graph.tensor<f32[n, m]>
  %shaped = graph.reshape %twice : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[m*n]>
  %y = graph.mul %shaped, %shaped : !graph.tensor<f32[m*n]>
  graph.return %y : !graph.tensor<f32[m*n]>
}

graph.func @split(%x: !graph.tensor<f32[n, 6]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 2, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.reshape %x : !graph.tensor<f32[n, 6]> -> !graph.tensor<f32[n, 2, 3]>
  graph.return %y : !graph.tensor<f32[n, 2, 3]>
}

graph.func @split_of_sum(%x: !graph.tensor<f32[n, 6]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 2, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %twice = graph.add %x, %x : !graph.tensor<f32[n, 6]>
  %shaped = graph.reshape %twice : !graph.tensor<f32[n, 6]> -> !graph.tensor<f32[n, 2, 3]>
  %y = graph.mul %shaped, %shaped : !graph.tensor<f32[n, 2, 3]>
  graph.return %y : !graph.tensor<f32[n, 2, 3]>
}

graph.func @unit(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 1, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reshape %x : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, 1, m]>
  graph.return %y : !graph.tensor<f32[n, 1, m]>
}

graph.func @unit_of_sum(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 1, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %twice = graph.add %x, %x : !graph.tensor<f32[n, m]>
  %shaped = graph.reshape %twice : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, 1, m]>
  %y = graph.mul %shaped, %shaped : !graph.tensor<f32[n, 1, m]>
  graph.return %y : !graph.tensor<f32[n, 1, m]>
}

graph.func @merge(%x: !graph.tensor<f32[n, 3, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[3*n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reshape %x : !graph.tensor<f32[n, 3, m]> -> !graph.tensor<f32[3*n, m]>
  graph.return %y : !graph.tensor<f32[3*n, m]>
}

graph.func @merge_of_sum(%x: !graph.tensor<f32[n, 3, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[3*n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %twice = graph.add %x, %x : !graph.tensor<f32[n, 3, m]>
  %shaped = graph.reshape %twice : !graph.tensor<f32[n, 3, m]> -> !graph.tensor<f32[3*n, m]>
  %y = graph.mul %shaped, %shaped : !graph.tensor<f32[3*n, m]>
  graph.return %y : !graph.tensor<f32[3*n, m]>
}
