// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels),tenon-outline-kernels)' | FileCheck %s

// Kernels of vectors and columns that differ in numbers only take them as sizes.
// CHECK-LABEL: graph.func @numbers
// CHECK: fuse.launch @[[V:k[0-9]+]](%arg0) [#graph.size<256>]
// CHECK: fuse.launch @[[V]](%arg1) [#graph.size<10>]
// CHECK: fuse.launch @[[C:k[0-9]+]](%arg2) [#graph.size<rows>, #graph.size<64>]
// CHECK: fuse.launch @[[C]](%arg3) [#graph.size<rows>, #graph.size<48>]
// CHECK: fuse.launch @[[C]](%arg4) [#graph.size<32>, #graph.size<48>]
graph.func @numbers(%a: !graph.tensor<f32[256]> {graph.name = "a"}, %b: !graph.tensor<f32[10]> {graph.name = "b"}, %c: !graph.tensor<f32[rows, 64]> {graph.name = "c"}, %d: !graph.tensor<f32[rows, 48]> {graph.name = "d"}, %e: !graph.tensor<f32[32, 48]> {graph.name = "e"})
    -> (!graph.tensor<f32[256]> {graph.name = "u"}, !graph.tensor<f32[10]> {graph.name = "v"}, !graph.tensor<f32[64]> {graph.name = "w"}, !graph.tensor<f32[48]> {graph.name = "y"}, !graph.tensor<f32[48]> {graph.name = "z"}) attributes {graph.sizes = ["rows"]} {
  %u = graph.sqrt %a : !graph.tensor<f32[256]>
  %v = graph.sqrt %b : !graph.tensor<f32[10]>
  %w = graph.reduce_max %c [0] : !graph.tensor<f32[rows, 64]>
  %y = graph.reduce_max %d [0] : !graph.tensor<f32[rows, 48]>
  %z = graph.reduce_max %e [0] : !graph.tensor<f32[32, 48]>
  graph.return %u, %v, %w, %y, %z : !graph.tensor<f32[256]>, !graph.tensor<f32[10]>, !graph.tensor<f32[64]>, !graph.tensor<f32[48]>, !graph.tensor<f32[48]>
}

// Not rows and matrices, which are scheduled by their numbers.
// CHECK-LABEL: graph.func @apart
// CHECK: fuse.launch @[[A:k[0-9]+]](%arg0) []
// CHECK-NOT: fuse.launch @[[A]](
// CHECK: fuse.launch @[[B:k[0-9]+]](%arg2) []
// CHECK-NOT: fuse.launch @[[B]](
// CHECK: graph.return
// CHECK-DAG: fuse.func @[[V]](%arg0: !graph.tensor<f32[s0]>)
// CHECK-DAG: fuse.func @[[C]](%arg0: !graph.tensor<f32[s0, s1]>)
// CHECK-DAG: fuse.func @[[A]](%arg0: !graph.tensor<f32[8, 16]>)
// CHECK-DAG: fuse.func @[[B]](%arg0: !graph.tensor<f32[8, 16]>)
graph.func @apart(%a: !graph.tensor<f32[8, 16]> {graph.name = "a"}, %b: !graph.tensor<f32[8, 17]> {graph.name = "b"}, %c: !graph.tensor<f32[8, 16]> {graph.name = "c"}, %d: !graph.tensor<f32[8, 17]> {graph.name = "d"})
    -> (!graph.tensor<f32[8, 16]> {graph.name = "u"}, !graph.tensor<f32[8, 17]> {graph.name = "v"}, !graph.tensor<f32[8]> {graph.name = "w"}, !graph.tensor<f32[8]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %u = graph.tanh %a : !graph.tensor<f32[8, 16]>
  %v = graph.tanh %b : !graph.tensor<f32[8, 17]>
  %w = graph.reduce_min %c [1] : !graph.tensor<f32[8, 16]>
  %y = graph.reduce_min %d [1] : !graph.tensor<f32[8, 17]>
  graph.return %u, %v, %w, %y : !graph.tensor<f32[8, 16]>, !graph.tensor<f32[8, 17]>, !graph.tensor<f32[8]>, !graph.tensor<f32[8]>
}
