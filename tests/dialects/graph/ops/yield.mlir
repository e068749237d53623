// graph.yield: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK: graph.yield %{{.*}} : !graph.tensor<f64[batch, 2]>
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

// -----

// A terminator.
graph.func @middle(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{'graph.yield' op must be the last operation in the parent block}}
  graph.yield %x : !graph.tensor<f32[n, 4]>
  graph.return
}
