// graph.contract: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.contract %{{.*}} [0, 1], %{{.*}} [2, 1] -> [0, 2] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>
graph.func @valid(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>
  graph.return %y : !graph.tensor<f32[n, 8]>
}

// -----

// C1: a label for every axis.
graph.func @labels(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) want one distinct label per axis of '!graph.tensor<f32[n, 4]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0>, rhs = array<i64: 2, 1>, out = array<i64: 0, 2>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C1: distinct labels.
graph.func @twice(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) a label stands twice in the result}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0, 1>, rhs = array<i64: 2, 1>, out = array<i64: 0, 0>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C2: a label has one size.
graph.func @sizes(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C2) label 1 is}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0, 1>, rhs = array<i64: 1, 2>, out = array<i64: 0, 2>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C3: no new label in the result.
graph.func @unknown(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C3) label 3 of the result is in no operand}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0, 1>, rhs = array<i64: 2, 1>, out = array<i64: 0, 3>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C4: what is summed stands in both.
graph.func @lonely(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C4) summed label 0 is in one operand only}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0, 1>, rhs = array<i64: 2, 1>, out = array<i64: 2>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C5: one element type.
graph.func @elements(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f64[8, 4]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C5) operands must be tensors of one element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.contract"(%a, %b) <{lhs = array<i64: 0, 1>, rhs = array<i64: 2, 1>, out = array<i64: 0, 2>}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f64[8, 4]>) -> !graph.tensor<f32[n, 8]>
  graph.return
}
