// graph.convert: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.convert %{{.*}} : !graph.tensor<f64[n, 4]> -> !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f64[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.convert %x : !graph.tensor<f64[n, 4]> -> !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: one shape.
graph.func @shape(%x: !graph.tensor<f64[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) shapes differ: '!graph.tensor<f64[n, 4]>' and '!graph.tensor<f32[n]>'}}
  %y = graph.convert %x : !graph.tensor<f64[n, 4]> -> !graph.tensor<f32[n]>
  graph.return
}
