// RUN: tenon-opt %s -tenon-build-entries -tenon-simplify | FileCheck %s

// Two parameters, one without decay; states of one optimizer are declared once and shared.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.param @b : !graph.tensor<f32> = <constant(0.0)> nodecay
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch, 4]>]} {}

// CHECK-NOT: graph.state
// CHECK-LABEL: graph.func @sgd.step
// CHECK-DAG: %[[RATE:.*]] = graph.constant 1.000000e-01 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[W:.*]] = graph.read @w
// CHECK-DAG: %[[GRADIENT:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[batch, 4]>
// CHECK: %[[CHANGE:.*]] = graph.mul %[[GRADIENT]], %[[RATE]]
// CHECK: graph.sub %[[W]], %[[CHANGE]]
graph.train @sgd attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {}, optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %b = graph.read @b : !graph.tensor<f32>
  %ws = graph.broadcast %w [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
  %m = graph.mul %x, %ws : !graph.tensor<f32[batch, 4]>
  %s = graph.sum %m [0, 1] : !graph.tensor<f32[batch, 4]>
  %loss = graph.add %s, %b : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// CHECK: graph.state @optimizer.momentum.w : !graph.tensor<f32[4]> = <constant(0.000000e+00)>
// CHECK: graph.state @optimizer.momentum.b : !graph.tensor<f32> = <constant(0.000000e+00)>
// CHECK-LABEL: graph.func @nesterov.step
// CHECK-SAME: (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f64> {graph.name = "lr"}, !graph.tensor<f32> {graph.name = "l1"}, !graph.tensor<f32> {graph.name = "l2"})
// CHECK-DAG: %[[MU:.*]] = graph.constant 0.899999976 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[KEPT:.*]] = graph.constant 9.900000e-01 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[L1:.*]] = graph.constant 0.00999999977 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[L2:.*]] = graph.constant 2.000000e-02 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[RATE:.*]] = graph.constant 1.000000e-01 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[W:.*]] = graph.read @w
// CHECK-DAG: %[[B:.*]] = graph.read @b
// CHECK-DAG: %[[LOSS_GRADIENT:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[batch, 4]>
// The penalties' gradients are added in order; b has none.
// CHECK: %[[SIGN:.*]] = graph.sign %[[W]]
// CHECK: %[[P1:.*]] = graph.mul %[[SIGN]], %[[L1]]
// CHECK: %[[G1:.*]] = graph.add %[[LOSS_GRADIENT]], %[[P1]]
// CHECK: %[[P2:.*]] = graph.mul %[[W]], %[[L2]]
// CHECK: %[[G:.*]] = graph.add %[[G1]], %[[P2]]
// CHECK-NOT: graph.sign
// CHECK: %[[DECAYED:.*]] = graph.mul %[[W]], %[[KEPT]]
// CHECK: %[[OLD:.*]] = graph.read @optimizer.momentum.w
// CHECK: %[[DAMPED:.*]] = graph.mul %[[OLD]], %[[MU]]
// CHECK: %[[VELOCITY:.*]] = graph.add %[[DAMPED]], %[[G]]
// CHECK: %[[AHEAD:.*]] = graph.mul %[[VELOCITY]], %[[MU]]
// CHECK: %[[DIRECTION:.*]] = graph.add %[[G]], %[[AHEAD]]
// CHECK: %[[CHANGE:.*]] = graph.mul %[[DIRECTION]], %[[RATE]]
// CHECK: %[[NEW:.*]] = graph.sub %[[DECAYED]], %[[CHANGE]]
// CHECK: graph.sub %[[B]],
// CHECK: graph.select %{{.*}}, %[[VELOCITY]], %[[OLD]]
// CHECK: graph.write @optimizer.momentum.w
// CHECK: graph.select %{{.*}}, %[[NEW]], %[[W]]
// CHECK: graph.write @w
// CHECK: graph.write @optimizer.momentum.b
// CHECK: graph.write @b
// The penalties' values are those before the step.
// CHECK: graph.abs %[[W]] : !graph.tensor<f32[4]>
// CHECK: graph.mul %[[W]], %[[W]]
graph.train @nesterov attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {l1 = 0.01, l2 = 0.02},
  optimizer = {name = "sgd", lr = 0.1, momentum = 0.9, nesterov = true, weight_decay = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %b = graph.read @b : !graph.tensor<f32>
  %ws = graph.broadcast %w [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
  %m = graph.mul %x, %ws : !graph.tensor<f32[batch, 4]>
  %s = graph.sum %m [0, 1] : !graph.tensor<f32[batch, 4]>
  %loss = graph.add %s, %b : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// CHECK: graph.state @optimizer.beta1_power : !graph.tensor<f64> = <constant(1.000000e+00)>
// CHECK: graph.state @optimizer.beta2_power : !graph.tensor<f64> = <constant(1.000000e+00)>
// CHECK: graph.state @optimizer.m.w : !graph.tensor<f32[4]> = <constant(0.000000e+00)>
// CHECK: graph.state @optimizer.v.w : !graph.tensor<f32[4]> = <constant(0.000000e+00)>
// CHECK-LABEL: graph.func @adam.step
// CHECK-DAG: %[[GRADIENT:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[batch, 4]>
// The scalars of the step, in f64.
// CHECK: %[[OLD1:.*]] = graph.read @optimizer.beta1_power
// CHECK: %[[POWER1:.*]] = graph.mul %[[OLD1]], %{{.*}} : !graph.tensor<f64>
// CHECK: %[[CORRECTION1:.*]] = graph.sub %{{.*}}, %[[POWER1]] : !graph.tensor<f64>
// CHECK: %[[POWER2:.*]] = graph.mul %{{.*}}, %{{.*}} : !graph.tensor<f64>
// CHECK: %[[CORRECTION2:.*]] = graph.sub %{{.*}}, %[[POWER2]] : !graph.tensor<f64>
// CHECK: %[[ROOT:.*]] = graph.sqrt %[[CORRECTION2]] : !graph.tensor<f64>
// CHECK: %[[RATE:.*]] = graph.div %{{.*}}, %[[CORRECTION1]] : !graph.tensor<f64>
// CHECK: %[[STEP:.*]] = graph.mul %[[RATE]], %[[ROOT]] : !graph.tensor<f64>
// CHECK: %[[EPS:.*]] = graph.mul %[[ROOT]], %{{.*}} : !graph.tensor<f64>
// CHECK: %[[M0:.*]] = graph.read @optimizer.m.w
// CHECK: %[[V0:.*]] = graph.read @optimizer.v.w
// CHECK: %[[DIFFERENCE:.*]] = graph.sub %[[GRADIENT]], %[[M0]]
// CHECK: %[[PART:.*]] = graph.mul %[[DIFFERENCE]],
// CHECK: %[[M:.*]] = graph.add %[[M0]], %[[PART]]
// CHECK: %[[FADED:.*]] = graph.mul %[[V0]],
// CHECK: %[[SCALED:.*]] = graph.mul %[[GRADIENT]],
// CHECK: %[[SQUARE:.*]] = graph.mul %[[SCALED]], %[[GRADIENT]]
// CHECK: %[[V:.*]] = graph.add %[[FADED]], %[[SQUARE]]
// CHECK: %[[DEVIATION:.*]] = graph.sqrt %[[V]]
// CHECK: graph.convert %[[EPS]]
// CHECK: graph.add %[[DEVIATION]],
// CHECK: graph.convert %[[STEP]]
// CHECK: graph.mul %[[M]],
// CHECK: graph.write @optimizer.beta1_power
// CHECK: graph.write @optimizer.beta2_power
// CHECK: graph.write @optimizer.m.w
// CHECK: graph.write @optimizer.v.w
// CHECK: graph.write @w
graph.train @adam attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {}, optimizer = {name = "adam", lr = 0.001}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %ws = graph.broadcast %w [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
  %m = graph.mul %x, %ws : !graph.tensor<f32[batch, 4]>
  %loss = graph.sum %m [0, 1] : !graph.tensor<f32[batch, 4]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// AdamW decays by default, and uses the states that adam declared.
// CHECK-NOT: graph.state
// CHECK-LABEL: graph.func @adamw.step
// CHECK-DAG: %[[KEPT:.*]] = graph.constant 9.990000e-01 : f32 -> !graph.tensor<f32[4]>
// CHECK-DAG: %[[W:.*]] = graph.read @w
// CHECK: graph.mul %[[W]], %[[KEPT]]
graph.train @adamw attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {}, optimizer = {name = "adamw", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %ws = graph.broadcast %w [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
  %m = graph.mul %x, %ws : !graph.tensor<f32[batch, 4]>
  %loss = graph.sum %m [0, 1] : !graph.tensor<f32[batch, 4]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}
