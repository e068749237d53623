// graph.require: checked before an entry runs.
// RUN: tenon-check-ops %s --size n=7
// RUN: not tenon-check-ops %s --size n=8 2>&1 | FileCheck %s

// CHECK: n < 8
graph.func @few(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> lt <8> "n < 8"
  %y = graph.neg %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
