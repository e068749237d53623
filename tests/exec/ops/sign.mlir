// graph.sign: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,positive,extreme --gradients apart

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sign %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sign %x : !graph.tensor<f64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @i32(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sign %x : !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @i64(%x: !graph.tensor<i64[n]> {graph.name = "x"})
    -> (!graph.tensor<i64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sign %x : !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i64[n]>
}
