// graph.reverse: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.reverse %{{.*}} [0, 1] : !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.reverse %x [0, 1] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: at least one axis.
graph.func @none(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.reverse"(%x) <{axes = array<i64>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: axes of x.
graph.func @range(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.reverse"(%x) <{axes = array<i64: 2>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: each once.
graph.func @twice(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.reverse"(%x) <{axes = array<i64: 1, 1>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}
