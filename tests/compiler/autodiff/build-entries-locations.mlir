// RUN: tenon-opt %s -tenon-build-entries -mlir-print-debuginfo -mlir-print-local-scope | FileCheck %s

// Forward ops and their adjoints keep the user's line, the update has the train block's.
graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}

// CHECK-LABEL: graph.func @m.step
// CHECK: graph.exp {{.*}} loc("m.tenon":4:7)
// CHECK: graph.sum {{.*}} loc("m.tenon":5:9)
// CHECK: graph.broadcast {{.*}} loc("m.tenon":5:9)
// CHECK: graph.mul {{.*}} loc("m.tenon":4:7)
// CHECK: graph.write @w, {{.*}} loc("m.tenon":20:1)
// CHECK: } loc("m.tenon":20:1)
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32> loc("m.tenon":4:5)
  %ws = graph.broadcast %w [] : !graph.tensor<f32> -> !graph.tensor<f32[batch]> loc("m.tenon":4:6)
  %e = graph.exp %ws : !graph.tensor<f32[batch]> loc("m.tenon":4:7)
  %loss = graph.sum %e [0] : !graph.tensor<f32[batch]> loc("m.tenon":5:9)
  graph.yield %loss : !graph.tensor<f32>
}
predict {} loc("m.tenon":20:1)
