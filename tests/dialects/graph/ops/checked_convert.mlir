// graph.checked_convert: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.checked_convert %{{.*}}, field 3 : !graph.tensor<f64[n, 4]> -> !graph.tensor<i32[n, 4]>
graph.func @valid(%x: !graph.tensor<f64[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.checked_convert %x, field 3 : !graph.tensor<f64[n, 4]> -> !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}

// -----

// C1: one shape.
graph.func @shape(%x: !graph.tensor<f64[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) shapes differ: '!graph.tensor<f64[n, 4]>' and '!graph.tensor<f32[n]>'}}
  %y = graph.checked_convert %x, field 0 : !graph.tensor<f64[n, 4]> -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C2: from f64.
graph.func @type(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C2) wants f64, got '!graph.tensor<f32[n]>'}}
  %y = graph.checked_convert %x, field 0 : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
  graph.return
}
