// graph.slice: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.slice %{{.*}} [0, 2*n] : !graph.tensor<f32[4, 3*n]> -> !graph.tensor<f32[2, n]>
// CHECK: graph.slice %{{.*}} [] : !graph.tensor<f32> -> !graph.tensor<f32>
graph.func @valid(%x: !graph.tensor<f32[4, 3*n]> {graph.name = "x"}, %n: !graph.tensor<i32[n]> {graph.name = "n"}, %s: !graph.tensor<f32> {graph.name = "s"})
    -> (!graph.tensor<f32[2, n]> {graph.name = "y"}, !graph.tensor<f32> {graph.name = "z"})
    attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 2*n] : !graph.tensor<f32[4, 3*n]> -> !graph.tensor<f32[2, n]>
  %z = graph.slice %s [] : !graph.tensor<f32> -> !graph.tensor<f32>
  graph.return %y, %z : !graph.tensor<f32[2, n]>, !graph.tensor<f32>
}

// -----

// The names in starts belong to the function.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @names(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [m] : !graph.tensor<f32[n]> -> !graph.tensor<f32[1]>
  graph.return
}

// -----

// C1: one start per axis.
graph.func @starts(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type, and one start per axis: '!graph.tensor<f32[n, 4]>', '!graph.tensor<f32[n, 4]>'}}
  %y = graph.slice %x [0] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C1: the same rank.
graph.func @rank(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type}}
  %y = graph.slice %x [0, 0] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n]>
  graph.return
}

// -----

// C1: the same element type.
graph.func @type(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) want one rank and element type}}
  %y = graph.slice %x [0, 0] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f64[n, 4]>
  graph.return
}

// -----

// C2: not before the beginning.
graph.func @negative(%x: !graph.tensor<f32[4]> {graph.name = "x"}) attributes {graph.sizes = []} {
  // expected-error@+1 {{(C2) start -1 of axis 0}}
  %y = graph.slice %x [-1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[1]>
  graph.return
}

// -----

// C3: not beyond the end.
graph.func @beyond(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) axis 1: 2 + 3 is more than 4}}
  %y = graph.slice %x [0, 2] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 3]>
  graph.return
}

// -----

// C3: nor where the sizes cancel.
graph.func @cancels(%x: !graph.tensor<f32[n]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) axis 0: n-1 + 2 is more than n}}
  %y = graph.slice %x [n-1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[2]>
  graph.return
}
