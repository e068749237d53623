// graph.train: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: graph.train @m
// CHECK-SAME: run = #graph.duration<1.000000e+01 epochs>
// CHECK: objective {
// CHECK: graph.yield %{{.*}} : !graph.tensor<f32>
// CHECK: } predict {
// CHECK: graph.yield %{{.*}} : !graph.tensor<f32[batch]>
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = ["x"], predictions = [{name = "y"}],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
} predict {
^bb0(%x: !graph.tensor<f32[batch]>):
  graph.yield %x : !graph.tensor<f32[batch]>
}

// -----

// C1: a scalar loss.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C1) 'objective' must yield a scalar f32 loss first}}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %x : !graph.tensor<f32[batch]>
} predict {}

// -----

// C1: an f32 loss.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C1) 'objective' must yield a scalar f32 loss first}}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.constant 0.0 : f64 -> !graph.tensor<f64>
  graph.yield %loss : !graph.tensor<f64>
} predict {}

// -----

// C2: as many metrics as are named.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C2) 'objective' must yield one value per metric after the loss}}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = ["mae"], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
} predict {}

// -----

// A loss of evaluation may follow.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// CHECK-LABEL: graph.train @evaluated
// CHECK: graph.yield %{{.*}}, %{{.*}} : !graph.tensor<f32>, !graph.tensor<f32>
graph.train @evaluated attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss, %loss : !graph.tensor<f32>, !graph.tensor<f32>
} predict {}

// -----

// C2: it is a scalar.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C2) 'objective' must yield one value per metric after the loss, and then at most the loss of evaluation, a scalar f32}}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss, %x : !graph.tensor<f32>, !graph.tensor<f32[batch]>
} predict {}

// -----

// C2: as many predictions as are named.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C2) 'predict' must yield one value per prediction}}
graph.train @m attributes {graph.sizes = ["batch"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [{name = "y"}],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
} predict {}

// -----

// C3: only the batch is a size.
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch]>]} {}
// expected-error@+1 {{(C3) 'graph.sizes' must be ["batch"]}}
graph.train @m attributes {graph.sizes = ["batch", "n"], model = "m", data = @d,
    fields = ["x"], metrics = [], predict_fields = [], predictions = [],
    optimizer = {name = "sgd", lr = 0.1},
    settings = {batch = 32, run = #graph.duration<1.0e+01 epochs>}}
objective {
^bb0(%x: !graph.tensor<f32[batch]>):
  %loss = graph.sum %x [0] : !graph.tensor<f32[batch]>
  graph.yield %loss : !graph.tensor<f32>
} predict {}
