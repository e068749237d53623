// graph.concat: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: %[[Y:.*]] = graph.concat %{{.*}}, %{{.*}}, %{{.*}} axis 1 : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, 4]>
// CHECK: graph.return %[[Y]] : !graph.tensor<f32[n, m+8]>
graph.func @valid(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m+8]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b, %a axis 1 : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, m+8]>
}

// -----

// C1: at least one.
graph.func @none() attributes {graph.sizes = []} {
  // expected-error@+2 {{(C1) want at least one tensor}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.concat"() <{axis = 0 : i64}> : () -> !graph.tensor<f32[4]>
  graph.return
}

// -----

// C1: one rank.
graph.func @rank(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) operands of different rank or element type: '!graph.tensor<f32[n, 4]>' and '!graph.tensor<f32[n]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.concat"(%a, %b) <{axis = 0 : i64}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>) -> !graph.tensor<f32[2*n, 4]>
  graph.return
}

// -----

// C1: one element type.
graph.func @type(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<i32[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C1) operands of different rank or element type}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.concat"(%a, %b) <{axis = 0 : i64}> : (!graph.tensor<f32[n]>, !graph.tensor<i32[n]>) -> !graph.tensor<f32[2*n]>
  graph.return
}

// -----

// C2: an axis of the operands.
graph.func @axis(%a: !graph.tensor<f32[n]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C2) no axis 1 in '!graph.tensor<f32[n]>'}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.concat"(%a) <{axis = 1 : i64}> : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C3: the other sizes agree.
graph.func @others(%a: !graph.tensor<f32[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 5]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+2 {{(C3) axis 1 is 4 and 5}}
  // expected-error@+1 {{failed to infer returned types}}
  %y = "graph.concat"(%a, %b) <{axis = 0 : i64}> : (!graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 5]>) -> !graph.tensor<f32[2*n, 4]>
  graph.return
}
