// graph.broadcast: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.broadcast %{{.*}} [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
graph.func @valid(%x: !graph.tensor<f32[4]> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.broadcast %x [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// CHECK-LABEL: @scalar
// CHECK: graph.broadcast %{{.*}} [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 4]>
graph.func @scalar(%x: !graph.tensor<f32> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.broadcast %x [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// C1: an axis of y for each axis of x.
graph.func @count(%x: !graph.tensor<f32[4]> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must name, ascending, one axis of the result per operand axis}}
  %y = graph.broadcast %x [0, 1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: axes of y.
graph.func @range(%x: !graph.tensor<f32[4]> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must name, ascending, one axis of the result per operand axis}}
  %y = graph.broadcast %x [2] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: ascending.
graph.func @order(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) axes must name, ascending, one axis of the result per operand axis}}
  %y = graph.broadcast %x [1, 0] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[4, n]>
  graph.return
}

// -----

// C2: equal sizes.
graph.func @sizes(%x: !graph.tensor<f32[4]> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C2) axis 0 is}}
  %y = graph.broadcast %x [0] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C3: one element type.
graph.func @elements(%x: !graph.tensor<f32[4]> {graph.name = "x"}, %r: !graph.tensor<f32[n, 4]> {graph.name = "r"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) element types differ}}
  %y = graph.broadcast %x [1] : !graph.tensor<f32[4]> -> !graph.tensor<f64[n, 4]>
  graph.return
}
