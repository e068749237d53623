// graph.broadcast: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @scalar(%x: !graph.tensor<f32> {graph.name = "x"}, %r: !graph.tensor<f32[n, m]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [] : !graph.tensor<f32> -> !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @columns(%x: !graph.tensor<f32[m]> {graph.name = "x"}, %r: !graph.tensor<f32[n, m]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<f32[m]> -> !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @rows(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %r: !graph.tensor<f32[n, m]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @middle(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}, %r: !graph.tensor<f32[n, m, k]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.broadcast %x [0, 2] : !graph.tensor<f32[n, k]> -> !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[n, m, k]>
}

graph.func @f64(%x: !graph.tensor<f64[m]> {graph.name = "x"}, %r: !graph.tensor<f64[n, m]> {graph.name = "r"})
    -> (!graph.tensor<f64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<f64[m]> -> !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[n, m]>
}

graph.func @i32(%x: !graph.tensor<i32[m]> {graph.name = "x"}, %r: !graph.tensor<i32[n, m]> {graph.name = "r"})
    -> (!graph.tensor<i32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<i32[m]> -> !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[n, m]>
}

graph.func @i64(%x: !graph.tensor<i64[m]> {graph.name = "x"}, %r: !graph.tensor<i64[n, m]> {graph.name = "r"})
    -> (!graph.tensor<i64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<i64[m]> -> !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<i64[n, m]>
}

graph.func @i1(%x: !graph.tensor<i1[m]> {graph.name = "x"}, %r: !graph.tensor<i1[n, m]> {graph.name = "r"})
    -> (!graph.tensor<i1[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<i1[m]> -> !graph.tensor<i1[n, m]>
  graph.return %y : !graph.tensor<i1[n, m]>
}
