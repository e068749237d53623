// RUN: tenon-opt %s -tenon-build-entries -tenon-simplify | FileCheck %s

graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}

// A constant rate is a constant of the step.
// CHECK-LABEL: graph.func @constant.step
// CHECK: graph.constant 5.000000e-01 : f32
// CHECK-NOT: graph.step
// CHECK: graph.func @constant.evaluate
graph.train @constant attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "sgd", lr = {schedule = "constant", peak = 0.5}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// A warm-up of a number of steps does not depend on the run.
// CHECK-LABEL: graph.func @warmup.step
// CHECK-DAG: %[[W:.*]] = graph.constant 1.000000e+01 : f64
// CHECK-DAG: %[[ONE:.*]] = graph.constant 1.000000e+00 : f64
// CHECK-DAG: %[[PEAK:.*]] = graph.constant 5.000000e-01 : f64
// CHECK: %[[STEP:.*]] = graph.step step
// CHECK: %[[S:.*]] = graph.convert %[[STEP]]
// CHECK-NOT: graph.step
// CHECK: %[[RISE:.*]] = graph.div %[[S]], %[[W]]
// CHECK: %[[PART:.*]] = graph.min %[[RISE]], %[[ONE]]
// CHECK: %[[RATE:.*]] = graph.mul %[[PART]], %[[PEAK]]
// CHECK: graph.convert %[[RATE]] : !graph.tensor<f64> -> !graph.tensor<f32>
graph.train @warmup attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "sgd", lr = {schedule = "constant", peak = 0.5, warmup = #graph.duration<10.0 steps>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// The steps after the warm-up, from 0 to 1, and what is left of the rate.
// CHECK-LABEL: graph.func @linear.step
// CHECK-DAG: %[[FRACTION:.*]] = graph.constant 1.000000e-01 : f64
// CHECK-DAG: %[[ONE:.*]] = graph.constant 1.000000e+00 : f64
// CHECK-DAG: %[[ZERO:.*]] = graph.constant 0.000000e+00 : f64
// CHECK-DAG: %[[ABOVE:.*]] = graph.constant 7.500000e-01 : f64
// CHECK-DAG: %[[FLOOR:.*]] = graph.constant 2.500000e-01 : f64
// CHECK: %[[TOTAL:.*]] = graph.step total_steps
// CHECK: %[[T:.*]] = graph.convert %[[TOTAL]]
// CHECK: %[[W:.*]] = graph.mul %[[T]], %[[FRACTION]]
// CHECK: %[[BEFORE:.*]] = graph.sub %{{.*}}, %[[ONE]]
// CHECK: %[[SINCE:.*]] = graph.sub %[[BEFORE]], %[[W]]
// CHECK: %[[DONE:.*]] = graph.max %[[SINCE]], %[[ZERO]]
// CHECK: %[[REST:.*]] = graph.sub %[[T]], %[[W]]
// CHECK: %[[LENGTH:.*]] = graph.max %[[REST]], %[[ONE]]
// CHECK: %[[P0:.*]] = graph.div %[[DONE]], %[[LENGTH]]
// CHECK: %[[P:.*]] = graph.min %[[P0]], %[[ONE]]
// CHECK: %[[SHARE:.*]] = graph.sub %[[ONE]], %[[P]]
// CHECK: %[[SCALED:.*]] = graph.mul %[[SHARE]], %[[ABOVE]]
// CHECK: graph.add %[[SCALED]], %[[FLOOR]]
graph.train @linear attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "sgd", lr = {schedule = "linear", peak = 0.5, floor = 0.25, warmup = #graph.duration<1.0e-01 fraction>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// Epochs are a part of a run in epochs: 2 of 20 are a tenth.
// CHECK-LABEL: graph.func @cosine.step
// CHECK-DAG: %[[TENTH:.*]] = graph.constant 1.000000e-01 : f64
// CHECK-DAG: %[[PI:.*]] = graph.constant 3.1415926535897931 : f64
// CHECK-DAG: %[[HALF:.*]] = graph.constant 5.000000e-01 : f64
// CHECK: graph.mul %{{.*}}, %[[TENTH]]
// CHECK: %[[X:.*]] = graph.sub %{{.*}}, %[[HALF]]
// CHECK: graph.mul %[[X]], %[[X]]
// CHECK: %[[SUM:.*]] = graph.add %{{.*}}, %[[PI]]
// CHECK: %[[SINE:.*]] = graph.mul %[[SUM]], %[[X]]
// CHECK: %[[RAISED:.*]] = graph.add %[[SINE]],
// CHECK: graph.mul %[[RAISED]], %[[HALF]]
graph.train @cosine attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {run = #graph.duration<20.0 epochs>},
  optimizer = {name = "sgd", lr = {schedule = "cosine", peak = 0.25, warmup = #graph.duration<2.0 epochs>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// Whole steps between two falls; how often it has fallen, and what is left, but not below the floor.
// CHECK-LABEL: graph.func @step.step
// CHECK-DAG: %[[ONE:.*]] = graph.constant 1.000000e+00 : f64
// CHECK-DAG: %[[LOG:.*]] = graph.constant 0.69314718055994529 : f64
// CHECK-DAG: %[[LEAST:.*]] = graph.constant 1.250000e-01 : f64
// CHECK: graph.step total_steps
// CHECK: %[[LENGTH:.*]] = graph.mul
// CHECK: %[[WHOLE:.*]] = graph.round %[[LENGTH]]
// CHECK: %[[EVERY:.*]] = graph.max %[[WHOLE]], %[[ONE]]
// CHECK: %[[PERIODS:.*]] = graph.div %{{.*}}, %[[EVERY]]
// CHECK: %[[FALLS:.*]] = graph.floor %[[PERIODS]]
// CHECK: %[[X:.*]] = graph.mul %[[FALLS]], %[[LOG]]
// CHECK: graph.min %[[X]],
// CHECK: graph.max %{{.*}}, %[[LEAST]]
// CHECK: graph.func @step.evaluate
graph.train @step attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {run = #graph.duration<20.0 epochs>},
  optimizer = {name = "sgd", lr = {schedule = "step", peak = 0.5, floor = 0.125, factor = 0.5, every = #graph.duration<2.0 epochs>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// Without steps nothing is rounded.
// CHECK-LABEL: graph.func @exponential.step
// CHECK-NOT: graph.round
// CHECK: graph.func @exponential.evaluate
graph.train @exponential attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "sgd", lr = {schedule = "exponential", peak = 0.5, factor = 0.5, every = #graph.duration<10.0 steps>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// From the end of the warm-up on.
// CHECK-LABEL: graph.func @inverse_sqrt.step
// CHECK-DAG: %[[W:.*]] = graph.constant 5.000000e+00 : f64
// CHECK: %[[S:.*]] = graph.convert
// CHECK: graph.div %[[S]], %[[W]]
// CHECK: %[[LATER:.*]] = graph.max %[[W]], %[[S]]
// CHECK: %[[PART:.*]] = graph.div %[[W]], %[[LATER]]
// CHECK: graph.sqrt %[[PART]]
graph.train @inverse_sqrt attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], settings = {},
  optimizer = {name = "sgd", lr = {schedule = "inverse_sqrt", peak = 0.5, warmup = #graph.duration<5.0 steps>}}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}
