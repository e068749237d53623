// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels),tenon-outline-kernels)' | FileCheck %s

// Random numbers of different sites share a kernel if their distances are the same, modulo 2^32.
// CHECK-LABEL: graph.func @random
// CHECK: fuse.launch @[[MASK:k[0-9]+]]({{.*}}) [#graph.size<n>] {site = 7 : i32}
// CHECK-LABEL: graph.func @elsewhere
// CHECK: fuse.launch @[[MASK]]({{.*}}) [#graph.size<n>] {site = -1 : i32}
// CHECK-LABEL: graph.func @farther
// CHECK: fuse.launch @[[OTHER:k[0-9]+]]({{.*}}) [#graph.size<n>] {site = 7 : i32}
// CHECK: fuse.func @[[MASK]](
// CHECK: graph.random_bits 0 example <4>
// CHECK: graph.random_bits 1 example <4>
// CHECK: fuse.func @[[OTHER]](
// CHECK: graph.random_bits 0 example <4>
// CHECK: graph.random_bits 2 example <4>
graph.func @random(%x: !graph.tensor<i32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.random_bits 7 example <4> : !graph.tensor<i32[n, 4]>
  %b = graph.random_bits 8 example <4> : !graph.tensor<i32[n, 4]>
  %xa = graph.max %x, %a : !graph.tensor<i32[n, 4]>
  %y = graph.max %xa, %b : !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}
graph.func @elsewhere(%x: !graph.tensor<i32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.random_bits 4294967295 example <4> : !graph.tensor<i32[n, 4]>
  %b = graph.random_bits 0 example <4> : !graph.tensor<i32[n, 4]>
  %xa = graph.max %x, %a : !graph.tensor<i32[n, 4]>
  %y = graph.max %xa, %b : !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}
graph.func @farther(%x: !graph.tensor<i32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.random_bits 7 example <4> : !graph.tensor<i32[n, 4]>
  %b = graph.random_bits 9 example <4> : !graph.tensor<i32[n, 4]>
  %xa = graph.max %x, %a : !graph.tensor<i32[n, 4]>
  %y = graph.max %xa, %b : !graph.tensor<i32[n, 4]>
  graph.return %y : !graph.tensor<i32[n, 4]>
}
