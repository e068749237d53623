// graph.require: checked before an entry runs.
// RUN: split-file %s %t
// RUN: tenon-check-ops %t/few.mlir --size n=7
// RUN: not tenon-check-ops %t/few.mlir --size n=8 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: tenon-check-ops %t/not.mlir --size n=7
// RUN: not tenon-check-ops %t/not.mlir --size n=8 2>&1 | FileCheck %s --check-prefix=NOT

// FEW: n < 8
//--- few.mlir
graph.func @few(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> lt <8> "n < 8"
  %y = graph.neg %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// NOT: n != 8
//--- not.mlir
graph.func @not(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  graph.require <n> ne <8> "n != 8"
  %y = graph.neg %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
