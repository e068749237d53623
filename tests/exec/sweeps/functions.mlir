// exp, log, tanh, erf, and up to 2^20 sin and cos, over the range of f32: every 997th bit pattern here, all of them by the
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
graph.func @sin(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %high = graph.constant 1048576.0 : f32 -> !graph.tensor<f32[n]>
  %low = graph.constant -1048576.0 : f32 -> !graph.tensor<f32[n]>
  %below = graph.min %x, %high : !graph.tensor<f32[n]>
  %inside = graph.max %below, %low : !graph.tensor<f32[n]>
  %y = graph.sin %inside : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
graph.func @cos(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %high = graph.constant 1048576.0 : f32 -> !graph.tensor<f32[n]>
  %low = graph.constant -1048576.0 : f32 -> !graph.tensor<f32[n]>
  %below = graph.min %x, %high : !graph.tensor<f32[n]>
  %inside = graph.max %below, %low : !graph.tensor<f32[n]>
  %y = graph.cos %inside : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
