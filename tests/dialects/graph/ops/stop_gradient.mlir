// graph.stop_gradient: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.stop_gradient %{{.*}} : !graph.tensor<i32[n, 4]>
graph.func @valid(%x: !graph.tensor<i32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.stop_gradient %x : !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}

// -----

// C1: one type.
graph.func @types(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{failed to verify that all of {x, y} have same type}}
  %y = "graph.stop_gradient"(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f64[n, 4]>
  graph.return
}
