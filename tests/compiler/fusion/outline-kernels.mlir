// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels),tenon-outline-kernels)' | FileCheck %s

// Kernels that differ in the names of their sizes and in their operands are one.
// CHECK-LABEL: graph.func @f
// CHECK: fuse.launch @k0(%arg0) [#graph.size<n>]
// CHECK: fuse.launch @k1(
// CHECK-LABEL: graph.func @g
// CHECK: fuse.launch @k0(%arg0) [#graph.size<rows>]
// CHECK: fuse.func @k0(%arg0: !graph.tensor<f32[s0, 4]>) -> !graph.tensor<f32[s0, 4]>
// CHECK-SAME: graph.sizes = ["s0"]
// CHECK: graph.exp
// CHECK: fuse.func @k1
// CHECK: graph.sum
graph.func @f(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[4]> {graph.name = "s"}) attributes {graph.sizes = ["n"]} {
  %y = graph.exp %x : !graph.tensor<f32[n, 4]>
  %s = graph.sum %y [0] : !graph.tensor<f32[n, 4]>
  graph.return %y, %s : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4]>
}
graph.func @g(%x: !graph.tensor<f32[rows, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[rows, 4]> {graph.name = "y"}) attributes {graph.sizes = ["rows"]} {
  %y = graph.exp %x : !graph.tensor<f32[rows, 4]>
  graph.return %y : !graph.tensor<f32[rows, 4]>
}

// Kernels that expect other sizes are not one; those that expect the same are, whatever its name.
// CHECK: fuse.func @k2{{.*}}graph.size_hints = {s0 = 32 : i64}
// CHECK-NOT: fuse.func
graph.func @h(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[batch, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32 : i64}} {
  %y = graph.exp %x : !graph.tensor<f32[batch, 4]>
  graph.return %y : !graph.tensor<f32[batch, 4]>
}
graph.func @i(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"], graph.size_hints = {n = 32 : i64}} {
  %y = graph.exp %x : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}
