// graph.log: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,positive,extreme --gradients positive

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.log %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
