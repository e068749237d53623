// graph.select: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.select %{{.*}}, %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @valid(%c: !graph.tensor<i1[n, 4]> {graph.name = "c"}, %a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.select %c, %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%c: !graph.tensor<i1[n, 4]> {graph.name = "c"}, %a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {a, b, y} have same type}}
  %y = "graph.select"(%c, %a, %b) : (!graph.tensor<i1[n, 4]>, !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C2: a condition for each element.
graph.func @condition(%c: !graph.tensor<i1[n]> {graph.name = "c"}, %a: !graph.tensor<f32[n, 4]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C2) the condition is '!graph.tensor<i1[n]>' for a result of '!graph.tensor<f32[n, 4]>'}}
  %y = "graph.select"(%c, %a, %a) : (!graph.tensor<i1[n]>, !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]>
  graph.return
}
