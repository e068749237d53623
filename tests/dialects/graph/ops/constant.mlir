// graph.constant: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.constant 1.500000e+00 : f32 -> !graph.tensor<f32[n, 4]>
// CHECK: graph.constant -3 : i32 -> !graph.tensor<i32>
// CHECK: graph.constant true -> !graph.tensor<i1[n]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %a = graph.constant 1.5 : f32 -> !graph.tensor<f32[n, 4]>
  %b = graph.constant -3 : i32 -> !graph.tensor<i32>
  %c = graph.constant true -> !graph.tensor<i1[n]>
  graph.return
}

// -----

// C1: a value of the element type.
graph.func @elements(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) the value is 'f32' for elements of '!graph.tensor<f64[n]>'}}
  %y = graph.constant 1.0 : f32 -> !graph.tensor<f64[n]>
  graph.return
}
