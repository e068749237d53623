// graph.data: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: graph.data @patients
// CHECK: graph.fit @patients "x.0" : !graph.tensor<f64[2]>
// CHECK: graph.yield
graph.data @patients attributes {
    graph.sizes = ["batch"], source = {kind = "csv", path = "patients.csv"},
    raws = [{name = "x", columns = ["age", "bmi"], line = 3}],
    fits = [{name = "x.0", kind = "standardize", raw = 0, line = 3}],
    split = [{name = "train", fraction = 0.8}, {name = "test", fraction = 0.2}], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[batch, 2]>]} {
^bb0(%raw: !graph.tensor<f64[batch, 2]>):
  %shift, %scale = graph.fit @patients "x.0" : !graph.tensor<f64[2]>
  %subtracted = graph.broadcast %shift [1] : !graph.tensor<f64[2]> -> !graph.tensor<f64[batch, 2]>
  %x = graph.sub %raw, %subtracted : !graph.tensor<f64[batch, 2]>
  graph.yield %x : !graph.tensor<f64[batch, 2]>
}

// CHECK-LABEL: graph.data @d
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[batch, 1]>]} {}

// -----

// C1: a type for every field.
// expected-error@+1 {{(C1) as many 'field_types' as 'fields' are needed}}
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x", "y"], field_types = [!graph.tensor<f64[batch, 1]>]} {}

// -----

// C1: the fields are yielded.
// expected-error@+1 {{(C1) 'prepare' must yield the fields}}
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "csv"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f32[batch, 1]>]} {
^bb0(%raw: !graph.tensor<f64[batch, 1]>):
  graph.yield %raw : !graph.tensor<f64[batch, 1]>
}

// -----

// C1: an argument for every raw group.
// expected-error@+1 {{(C1) 'prepare' takes one argument per raw group}}
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "csv"},
    raws = [], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[batch, 1]>]} {
^bb0(%raw: !graph.tensor<f64[batch, 1]>):
  graph.yield %raw : !graph.tensor<f64[batch, 1]>
}

// -----

// C2: known sources.
// expected-error@+1 {{(C2) the source's kind must be "none" or "csv"}}
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "parquet"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[batch, 1]>]} {}

// -----

// C2: nothing to prepare without a source.
// expected-error@+1 {{(C2) without a source there is nothing to prepare}}
graph.data @d attributes {graph.sizes = ["batch"], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[batch, 1]>]} {
^bb0(%raw: !graph.tensor<f64[batch, 1]>):
  graph.yield %raw : !graph.tensor<f64[batch, 1]>
}

// -----

// C3: only the batch is a size.
// expected-error@+1 {{(C3) 'graph.sizes' must be ["batch"]}}
graph.data @d attributes {graph.sizes = [], source = {kind = "none"},
    raws = [{name = "x", columns = ["age"], line = 3}], fits = [], split = [], split_seed = 1,
    fields = ["x"], field_types = [!graph.tensor<f64[4]>]} {}
