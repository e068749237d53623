// graph.reshape: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.reshape %{{.*}} : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[2*n, 2]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[2*n, 2]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.reshape %x : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[2*n, 2]>
  graph.return %y : !graph.tensor<f32[2*n, 2]>
}

// -----

// C1: provably as many elements.
graph.func @count(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) '!graph.tensor<f32[n, 4]>' and '!graph.tensor<f32[n]>' differ in their number of elements}}
  %y = graph.reshape %x : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C2: one element type.
graph.func @elements(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C2) element types differ}}
  %y = graph.reshape %x : !graph.tensor<f32[n, 4]> -> !graph.tensor<f64[n, 4]>
  graph.return
}
