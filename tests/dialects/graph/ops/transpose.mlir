// graph.transpose: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.transpose %{{.*}} [1, 0] : !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[4, n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.transpose %x [1, 0] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[4, n]>
}

// -----

// C1: every axis once.
graph.func @twice(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) not a permutation of the axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.transpose"(%x) <{permutation = array<i64: 0, 0>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: every axis once.
graph.func @range(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) not a permutation of the axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.transpose"(%x) <{permutation = array<i64: 1, 2>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: every axis once.
graph.func @count(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) not a permutation of the axes of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.transpose"(%x) <{permutation = array<i64: 0>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}
