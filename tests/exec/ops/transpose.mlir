// graph.transpose: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @matrix(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[m, n]>
}

graph.func @rotate(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[m, k, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.transpose %x [1, 2, 0] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[m, k, n]>
}

graph.func @back(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[k, n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.transpose %x [2, 0, 1] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[k, n, m]>
}

graph.func @reverse(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[k, m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.transpose %x [2, 1, 0] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[k, m, n]>
}

graph.func @heads(%x: !graph.tensor<f32[n, m, 2, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 2, m, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [0, 2, 1, 3] : !graph.tensor<f32[n, m, 2, 3]>
  graph.return %y : !graph.tensor<f32[n, 2, m, 3]>
}

graph.func @f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[m, n]>
}

graph.func @i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[m, n]>
}

graph.func @i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<i64[m, n]>
}

graph.func @i1(%x: !graph.tensor<i1[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i1[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<i1[n, m]>
  graph.return %y : !graph.tensor<i1[m, n]>
}
