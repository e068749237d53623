// RUN: tenon-opt %s -tenon-gradient -split-input-file -verify-diagnostics -allow-unregistered-dialect

graph.func @no_derivative(%x: !graph.tensor<f32> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = []} {
  %e = graph.exp %x : !graph.tensor<f32>
  // expected-error @+1 {{'test.op' has no derivative, but the loss depends on it}}
  %t = "test.op"(%e) : (!graph.tensor<f32>) -> !graph.tensor<f32>
  %y = graph.exp %t : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

// -----

// An op that is not on the way from the argument to the result needs no derivative.
graph.func @beside(%x: !graph.tensor<f32> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}, !graph.tensor<f32> {graph.name = "z"})
    attributes {graph.sizes = []} {
  %c = "test.op"() : () -> !graph.tensor<f32>
  %y = graph.mul %x, %c : !graph.tensor<f32>
  %z = "test.op"(%x) : (!graph.tensor<f32>) -> !graph.tensor<f32>
  graph.return %y, %z : !graph.tensor<f32>, !graph.tensor<f32>
}

// -----

// expected-error @+1 {{'graph.func' op has no floating-point scalar among its results}}
graph.func @no_scalar(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  graph.return %x : !graph.tensor<f32[n]>
}
