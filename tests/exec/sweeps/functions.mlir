// exp, log, tanh and erf over the range of f32: every 997th bit pattern here, all of them by the
// target check-tenon-sweeps.
// RUN: tenon-sweep %s --stride 997

graph.func @exp(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.exp %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
graph.func @log(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.log %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
graph.func @tanh(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.tanh %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
graph.func @erf(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.erf %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
