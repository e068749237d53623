// graph.pad: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n+3, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [1, 0] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n+3, m]>
  graph.return %y : !graph.tensor<f32[n+3, m]>
}

graph.func @columns(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 3] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[n, m+5]>
}

graph.func @before(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+9]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 9] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+9]>
  graph.return %y : !graph.tensor<f32[n, m+9]>
}

graph.func @after(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+9]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 0] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+9]>
  graph.return %y : !graph.tensor<f32[n, m+9]>
}

graph.func @all_round(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n+2, m+2]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [1, 1] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n+2, m+2]>
  graph.return %y : !graph.tensor<f32[n+2, m+2]>
}

graph.func @by_size(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[2*n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [n, 0] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[2*n, m]>
  graph.return %y : !graph.tensor<f32[2*n, m]>
}

graph.func @between(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 11]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.tanh %x : !graph.tensor<f32[n, 8]>
  %a = graph.pad %t [0, 2] : !graph.tensor<f32[n, 8]> -> !graph.tensor<f32[n, 11]>
  %y = graph.exp %a : !graph.tensor<f32[n, 11]>
  graph.return %y : !graph.tensor<f32[n, 11]>
}

graph.func @then_sum(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %a = graph.pad %x [0, 3] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+5]>
  %e = graph.exp %a : !graph.tensor<f32[n, m+5]>
  %y = graph.sum %e [1] : !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @then_sum_rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %a = graph.pad %x [0, 3] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+5]>
  %e = graph.exp %a : !graph.tensor<f32[n, m+5]>
  %y = graph.sum %e [0] : !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[m+5]>
}

graph.func @of_pad(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %a = graph.pad %x [0, 1] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+2]>
  %y = graph.pad %a [0, 2] : !graph.tensor<f32[n, m+2]> -> !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[n, m+5]>
}

graph.func @of_transpose(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m, n+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %a = graph.transpose %x [1, 0] : !graph.tensor<f32[n, m]>
  %y = graph.pad %a [0, 2] : !graph.tensor<f32[m, n]> -> !graph.tensor<f32[m, n+3]>
  graph.return %y : !graph.tensor<f32[m, n+3]>
}

graph.func @f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 3] : !graph.tensor<f64[n, m]> -> !graph.tensor<f64[n, m+5]>
  graph.return %y : !graph.tensor<f64[n, m+5]>
}

graph.func @i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 3] : !graph.tensor<i32[n, m]> -> !graph.tensor<i32[n, m+5]>
  graph.return %y : !graph.tensor<i32[n, m+5]>
}

graph.func @i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 3] : !graph.tensor<i64[n, m]> -> !graph.tensor<i64[n, m+5]>
  graph.return %y : !graph.tensor<i64[n, m+5]>
}

graph.func @i1(%x: !graph.tensor<i1[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i1[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.pad %x [0, 3] : !graph.tensor<i1[n, m]> -> !graph.tensor<i1[n, m+5]>
  graph.return %y : !graph.tensor<i1[n, m+5]>
}
