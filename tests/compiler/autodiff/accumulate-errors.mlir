// RUN: tenon-opt %s -tenon-build-entries -split-input-file -verify-diagnostics

// A nonlinear function of a batch mean.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it needs a number of the whole batch that depends on the parameters; take 'accumulate' away, or use sums and means over the batch only}}
  %loss = graph.sqrt %s : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A count of activations.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  %a = graph.abs %p : !graph.tensor<f32[batch]>
  %n = graph.sum %a [0] : !graph.tensor<f32[batch]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it needs a number of the whole batch that depends on the parameters; take 'accumulate' away, or use sums and means over the batch only}}
  %loss = graph.div %s, %n : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// Batch statistics.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it needs a number of the whole batch that depends on the parameters; take 'accumulate' away, or use sums and means over the batch only}}
  %c = graph.broadcast %s [] : !graph.tensor<f32> -> !graph.tensor<f32[batch]>
  %d = graph.sub %p, %c : !graph.tensor<f32[batch]>
  %loss = graph.sum %d [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// The largest of the batch.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it compares the examples of a batch with each other; take 'accumulate' away, or use sums and means over the batch only}}
  %loss = graph.reduce_max %p [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// Pairs.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it pairs the examples of a batch with each other; take 'accumulate' away, or use sums and means over the batch only}}
  %g = graph.contract %p [0], %m [1] -> [0, 1] : !graph.tensor<f32[batch]>, !graph.tensor<f32[batch]>
  %loss = graph.sum %g [0, 1] : !graph.tensor<f32[batch, batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// The position within the batch.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it counts the examples of a batch; take 'accumulate' away, or use sums and means over the batch only}}
  %i = graph.iota 0 : !graph.tensor<i32[batch]>
  %f = graph.convert %i : !graph.tensor<i32[batch]> -> !graph.tensor<f32[batch]>
  %k = graph.mul %p, %f : !graph.tensor<f32[batch]>
  %loss = graph.sum %k [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// One less than the batch.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it is no multiple of the number of examples; take 'accumulate' away, or use sums and means over the batch only}}
  %n = graph.size <batch-1> : !graph.tensor<f32>
  %loss = graph.div %s, %n : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// Another order of elements.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it moves values from one example to another; take 'accumulate' away, or use sums and means over the batch only}}
  %t = graph.reshape %x : !graph.tensor<f32[batch, 4]> -> !graph.tensor<f32[4, batch]>
  %v = graph.contract %t [1, 0], %w [1] -> [0] : !graph.tensor<f32[4, batch]>, !graph.tensor<f32[4]>
  %loss = graph.sum %v [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A batch turned around.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it moves values from one example to another; take 'accumulate' away, or use sums and means over the batch only}}
  %t = graph.reverse %p [0] : !graph.tensor<f32[batch]>
  %k = graph.mul %t, %m : !graph.tensor<f32[batch]>
  %loss = graph.sum %k [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A count that needs a count.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {batch = 10 : i64, accumulate = 4 : i64},
  optimizer = {name = "sgd", lr = 0.1}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 4]>, %m: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32[4]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[4]>
  %n = graph.sum %m [0] : !graph.tensor<f32[batch]>
  %c = graph.broadcast %n [] : !graph.tensor<f32> -> !graph.tensor<f32[batch]>
  %v = graph.div %m, %c : !graph.tensor<f32[batch]>
  %k = graph.sum %v [0] : !graph.tensor<f32[batch]>
  %s = graph.sum %p [0] : !graph.tensor<f32[batch]>
  // expected-error @below {{the loss cannot be computed in parts, as 'accumulate' does: it needs a count that depends on another count; take 'accumulate' away, or use sums and means over the batch only}}
  %loss = graph.div %s, %k : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// No number.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "m"], field_types = [!graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch]>]} {}
// expected-error @below {{settings: 'accumulate' must be an integer of at least 1}}
// expected-error @below {{settings: 'clip' must be finite and at least 0, not -1}}
// expected-error @below {{settings: 'average' must be at least 0 and below 1, not 1}}
graph.train @m attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x", "m"], metrics = [],
  predict_fields = [], predictions = [], settings = {accumulate = 0 : i64, clip = -1.0, average = 1.0},
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
