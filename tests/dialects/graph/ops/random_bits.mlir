// graph.random_bits: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.random_bits 4294967295 example <4> : !graph.tensor<i32[n, 4]>
// CHECK: graph.random_bits 0 example <0> : !graph.tensor<i32>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}, !graph.tensor<i32> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %y = graph.random_bits 4294967295 example <4> : !graph.tensor<i32[n, 4]>
  %z = graph.random_bits 0 example <0> : !graph.tensor<i32>
  graph.return %y, %z : !graph.tensor<i32[n, 4]>, !graph.tensor<i32>
}

// -----

// C1: 32 bits.
graph.func @site(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) site 4294967296 does not fit in 32 bits}}
  %y = graph.random_bits 4294967296 example <4> : !graph.tensor<i32[n, 4]>
  graph.return
}

// -----

// C1: not negative.
graph.func @negative(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) site -1 does not fit in 32 bits}}
  %y = graph.random_bits -1 example <4> : !graph.tensor<i32[n, 4]>
  graph.return
}

// -----

// C2: i32.
graph.func @elements(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{result #0 must be tensor of i32, but got '!graph.tensor<f32[n, 4]>'}}
  %y = graph.random_bits 1 example <4> : !graph.tensor<f32[n, 4]>
  graph.return
}

// -----

// C3: sums of sizes divide too.
// CHECK-LABEL: @sums
graph.func @sums(%x: !graph.tensor<f32[n, m]> {graph.name = "x"}) attributes {graph.sizes = ["n", "m"]} {
  // CHECK: graph.random_bits 1 example <m+2> : !graph.tensor<i32[n, m+2]>
  %y = graph.random_bits 1 example <m+2> : !graph.tensor<i32[n, m+2]>
  // CHECK: graph.random_bits 2 example <m*n-m> : !graph.tensor<i32[m+n, n-1, m]>
  %z = graph.random_bits 2 example <m*n-m> : !graph.tensor<i32[n+m, n-1, m]>
  graph.return
}

// -----

// C3: whole examples.
graph.func @example(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C3) '!graph.tensor<i32[n, 4]>' cannot be cut into examples of 3 elements}}
  %y = graph.random_bits 1 example <3> : !graph.tensor<i32[n, 4]>
  graph.return
}

// -----

// C3: a rest is left over.
graph.func @rest(%x: !graph.tensor<f32[n, m]> {graph.name = "x"}) attributes {graph.sizes = ["n", "m"]} {
  // expected-error@+1 {{(C3) '!graph.tensor<i32[n, m+2]>' cannot be cut into examples of m+1 elements}}
  %y = graph.random_bits 1 example <m+1> : !graph.tensor<i32[n, m+2]>
  graph.return
}

// -----

// The names of the sizes are those of the function.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @scope(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %y = graph.random_bits 1 example <0*m+m> : !graph.tensor<i32[1, 4]>
  graph.return
}
