// graph.size: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.size <4*n+1> : !graph.tensor<f32>
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.size <4*n+1> : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

// -----

// C1: rank 0.
graph.func @rank(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{(C1) the result must have rank 0}}
  %y = graph.size <n> : !graph.tensor<f32[n]>
  graph.return
}

// -----

// C1: a number.
graph.func @elements(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  // expected-error@+1 {{result #0 must be tensor of numbers, but got '!graph.tensor<i1>'}}
  %y = graph.size <n> : !graph.tensor<i1>
  graph.return
}

// -----

// Only sizes of the function.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @scope(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %y = graph.size <m> : !graph.tensor<f32>
  graph.return
}
