// graph.compare: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @eq
// CHECK: graph.compare eq %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @eq(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare eq %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// CHECK-LABEL: @ne
// CHECK: graph.compare ne %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @ne(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare ne %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// CHECK-LABEL: @lt
// CHECK: graph.compare lt %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @lt(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare lt %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// CHECK-LABEL: @le
// CHECK: graph.compare le %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @le(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare le %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// CHECK-LABEL: @gt
// CHECK: graph.compare gt %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @gt(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare gt %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// CHECK-LABEL: @ge
// CHECK: graph.compare ge %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @ge(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.compare ge %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<i1[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {a, b} have same type}}
  %y = "graph.compare"(%a, %b) <{predicate = 0 : i32}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>) -> !graph.tensor<i1[n, 4]>
  graph.return
}

// -----

// C2: the shape of the operands.
graph.func @result(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{'graph.compare' op inferred type(s) '!graph.tensor<i1[n, 4]>' are incompatible with return type(s) of operation '!graph.tensor<i1[n]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.compare"(%a, %a) <{predicate = 0 : i32}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 4]>) -> !graph.tensor<i1[n]>
  graph.return
}
