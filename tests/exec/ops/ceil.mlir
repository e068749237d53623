// graph.ceil: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,positive,extreme --gradients apart

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.ceil %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.ceil %x : !graph.tensor<f64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}
