// RUN: tenon-opt %s -tenon-build-entries -tenon-simplify -split-input-file | FileCheck %s

// A masked mean: the sum of the mask is a count. Micro-batches have ceil(10 / 4) rows.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}

// CHECK: graph.state @optimizer.total.count.masked.0 : !graph.tensor<f32> = <constant(0.000000e+00)>
// CHECK: graph.state @optimizer.total.loss : !graph.tensor<f32>
// CHECK: graph.state @optimizer.accumulated.w : !graph.tensor<f32[4]>
// CHECK: graph.train @masked

// CHECK-LABEL: graph.func @masked.counts
// CHECK-SAME: (%{{.*}}: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %[[M:.*]]: !graph.tensor<f32[batch]> {graph.name = "m"})
// CHECK-SAME: graph.size_hints = {batch = 3 : i64}, graph.sizes = ["batch"], kind = "step"
// CHECK-NOT: graph.contract
// CHECK-DAG: %[[N:.*]] = graph.sum %[[M]] [0]
// CHECK-DAG: %[[OLD:.*]] = graph.read @optimizer.total.count.masked.0
// CHECK: %[[NEW:.*]] = graph.add %{{[0-9]+}}, %{{[0-9]+}}
// CHECK: graph.write @optimizer.total.count.masked.0, %[[NEW]]
// CHECK-NEXT: graph.return

// Loss and gradient divide by the total; the mask of the micro-batch is not counted again.
// CHECK-LABEL: graph.func @masked.accumulate
// CHECK-SAME: kind = "step"
// CHECK: %[[TOTAL:.*]] = graph.read @optimizer.total.count.masked.0
// CHECK: %[[S:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[batch]>
// CHECK-NOT: graph.sum
// CHECK: graph.div %[[S]], %[[TOTAL]]
// CHECK: graph.write @optimizer.total.loss
// CHECK: graph.write @optimizer.accumulated.w
// CHECK-NOT: graph.write

// The fields are the step's to callers; it looks at the sums only.
// CHECK-LABEL: graph.func @masked.step
// CHECK-SAME: (%[[X:.*]]: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %[[Y:.*]]: !graph.tensor<f32[batch]> {graph.name = "m"})
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f64> {graph.name = "lr"})
// CHECK-NOT: %[[X]]
// CHECK-NOT: %[[Y]]
// CHECK: %[[LOSS:.*]] = graph.read @optimizer.total.loss
// CHECK: graph.read @optimizer.accumulated.w
// CHECK: graph.write @w
// CHECK-NOT: graph.write
// CHECK: graph.return %[[LOSS]]
graph.train @masked attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %k = graph.mul %p, %m : !graph.tensor<f32[batch]>
  %s = graph.sum %k [0] : !graph.tensor<f32[batch]>
  %n = graph.sum %m [0] : !graph.tensor<f32[batch]>
  %loss = graph.div %s, %n : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A mean over rows counts them; what is added to it counts in the share of the rows.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}

// CHECK-LABEL: graph.func @penalty.counts
// CHECK-DAG: graph.size <batch> : !graph.tensor<f32>
// CHECK-DAG: graph.size <batch> : !graph.tensor<f64>
// CHECK: graph.write @optimizer.total.count.penalty.0
// CHECK: graph.write @optimizer.total.rows.penalty
// CHECK-LABEL: graph.func @penalty.accumulate
// CHECK: %[[ALL:.*]] = graph.read @optimizer.total.rows.penalty
// CHECK: %[[SHARE:.*]] = graph.div %{{.*}}, %[[ALL]] : !graph.tensor<f64>
// CHECK: %[[PENALTY:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[4]>
// CHECK: %[[NARROW:.*]] = graph.convert %[[SHARE]]
// CHECK: %[[PART:.*]] = graph.mul %{{.*}}, %{{.*}} : !graph.tensor<f32>
// CHECK: graph.add %{{.*}}, %[[PART]]
graph.train @penalty attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  %n = graph.size <batch> : !graph.tensor<f32>
  %mean = graph.div %s, %n : !graph.tensor<f32>
  %q = graph.mul %w, %w : !graph.tensor<f32[4]>
  %l2 = graph.sum %q [0] : !graph.tensor<f32[4]>
  %loss = graph.add %mean, %l2 : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A plain sum needs no counts.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}

// CHECK-NOT: graph.func @sum.counts
// CHECK: graph.func @sum.accumulate
graph.train @sum attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %loss = graph.sum %p [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}
