// graph.sin: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.sin %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sin %x : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {x, y} have same type}}
  %y = "graph.sin"(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// Only f32.
graph.func @elements(%x: !graph.tensor<f64[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #0 must be tensor of f32, but got '!graph.tensor<f64[n, 4]>'}}
  %y = graph.sin %x : !graph.tensor<f64[n, 4]>
  graph.return
}
