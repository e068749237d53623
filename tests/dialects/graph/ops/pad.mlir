// graph.pad: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.pad %{{.*}} [0, n] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 2*n+4]>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 2*n+4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.pad %x [0, n] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 2*n+4]>
  graph.return %y : !graph.tensor<f32[n, 2*n+4]>
}

// -----

// The names in low belong to the function.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @names(%x: !graph.tensor<f32[1]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %y = graph.pad %x [m] : !graph.tensor<f32[1]> -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C1: one low per axis.
graph.func @lows(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type, and one low per axis: '!graph.tensor<f32[n, 4]>', '!graph.tensor<f32[n, 5]>'}}
  %y = graph.pad %x [0] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 5]>
  graph.return
}

// -----

// C1: the same rank.
graph.func @rank(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type}}
  %y = graph.pad %x [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 1]>
  graph.return
}

// -----

// C1: the same element type.
graph.func @type(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type}}
  %y = graph.pad %x [0] : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
  graph.return
}

// -----

// C2: nothing is cut off before.
graph.func @negative(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = []} {
  // expected-error@+1 {{(C2) low -1 of axis 0}}
  %y = graph.pad %x [-1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[6]>
  graph.return
}

// -----

// C3: nor after.
graph.func @beyond(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) axis 1: 1 + 4 is more than 4}}
  %y = graph.pad %x [0, 1] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 4]>
  graph.return
}
