// Small kernels that do not depend on each other share a launch. The rules, each firing and not.
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-merge-kernels))' --split-input-file | FileCheck %s
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-merge-kernels{merge=false}))' --split-input-file | FileCheck %s --check-prefix=ALONE
// ALONE-NOT: multi_tensor

// Kernels of any anchors and shapes; what both read is one argument.
// CHECK-LABEL: graph.func @independent
// CHECK: %[[M:.*]]:2 = fuse.kernel multi_tensor(%arg0, %arg1)
// CHECK-NEXT: ^bb0(%[[X:.*]]: !graph.tensor<f32[n, 4]>, %[[Z:.*]]: !graph.tensor<f32[8]>):
// CHECK-NEXT: %[[A:.*]] = fuse.kernel columns(%[[X]])
// CHECK: %[[B:.*]] = fuse.kernel pointwise(%[[Z]])
// CHECK: fuse.return %[[A]], %[[B]]
// CHECK: graph.return %[[M]]#0, %[[M]]#1
graph.func @independent(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[8]> {graph.name = "z"})
    -> (!graph.tensor<f32[4]> {graph.name = "s"}, !graph.tensor<f32[8]> {graph.name = "e"}) attributes {graph.sizes = ["n"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[n, 4]>
  %e = graph.exp %z : !graph.tensor<f32[8]>
  graph.return %s, %e : !graph.tensor<f32[4]>, !graph.tensor<f32[8]>
}

// -----

// Not merged: one reads what the other computes, also through a reshape.
// CHECK-LABEL: graph.func @dependent
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @dependent(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4*n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %q = graph.exp %x : !graph.tensor<f32[n, 4]>
  %r = graph.reshape %q : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[4*n]>
  %y = graph.neg %r : !graph.tensor<f32[4*n]>
  graph.return %y : !graph.tensor<f32[4*n]>
}

// -----

// Not merged: a launch is nothing beside kernels that take this long.
// CHECK-LABEL: graph.func @large
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @large(%x: !graph.tensor<f32[4096, 64]> {graph.name = "x"}, %z: !graph.tensor<f32[1024, 512]> {graph.name = "z"})
    -> (!graph.tensor<f32[4096, 64]> {graph.name = "a"}, !graph.tensor<f32[1024, 512]> {graph.name = "b"}) attributes {graph.sizes = []} {
  %a = graph.exp %x : !graph.tensor<f32[4096, 64]>
  %b = graph.exp %z : !graph.tensor<f32[1024, 512]>
  graph.return %a, %b : !graph.tensor<f32[4096, 64]>, !graph.tensor<f32[1024, 512]>
}

// -----

// A small kernel waits for others: the sum of x could run first, but meets the last one.
// CHECK-LABEL: graph.func @waits
// CHECK: fuse.kernel columns(%arg1)
// CHECK: fuse.kernel multi_tensor
// CHECK: fuse.kernel columns
// CHECK: fuse.kernel pointwise
// CHECK: graph.return
graph.func @waits(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[n, 8]> {graph.name = "z"})
    -> (!graph.tensor<f32[4]> {graph.name = "s"}, !graph.tensor<f32[n, 8]> {graph.name = "e"}) attributes {graph.sizes = ["n"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[n, 4]>
  %t = graph.sum %z [0] : !graph.tensor<f32[n, 8]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[n, 8]>
  %e = graph.div %z, %tb : !graph.tensor<f32[n, 8]>
  graph.return %s, %e : !graph.tensor<f32[4]>, !graph.tensor<f32[n, 8]>
}

// -----

graph.param @w : !graph.tensor<f32[8]> = <constant(0.0)>

// Not merged: the update works in place only after the other has read the old value.
// CHECK-LABEL: graph.func @update
// CHECK: fuse.kernel columns
// CHECK: fuse.kernel pointwise
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @update(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"}, %g: !graph.tensor<f32[8]> {graph.name = "g"})
    -> (!graph.tensor<f32[8]> {graph.name = "y"}) attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[8]>
  %wb = graph.broadcast %w [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[n, 8]>
  %p = graph.mul %x, %wb : !graph.tensor<f32[n, 8]>
  %y = graph.sum %p [0] : !graph.tensor<f32[n, 8]>
  %u = graph.sub %w, %g : !graph.tensor<f32[8]>
  graph.write @w, %u : !graph.tensor<f32[8]>
  graph.return %y : !graph.tensor<f32[8]>
}
