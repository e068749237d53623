// RUN: tenon-opt %s -tenon-build-entries -tenon-simplify | FileCheck %s

// Clipping and averages in graph ops.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}

// CHECK: graph.state @optimizer.averaged : !graph.tensor<f32> = <constant(0.000000e+00)>
// CHECK: graph.state @optimizer.average.w : !graph.tensor<f32[4]> = <constant(0.000000e+00)>
// CHECK-LABEL: graph.func @m.step
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f64> {graph.name = "lr"}, !graph.tensor<f64> {graph.name = "grad_norm"})
// CHECK: %[[LOSS:.*]] = graph.sum
// CHECK: %[[G:.*]] = graph.{{contract|sum}}
// CHECK: %[[SQUARES:.*]] = graph.mul %[[G]], %[[G]]
// CHECK: %[[SUM:.*]] = graph.sum %[[SQUARES]] [0]
// CHECK: %[[WIDE:.*]] = graph.convert %[[SUM]]
// CHECK: %[[NORM:.*]] = graph.sqrt %[[WIDE]] : !graph.tensor<f64>
// CHECK: %[[MORE:.*]] = graph.add %[[NORM]], %{{.*}}
// CHECK: %[[QUOTIENT:.*]] = graph.div %{{.*}}, %[[MORE]]
// CHECK: %[[SCALE:.*]] = graph.min %[[QUOTIENT]], %{{.*}}
// CHECK: %[[NARROW:.*]] = graph.convert %[[SCALE]]
// CHECK: %[[ALL:.*]] = graph.broadcast %[[NARROW]] []
// CHECK: graph.mul %[[G]], %[[ALL]]
// The first average is the value.
// CHECK: %[[BEGUN:.*]] = graph.read @optimizer.averaged
// CHECK: %[[FIRST:.*]] = graph.compare eq %[[BEGUN]], %{{.*}}
// CHECK: %[[OLD:.*]] = graph.read @optimizer.average.w
// CHECK: graph.select
// Nothing is written if the loss or the norm is not finite.
// CHECK: %[[A:.*]] = graph.compare lt
// CHECK: graph.abs %[[NORM]]
// CHECK: %[[B:.*]] = graph.compare lt
// CHECK: %[[FINITE:.*]] = graph.and %[[A]], %[[B]]
// CHECK: graph.write @w
// CHECK: graph.write @optimizer.averaged
// CHECK: graph.write @optimizer.average.w
// CHECK: graph.return %[[LOSS]], %{{.*}}, %[[NORM]]
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {clip = 1.0, average = 0.75},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %loss = graph.sum %p [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}
