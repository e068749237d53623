// graph.scatter_add: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @rows
// CHECK: graph.scatter_add %{{.*}}, %{{.*}} axis 0 : !graph.tensor<f32[n, m, 8]>, !graph.tensor<i32[n, m]> -> !graph.tensor<f32[100, 8]>
graph.func @rows(%x: !graph.tensor<f32[n, m, 8]> {graph.name = "x"}, %ids: !graph.tensor<i32[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[100, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<f32[n, m, 8]>, !graph.tensor<i32[n, m]> -> !graph.tensor<f32[100, 8]>
  graph.return %y : !graph.tensor<f32[100, 8]>
}

// -----

// C1: an axis of y.
graph.func @axis(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) no axis 1 in '!graph.tensor<f32[8]>'}}
  %y = graph.scatter_add %x, %ids axis 1 : !graph.tensor<f32[n]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[8]>
  graph.return
}

// -----

// C2: the axes before it.
graph.func @before(%n: !graph.tensor<f32[n]> {graph.name = "n"}, %x: !graph.tensor<f32[m]> {graph.name = "x"}, %ids: !graph.tensor<i32[m]> {graph.name = "ids"}) attributes {graph.sizes = ["n", "m"]} {
  // expected-error@+1 {{(C2) '!graph.tensor<f32[m]>' and '!graph.tensor<i32[m]>' do not go to axis 1 of '!graph.tensor<f32[n, 8]>'}}
  %y = graph.scatter_add %x, %ids axis 1 : !graph.tensor<f32[m]>, !graph.tensor<i32[m]> -> !graph.tensor<f32[n, 8]>
  graph.return
}

// -----

// C2: the axes after it.
graph.func @after(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C2) '!graph.tensor<f32[n, 4]>' and '!graph.tensor<i32[n]>' do not go to axis 0 of '!graph.tensor<f32[8, 5]>'}}
  %y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<f32[n, 4]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[8, 5]>
  graph.return
}

// -----

// C3: one element type.
graph.func @type(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) element types differ}}
  %y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<f32[n]>, !graph.tensor<i32[n]> -> !graph.tensor<f64[8]>
  graph.return
}

// -----

// C3: numbers.
graph.func @numbers(%x: !graph.tensor<i1[n]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #0 must be tensor of numbers}}
  %y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<i1[n]>, !graph.tensor<i32[n]> -> !graph.tensor<i1[8]>
  graph.return
}

// -----

// C4: ids are integers.
graph.func @integers(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %ids: !graph.tensor<f32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #1 must be tensor of i32 or i64}}
  %y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<f32[n]>, !graph.tensor<f32[n]> -> !graph.tensor<f32[8]>
  graph.return
}
