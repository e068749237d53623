// What reductions of short rows fold, computed in a kernel of its own: the values are those of one kernel per op,
// with one thread and with two.
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=0
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=1
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=347
// RUN: tenonc %s --emit=fuse -o - | FileCheck %s
// CHECK-LABEL: graph.func @rows
// CHECK-COUNT-2: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @columns
// CHECK-COUNT-2: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK: graph.return
graph.func @rows(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 3]> {graph.name = "y"}, !graph.tensor<f32[n]> {graph.name = "s"})
    attributes {graph.sizes = ["n"], graph.size_hints = {n = 4096}} {
  %t = graph.tanh %x : !graph.tensor<f32[n, 3]>
  %s = graph.sum %t [1] : !graph.tensor<f32[n, 3]>
  %b = graph.broadcast %s [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, 3]>
  %y = graph.sub %t, %b : !graph.tensor<f32[n, 3]>
  graph.return %y, %s : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[n]>
}
graph.func @columns(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"}, %z: !graph.tensor<f32[n, 3]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 3]> {graph.name = "y"}, !graph.tensor<f32[3]> {graph.name = "s"})
    attributes {graph.sizes = ["n"], graph.size_hints = {n = 4096}} {
  %t = graph.tanh %x : !graph.tensor<f32[n, 3]>
  %y = graph.mul %t, %z : !graph.tensor<f32[n, 3]>
  %s = graph.sum %y [0] : !graph.tensor<f32[n, 3]>
  graph.return %y, %s : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[3]>
}
