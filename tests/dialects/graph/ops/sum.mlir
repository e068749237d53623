// graph.sum: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.sum %{{.*}} [1] : !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sum %x [1] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n]>
}

// CHECK-LABEL: @all
// CHECK: graph.sum %{{.*}} [0, 1] : !graph.tensor<f32[n, 4]>
graph.func @all(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sum %x [0, 1] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32>
}

// -----

// C1: axes of x.
graph.func @range(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  %y = "graph.sum"(%x) <{axes = array<i64: 2>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C1: ascending.
graph.func @order(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  %y = "graph.sum"(%x) <{axes = array<i64: 1, 0>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C1: at least one.
graph.func @none(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must be ascending axes of '!graph.tensor<f32[n, 4]>'}}
  %y = "graph.sum"(%x) <{axes = array<i64>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C2: x without the axes.
graph.func @result(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{inferred type(s) '!graph.tensor<f32[n]>' are incompatible with return type(s) of operation '!graph.tensor<f32[4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.sum"(%x) <{axes = array<i64: 1>}> : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[4]>
  graph.return
}

// -----

// Only numbers.
graph.func @elements(%x: !graph.tensor<i1[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got '!graph.tensor<i1[n, 4]>'}}
  %y = graph.sum %x [1] : !graph.tensor<i1[n, 4]>
  graph.return
}
