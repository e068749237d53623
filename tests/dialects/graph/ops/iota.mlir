// graph.iota: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.iota 1 : !graph.tensor<i32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.iota 1 : !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}

// -----

// C1: an axis of y.
graph.func @axis(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) no axis 2 in '!graph.tensor<i32[n, 4]>'}}
  %y = graph.iota 2 : !graph.tensor<i32[n, 4]>
  graph.return
}

// -----

// C1: an axis of y.
graph.func @negative(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) no axis}}
  %y = graph.iota -1 : !graph.tensor<i32[n, 4]>
  graph.return
}

// -----

// C2: i32 or i64.
graph.func @elements(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{result #0 must be tensor of i32 or i64, but got '!graph.tensor<f32[n, 4]>'}}
  %y = graph.iota 1 : !graph.tensor<f32[n, 4]>
  graph.return
}
