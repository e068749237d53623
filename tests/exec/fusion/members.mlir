// Kernels that share a launch: the values are those of one kernel per op, with one thread and with two,
// also where the launch is large enough to be split although each of its kernels is small.
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=3
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=701
// RUN: tenonc %s --emit=fuse -o - | FileCheck %s
// CHECK: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK: graph.return
graph.func @members(%x0: !graph.tensor<f32[n, 64]> {graph.name = "x0"}, %x1: !graph.tensor<f32[n, 64]> {graph.name = "x1"}, %x2: !graph.tensor<f32[n, 64]> {graph.name = "x2"}, %x3: !graph.tensor<f32[n, 64]> {graph.name = "x3"}, %x4: !graph.tensor<f32[n, 64]> {graph.name = "x4"}, %x5: !graph.tensor<f32[n, 64]> {graph.name = "x5"})
    -> (!graph.tensor<f32[64]> {graph.name = "y0"}, !graph.tensor<f32[n]> {graph.name = "y1"}, !graph.tensor<f32[n, 64]> {graph.name = "y2"}, !graph.tensor<f32[64]> {graph.name = "y3"}, !graph.tensor<f32[n]> {graph.name = "y4"}, !graph.tensor<f32[n, 64]> {graph.name = "y5"})
    attributes {graph.sizes = ["n"]} {
  %y0 = graph.sum %x0 [0] : !graph.tensor<f32[n, 64]>
  %e1 = graph.exp %x1 : !graph.tensor<f32[n, 64]>
  %y1 = graph.sum %e1 [1] : !graph.tensor<f32[n, 64]>
  %y2 = graph.tanh %x2 : !graph.tensor<f32[n, 64]>
  %y3 = graph.sum %x3 [0] : !graph.tensor<f32[n, 64]>
  %e4 = graph.exp %x4 : !graph.tensor<f32[n, 64]>
  %y4 = graph.sum %e4 [1] : !graph.tensor<f32[n, 64]>
  %y5 = graph.tanh %x5 : !graph.tensor<f32[n, 64]>
  graph.return %y0, %y1, %y2, %y3, %y4, %y5 : !graph.tensor<f32[64]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n, 64]>
}
