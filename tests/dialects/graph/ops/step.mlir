// graph.step: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @seed
// CHECK: graph.step seed : !graph.tensor<i64>
graph.func @seed()
    -> (!graph.tensor<i64> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.step seed : !graph.tensor<i64>
  graph.return %y : !graph.tensor<i64>
}

// CHECK-LABEL: @step
// CHECK: graph.step step : !graph.tensor<i64>
graph.func @step()
    -> (!graph.tensor<i64> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.step step : !graph.tensor<i64>
  graph.return %y : !graph.tensor<i64>
}

// CHECK-LABEL: @total_steps
// CHECK: graph.step total_steps : !graph.tensor<i64>
graph.func @total_steps()
    -> (!graph.tensor<i64> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.step total_steps : !graph.tensor<i64>
  graph.return %y : !graph.tensor<i64>
}

// CHECK-LABEL: @example_offset
// CHECK: graph.step example_offset : !graph.tensor<i64>
graph.func @example_offset()
    -> (!graph.tensor<i64> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.step example_offset : !graph.tensor<i64>
  graph.return %y : !graph.tensor<i64>
}

// -----

// C1: an i64 scalar.
graph.func @type() attributes {graph.sizes = []} {
  // expected-error@+2 {{inferred type(s) '!graph.tensor<i64>' are incompatible with return type(s) of operation '!graph.tensor<i32>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.step"() <{field = 1 : i32}> : () -> !graph.tensor<i32>
  graph.return
}
