// graph.require: round-trip and constraints.
// RUN: tenon-opt %s --verify-roundtrip --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: @valid
// CHECK: graph.require <n> le <512> "n <= 512"
graph.func @valid(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> le <512> "n <= 512"
  graph.return
}

// -----

// C1: sizes of the function.
// expected-error@+1 {{size 'm' is not listed in 'graph.sizes'}}
graph.func @scope(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  graph.require <m> le <512> "m <= 512"
  graph.return
}
