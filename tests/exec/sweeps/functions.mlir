// exp, log, tanh and erf over the range of f32: every 997th bit pattern here, all of them by the
// target check-tenon-sweeps. Over all of them the largest errors are 1.03, 0.83, 1.33 and 1.17 units in
// the last place.
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
