// graph.write: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
// CHECK-LABEL: @valid
// CHECK: graph.write @w, %{{.*}} : !graph.tensor<f32[4]>
graph.func @valid(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = []} {
  graph.write @w, %x : !graph.tensor<f32[4]>
  graph.return
}

// -----

// C1: a declared path.
graph.func @unknown(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = []} {
  // expected-error@+1 {{(C1) no param or state @w}}
  graph.write @w, %x : !graph.tensor<f32[4]>
  graph.return
}

// -----

// C1: the declared type.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.func @type(%x: !graph.tensor<f32[5]> {graph.name = "x"}) attributes {graph.sizes = []} {
  // expected-error@+1 {{(C1) @w is declared as '!graph.tensor<f32[4]>', not '!graph.tensor<f32[5]>'}}
  graph.write @w, %x : !graph.tensor<f32[5]>
  graph.return
}

// -----

// C2: a path is written once.
graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>
graph.func @twice(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = []} {
  graph.write @w, %x : !graph.tensor<f32[4]>
  // expected-error@+1 {{(C2) @w is written twice}}
  graph.write @w, %x : !graph.tensor<f32[4]>
  graph.return
}
