// graph.sum: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart --tolerance tensor

graph.func @rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [1] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @columns(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [0] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[m]>
}

graph.func @all(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [0, 1] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32>
}

graph.func @vector(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sum %x [0] : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32>
}

graph.func @middle(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.sum %x [1] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[n, k]>
}

graph.func @outer(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.sum %x [0, 2] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[m]>
}

graph.func @inner(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.sum %x [1, 2] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @leading(%x: !graph.tensor<f32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<f32[k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.sum %x [0, 1] : !graph.tensor<f32[n, m, k]>
  graph.return %y : !graph.tensor<f32[k]>
}

graph.func @rows_f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [1] : !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @columns_f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [0] : !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[m]>
}

graph.func @rows_i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [1] : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @columns_i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [0] : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[m]>
}

graph.func @rows_i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [1] : !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<i64[n]>
}

graph.func @columns_i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.sum %x [0] : !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<i64[m]>
}
