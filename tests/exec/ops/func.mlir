// graph.func: entries that only hand on what they get have no kernel, and so no code.
// RUN: tenon-check-ops %s

graph.param @w : !graph.tensor<f32[3]> = <uniform(-0.5, 0.5)>

graph.func @identity(%x: !graph.tensor<f32[n, 6]> {graph.name = "x"}, %k: !graph.tensor<i64> {graph.name = "k"})
    -> (!graph.tensor<f32[6*n]> {graph.name = "flat"}, !graph.tensor<i64> {graph.name = "same"}, !graph.tensor<f32[3]> {graph.name = "weight"},
        !graph.tensor<f32[n, 6]> {graph.name = "again"})
    attributes {graph.sizes = ["n"]} {
  %flat = graph.reshape %x : !graph.tensor<f32[n, 6]> -> !graph.tensor<f32[6*n]>
  %weight = graph.read @w : !graph.tensor<f32[3]>
  graph.return %flat, %k, %weight, %x : !graph.tensor<f32[6*n]>, !graph.tensor<i64>, !graph.tensor<f32[3]>, !graph.tensor<f32[n, 6]>
}
