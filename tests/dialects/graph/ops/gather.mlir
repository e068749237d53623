// graph.gather: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @rows
// CHECK: %[[Y:.*]] = graph.gather %{{.*}}, %{{.*}} axis 0 : !graph.tensor<f32[100, 8]>, !graph.tensor<i32[n, m]>
// CHECK: graph.return %[[Y]] : !graph.tensor<f32[n, m, 8]>
graph.func @rows(%x: !graph.tensor<f32[100, 8]> {graph.name = "x"}, %ids: !graph.tensor<i32[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.gather %x, %ids axis 0 : !graph.tensor<f32[100, 8]>, !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m, 8]>
}

// CHECK-LABEL: @batched
// CHECK: %[[Y:.*]] = graph.gather %{{.*}}, %{{.*}} axis 1 : !graph.tensor<f32[n, m, 8]>, !graph.tensor<i64[n]>
// CHECK: graph.return %[[Y]] : !graph.tensor<f32[n, 8]>
graph.func @batched(%x: !graph.tensor<f32[n, m, 8]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.gather %x, %ids axis 1 : !graph.tensor<f32[n, m, 8]>, !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<f32[n, 8]>
}

// -----

// C1: an axis of x.
graph.func @axis(%x: !graph.tensor<f32[8]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) no axis 1 in '!graph.tensor<f32[8]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.gather"(%x, %ids) <{axis = 1 : i64}> : (!graph.tensor<f32[8]>, !graph.tensor<i32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C2: the axes before it.
graph.func @before(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"}, %ids: !graph.tensor<i32[m]> {graph.name = "ids"}) attributes {graph.sizes = ["n", "m"]} {
  // expected-error@+2 {{(C2) ids must begin with the axes before axis 1 of '!graph.tensor<f32[n, 8]>': '!graph.tensor<i32[m]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.gather"(%x, %ids) <{axis = 1 : i64}> : (!graph.tensor<f32[n, 8]>, !graph.tensor<i32[m]>) -> !graph.tensor<f32[m]>
  graph.return
}

// -----

// C3: ids are integers.
graph.func @integers(%x: !graph.tensor<f32[8]> {graph.name = "x"}, %ids: !graph.tensor<f32[n]> {graph.name = "ids"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #1 must be tensor of i32 or i64}}
  %y = "graph.gather"(%x, %ids) <{axis = 0 : i64}> : (!graph.tensor<f32[8]>, !graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}
