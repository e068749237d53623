// Kernels that take as sizes the numbers in which they differ: the values are those of one kernel per op, with one
// thread and with two, for vectors and columns around the width of a register.
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=0
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=1
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=37
// RUN: tenonc %s --emit=fuse -o - | FileCheck %s
// CHECK: fuse.func @{{.*}}f32[s0]
// CHECK: fuse.func @{{.*}}f32[s0, s1]
graph.func @vectors(%v2: !graph.tensor<f32[2]> {graph.name = "v2"}, %m2: !graph.tensor<f32[n, 2]> {graph.name = "m2"}, %v7: !graph.tensor<f32[7]> {graph.name = "v7"}, %m7: !graph.tensor<f32[n, 7]> {graph.name = "m7"}, %v8: !graph.tensor<f32[8]> {graph.name = "v8"}, %m8: !graph.tensor<f32[n, 8]> {graph.name = "m8"}, %v9: !graph.tensor<f32[9]> {graph.name = "v9"}, %m9: !graph.tensor<f32[n, 9]> {graph.name = "m9"}, %v16: !graph.tensor<f32[16]> {graph.name = "v16"}, %m16: !graph.tensor<f32[n, 16]> {graph.name = "m16"}, %v31: !graph.tensor<f32[31]> {graph.name = "v31"}, %m31: !graph.tensor<f32[n, 31]> {graph.name = "m31"}, %v1025: !graph.tensor<f32[1025]> {graph.name = "v1025"}, %m1025: !graph.tensor<f32[n, 1025]> {graph.name = "m1025"})
    -> (!graph.tensor<f32[2]> {graph.name = "y2"}, !graph.tensor<f32[2]> {graph.name = "s2"}, !graph.tensor<f32[7]> {graph.name = "y7"}, !graph.tensor<f32[7]> {graph.name = "s7"}, !graph.tensor<f32[8]> {graph.name = "y8"}, !graph.tensor<f32[8]> {graph.name = "s8"}, !graph.tensor<f32[9]> {graph.name = "y9"}, !graph.tensor<f32[9]> {graph.name = "s9"}, !graph.tensor<f32[16]> {graph.name = "y16"}, !graph.tensor<f32[16]> {graph.name = "s16"}, !graph.tensor<f32[31]> {graph.name = "y31"}, !graph.tensor<f32[31]> {graph.name = "s31"}, !graph.tensor<f32[1025]> {graph.name = "y1025"}, !graph.tensor<f32[1025]> {graph.name = "s1025"}) attributes {graph.sizes = ["n"]} {
  %h2 = graph.abs %v2 : !graph.tensor<f32[2]>
  %y2 = graph.sqrt %h2 : !graph.tensor<f32[2]>
  %s2 = graph.sum %m2 [0] : !graph.tensor<f32[n, 2]>
  %h7 = graph.abs %v7 : !graph.tensor<f32[7]>
  %y7 = graph.sqrt %h7 : !graph.tensor<f32[7]>
  %s7 = graph.sum %m7 [0] : !graph.tensor<f32[n, 7]>
  %h8 = graph.abs %v8 : !graph.tensor<f32[8]>
  %y8 = graph.sqrt %h8 : !graph.tensor<f32[8]>
  %s8 = graph.sum %m8 [0] : !graph.tensor<f32[n, 8]>
  %h9 = graph.abs %v9 : !graph.tensor<f32[9]>
  %y9 = graph.sqrt %h9 : !graph.tensor<f32[9]>
  %s9 = graph.sum %m9 [0] : !graph.tensor<f32[n, 9]>
  %h16 = graph.abs %v16 : !graph.tensor<f32[16]>
  %y16 = graph.sqrt %h16 : !graph.tensor<f32[16]>
  %s16 = graph.sum %m16 [0] : !graph.tensor<f32[n, 16]>
  %h31 = graph.abs %v31 : !graph.tensor<f32[31]>
  %y31 = graph.sqrt %h31 : !graph.tensor<f32[31]>
  %s31 = graph.sum %m31 [0] : !graph.tensor<f32[n, 31]>
  %h1025 = graph.abs %v1025 : !graph.tensor<f32[1025]>
  %y1025 = graph.sqrt %h1025 : !graph.tensor<f32[1025]>
  %s1025 = graph.sum %m1025 [0] : !graph.tensor<f32[n, 1025]>
  graph.return %y2, %s2, %y7, %s7, %y8, %s8, %y9, %s9, %y16, %s16, %y31, %s31, %y1025, %s1025 : !graph.tensor<f32[2]>, !graph.tensor<f32[2]>, !graph.tensor<f32[7]>, !graph.tensor<f32[7]>, !graph.tensor<f32[8]>, !graph.tensor<f32[8]>, !graph.tensor<f32[9]>, !graph.tensor<f32[9]>, !graph.tensor<f32[16]>, !graph.tensor<f32[16]>, !graph.tensor<f32[31]>, !graph.tensor<f32[31]>, !graph.tensor<f32[1025]>, !graph.tensor<f32[1025]>
}
