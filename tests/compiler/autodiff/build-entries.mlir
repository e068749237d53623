// RUN: tenon-opt %s -tenon-build-entries -split-input-file | FileCheck %s

graph.param @w : !graph.tensor<f32[2]> = <uniform(-1.0, 1.0)>

// The description stays, the region goes.
// CHECK: graph.data @patients attributes {field_types = [{{.*}}], fields = ["x", "y"], fits = [{{.*}}]
// CHECK-SAME: {
// CHECK-NEXT: }
// CHECK-LABEL: graph.func @patients.prepare
// CHECK-SAME: (%[[X:.*]]: !graph.tensor<f64[batch, 2]> {graph.name = "x"},
// CHECK-SAME: %[[Y:.*]]: !graph.tensor<f64[batch, 1]> {graph.name = "y"},
// CHECK-SAME: %[[XSHIFT:.*]]: !graph.tensor<f64[2]> {graph.name = "x.0.shift"},
// CHECK-SAME: %{{.*}}: !graph.tensor<f64[2]> {graph.name = "x.0.scale"},
// CHECK-SAME: %{{.*}}: !graph.tensor<f64[1]> {graph.name = "y.0.shift"},
// CHECK-SAME: %{{.*}}: !graph.tensor<f64[1]> {graph.name = "y.0.scale"})
// CHECK-SAME: -> (!graph.tensor<f32[batch, 2]> {graph.name = "x"}, !graph.tensor<f32[batch, 1]> {graph.name = "y"})
// CHECK-SAME: graph.sizes = ["batch"], kind = "prepare"
// CHECK-NOT: graph.fit
// CHECK: graph.broadcast %[[XSHIFT]] [1]
// CHECK: graph.return
graph.data @patients attributes {
  graph.sizes = ["batch"], source = {kind = "csv", path = "patients.csv"},
  raws = [{name = "x", columns = [0, 1], line = 1 : i64}, {name = "y", columns = ["progression"], line = 2 : i64}],
  fits = [{name = "x.0", kind = "standardize", raw = 0 : i64, line = 1 : i64},
          {name = "y.0", kind = "standardize", raw = 1 : i64, line = 2 : i64}],
  split = [], split_seed = 1, fields = ["x", "y"],
  field_types = [!graph.tensor<f32[batch, 2]>, !graph.tensor<f32[batch, 1]>]} {
^bb0(%x: !graph.tensor<f64[batch, 2]>, %y: !graph.tensor<f64[batch, 1]>):
  %shift, %scale = graph.fit @patients "x.0" : !graph.tensor<f64[2]>
  %shifts = graph.broadcast %shift [1] : !graph.tensor<f64[2]> -> !graph.tensor<f64[batch, 2]>
  %x0 = graph.sub %x, %shifts : !graph.tensor<f64[batch, 2]>
  %x1 = graph.convert %x0 : !graph.tensor<f64[batch, 2]> -> !graph.tensor<f32[batch, 2]>
  %y1 = graph.convert %y : !graph.tensor<f64[batch, 1]> -> !graph.tensor<f32[batch, 1]>
  graph.yield %x1, %y1 : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[batch, 1]>
}

// CHECK: graph.train @line
// CHECK-SAME: optimizer = {lr = 1.000000e-01 : f64, name = "sgd"}
// CHECK: objective {
// CHECK-NEXT: } predict {
// CHECK-NEXT: }

// Forward, backward, update. The metric is dead here and the loss is the only result.
// CHECK-LABEL: graph.func @line.step
// CHECK-SAME: (%[[X:.*]]: !graph.tensor<f32[batch, 2]> {graph.name = "x"}, %[[Y:.*]]: !graph.tensor<f32[batch, 1]> {graph.name = "y"})
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f64> {graph.name = "lr"}) attributes {graph.size_hints = {batch = 32 : i64}, graph.sizes = ["batch"], kind = "step"}
// CHECK: %[[W:.*]] = graph.read @w
// CHECK-NOT: graph.abs %{{.*}} : !graph.tensor<f32[batch]>
// CHECK: %[[LOSS:.*]] = graph.sum %{{.*}} [0] : !graph.tensor<f32[batch]>
// CHECK: %[[DW:.*]] = graph.contract
// CHECK: %[[RATE:.*]] = graph.constant 1.000000e-01 : f64
// CHECK: %[[NARROW:.*]] = graph.convert %[[RATE]]
// CHECK: %[[RATES:.*]] = graph.broadcast %[[NARROW]] []
// CHECK: %[[CHANGE:.*]] = graph.mul %[[DW]], %[[RATES]]
// CHECK: %[[NEW:.*]] = graph.sub %[[W]], %[[CHANGE]]
// A loss that is not finite changes nothing.
// CHECK: %[[SIZE:.*]] = graph.abs %[[LOSS]]
// CHECK: %[[INF:.*]] = graph.constant 0x7F800000
// CHECK: %[[FINITE:.*]] = graph.compare lt %[[SIZE]], %[[INF]]
// CHECK: %[[ALL:.*]] = graph.broadcast %[[FINITE]] []
// CHECK: %[[NEXT:.*]] = graph.select %[[ALL]], %[[NEW]], %[[W]]
// CHECK: graph.write @w, %[[NEXT]]
// CHECK: graph.return %[[LOSS]]

// CHECK-LABEL: graph.func @line.evaluate
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32> {graph.name = "mae"})
// CHECK-SAME: graph.size_hints = {batch = 32 : i64}
// CHECK-SAME: kind = "evaluate"
// CHECK: graph.abs
// CHECK-NOT: graph.write

// Only the raw group and the fitted values that the prediction needs are arguments.
// CHECK-LABEL: graph.func @line.predict
// CHECK-SAME: (%[[X:.*]]: !graph.tensor<f64[batch, 2]> {graph.name = "x"},
// CHECK-SAME: %[[XSHIFT:.*]]: !graph.tensor<f64[2]> {graph.name = "x.0.shift"},
// CHECK-SAME: %[[YSCALE:.*]]: !graph.tensor<f64[1]> {graph.name = "y.0.scale"})
// CHECK-SAME: -> (!graph.tensor<f64[batch]> {graph.name = "progression"})
// CHECK-SAME: graph.sizes = ["batch"], kind = "predict"
// CHECK: graph.broadcast %[[XSHIFT]] [1]
// CHECK: %[[RAW:.*]] = graph.convert
// CHECK: graph.reshape %[[YSCALE]]
// CHECK: graph.return
graph.train @line attributes {
  graph.sizes = ["batch"], model = "line", data = @patients, fields = ["x", "y"], metrics = ["mae"],
  predict_fields = ["x"], predictions = [{name = "progression", like = "y"}],
  optimizer = {name = "sgd", lr = 0.1}, settings = {batch = 32 : i64}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 2]>, %y: !graph.tensor<f32[batch, 1]>):
  %w = graph.read @w : !graph.tensor<f32[2]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[2]>
  %t = graph.reshape %y : !graph.tensor<f32[batch, 1]> -> !graph.tensor<f32[batch]>
  %d = graph.sub %p, %t : !graph.tensor<f32[batch]>
  %a = graph.abs %d : !graph.tensor<f32[batch]>
  %mae = graph.sum %a [0] : !graph.tensor<f32[batch]>
  %q = graph.mul %d, %d : !graph.tensor<f32[batch]>
  %loss = graph.sum %q [0] : !graph.tensor<f32[batch]>
  graph.yield %loss, %mae : !graph.tensor<f32>, !graph.tensor<f32>
}
predict {
^bb0(%x: !graph.tensor<f32[batch, 2]>):
  %w = graph.read @w : !graph.tensor<f32[2]>
  %p = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[2]>
  %shift, %scale = graph.fit @patients "y.0" : !graph.tensor<f64[1]>
  %wide = graph.convert %p : !graph.tensor<f32[batch]> -> !graph.tensor<f64[batch]>
  %one = graph.reshape %scale : !graph.tensor<f64[1]> -> !graph.tensor<f64>
  %all = graph.broadcast %one [] : !graph.tensor<f64> -> !graph.tensor<f64[batch]>
  %y = graph.mul %wide, %all : !graph.tensor<f64[batch]>
  graph.yield %y : !graph.tensor<f64[batch]>
}

// -----

// Without a source there is no prepare entry, and predictions are made from fields. Without
// predictions there is no predict entry. An integer parameter is read, not trained.
graph.param @w : !graph.tensor<f32> = <constant(0.0)>
graph.param @k : !graph.tensor<i32> = <constant(3.0)>
// CHECK-NOT: graph.func @live.prepare
graph.data @live attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [],
  split_seed = 1, fields = ["x", "unused"],
  field_types = [!graph.tensor<f32[batch]>, !graph.tensor<f32[batch]>]} {}

// CHECK-LABEL: graph.func @a.step
// CHECK-SAME: (%{{[^:]*}}: !graph.tensor<f32[batch]> {graph.name = "x"})
// CHECK-NOT: graph.size_hints
// CHECK: graph.write @w
// CHECK-NOT: graph.write
// CHECK-LABEL: graph.func @a.evaluate
// CHECK-LABEL: graph.func @a.predict
// CHECK-SAME: (%{{[^:]*}}: !graph.tensor<f32[batch]> {graph.name = "x"}) -> (!graph.tensor<f32[batch]> {graph.name = "p"})
graph.train @a attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = ["x"], predictions = [{name = "p"}],
  optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %k = graph.read @k : !graph.tensor<i32>
  %f = graph.convert %k : !graph.tensor<i32> -> !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %m = graph.mul %s, %w : !graph.tensor<f32>
  %loss = graph.mul %m, %f : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {
^bb0(%x: !graph.tensor<f32[batch]>):
  %p = graph.neg %x : !graph.tensor<f32[batch]>
  graph.yield %p : !graph.tensor<f32[batch]>
}

// CHECK-LABEL: graph.func @b.step
// CHECK-LABEL: graph.func @b.evaluate
// CHECK-NOT: graph.func @b.predict
graph.train @b attributes {
  graph.sizes = ["batch"], model = "m", data = @live, fields = ["x"], metrics = [],
  predict_fields = [], predictions = [], optimizer = {name = "sgd", lr = 1.0}, settings = {}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %w = graph.read @w : !graph.tensor<f32>
  %s = graph.sum %x [0] : !graph.tensor<f32[batch]>
  %loss = graph.mul %s, %w : !graph.tensor<f32>
  graph.yield %loss : !graph.tensor<f32>
}
predict {}

// -----

// A last loss is that of evaluation; the step has the first.
// CHECK-LABEL: graph.func @m.step
// CHECK: graph.random_bits 7
// CHECK-LABEL: graph.func @m.evaluate
// CHECK-SAME: -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32> {graph.name = "size"})
// CHECK-NOT: graph.random_bits
// CHECK: %[[LOSS:.*]] = graph.sum
// CHECK: %[[SIZE:.*]] = graph.abs
// CHECK: graph.return %[[LOSS]], %[[SIZE]]
graph.param @w : !graph.tensor<f32[2]> = <uniform(-1.0, 1.0)>
graph.data @rows attributes {
  graph.sizes = ["batch"], source = {kind = "none"}, raws = [], fits = [], split = [], split_seed = 1,
  fields = ["x"], field_types = [!graph.tensor<f32[batch, 2]>]} {}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @rows, fields = ["x"],
    metrics = ["size"], predict_fields = [], predictions = [], optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch, 2]>):
  %w = graph.read @w : !graph.tensor<f32[2]>
  %all = graph.contract %x [0, 1], %w [1] -> [0] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[2]>
  %bits = graph.random_bits 7 example <1> : !graph.tensor<i32[batch]>
  %zero = graph.constant 0 : i32 -> !graph.tensor<i32[batch]>
  %keep = graph.compare lt %bits, %zero : !graph.tensor<i32[batch]>
  %none = graph.constant 0.0 : f32 -> !graph.tensor<f32[batch]>
  %kept = graph.select %keep, %all, %none : !graph.tensor<f32[batch]>
  %trained = graph.sum %kept [0] : !graph.tensor<f32[batch]>
  %loss = graph.sum %all [0] : !graph.tensor<f32[batch]>
  %size = graph.abs %loss : !graph.tensor<f32>
  graph.yield %trained, %size, %loss : !graph.tensor<f32>, !graph.tensor<f32>, !graph.tensor<f32>
} predict {}
