// graph.max: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.max %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @valid(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.max %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {a, b, y} have same type}}
  %y = "graph.max"(%a, %b) : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// Only numbers.
graph.func @elements(%a: !graph.tensor<i1[n, 4]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #0 must be tensor of numbers, but got '!graph.tensor<i1[n, 4]>'}}
  %y = graph.max %a, %a : !graph.tensor<i1[n, 4]>
  graph.return
}
