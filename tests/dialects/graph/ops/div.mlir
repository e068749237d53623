// graph.div: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.div %{{.*}}, %{{.*}} : !graph.tensor<f64[n, 4]>
graph.func @valid(%a: !graph.tensor<f64[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f64[n, 4]> {graph.name = "b"})
    -> (!graph.tensor<f64[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.div %a, %b : !graph.tensor<f64[n, 4]>
  graph.return %y : !graph.tensor<f64[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%a: !graph.tensor<f64[n, 4]> {graph.name = "a"}, %b: !graph.tensor<f64[n]> {graph.name = "b"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {a, b, y} have same type}}
  %y = "graph.div"(%a, %b) : (!graph.tensor<f64[n, 4]>, !graph.tensor<f64[n]>) -> !graph.tensor<f64[n, 4]>
  graph.return
}

// -----

// Only f32 or f64.
graph.func @elements(%a: !graph.tensor<i32[n, 4]> {graph.name = "a"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{operand #0 must be tensor of f32 or f64, but got '!graph.tensor<i32[n, 4]>'}}
  %y = graph.div %a, %a : !graph.tensor<i32[n, 4]>
  graph.return
}
