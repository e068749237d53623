// graph.return: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @none
// CHECK: graph.return{{$}}
graph.func @none(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  graph.return
}

// CHECK-LABEL: @two
// CHECK: graph.return %{{.*}}, %{{.*}} : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4]>
graph.func @two(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[4]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "x"}, !graph.tensor<f32[4]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  graph.return %x, %z : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4]>
}

// -----

// C1: the function's result types.
graph.func @type(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> (!graph.tensor<f64[n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) the operands are not of the function's result types}}
  graph.return %x : !graph.tensor<f32[n]>
}

// -----

// expected-error@+1 {{expects parent op 'graph.func'}}
graph.return
