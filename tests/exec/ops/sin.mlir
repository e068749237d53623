// graph.sin: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,positive --function f32 --gradients apart
// RUN: tenon-check-ops %s --values extreme --function bounded

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sin %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// Where it is accurate; infinities give NaN.
graph.func @bounded(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %bound = graph.constant 1048576.0 : f32 -> !graph.tensor<f32[n]>
  %infinity = graph.constant 0x7F800000 : f32 -> !graph.tensor<f32[n]>
  %size = graph.abs %x : !graph.tensor<f32[n]>
  %near = graph.compare le %size, %bound : !graph.tensor<f32[n]>
  %infinite = graph.compare eq %size, %infinity : !graph.tensor<f32[n]>
  %taken = graph.or %near, %infinite : !graph.tensor<i1[n]>
  %inside = graph.select %taken, %x, %bound : !graph.tensor<f32[n]>
  %y = graph.sin %inside : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
