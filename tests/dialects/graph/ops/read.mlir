// graph.read: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
// CHECK-LABEL: @valid
// CHECK: graph.read @w : !graph.tensor<f32[4]>
graph.func @valid()
    -> (!graph.tensor<f32[4]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %y = graph.read @w : !graph.tensor<f32[4]>
  graph.return %y : !graph.tensor<f32[4]>
}

// -----

// C1: a declared path.
graph.func @unknown() attributes {graph.sizes = []} {
  // expected-error@+1 {{(C1) no param or state @w}}
  %y = graph.read @w : !graph.tensor<f32[4]>
  graph.return
}

// -----

// C1: the declared type.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.func @type() attributes {graph.sizes = []} {
  // expected-error@+1 {{(C1) @w is declared as '!graph.tensor<f32[4]>', not '!graph.tensor<f32[5]>'}}
  %y = graph.read @w : !graph.tensor<f32[5]>
  graph.return
}
