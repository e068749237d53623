// Joins are undone where two kernels are faster. Each rule, firing and not.
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-split-kernels))' --split-input-file | FileCheck %s
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-split-kernels,tenon-inline-producers))' --split-input-file | FileCheck %s

// Costly, in rows of three of eight lanes; what reads the reduction stays with it.
// CHECK-LABEL: graph.func @short_rows
// CHECK: %[[T:.*]] = fuse.kernel pointwise(%arg0)
// CHECK: graph.tanh
// CHECK: fuse.return
// CHECK: fuse.kernel rows(%[[T]])
// CHECK: graph.sum
// CHECK: graph.sub
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @short_rows(%x: !graph.tensor<f32[4096, 3]> {graph.name = "x"}) -> (!graph.tensor<f32[4096, 3]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.tanh %x : !graph.tensor<f32[4096, 3]>
  %s = graph.sum %t [1] : !graph.tensor<f32[4096, 3]>
  %b = graph.broadcast %s [0] : !graph.tensor<f32[4096]> -> !graph.tensor<f32[4096, 3]>
  %y = graph.sub %t, %b : !graph.tensor<f32[4096, 3]>
  graph.return %y : !graph.tensor<f32[4096, 3]>
}

// -----

// Columns have rows as short. The value is returned besides.
// CHECK-LABEL: graph.func @short_columns
// CHECK: %[[T:.*]] = fuse.kernel pointwise(%arg0)
// CHECK: fuse.kernel {{columns|rows}}(%[[T]])
// CHECK-NOT: fuse.kernel
// CHECK: graph.return %[[T]], %
graph.func @short_columns(%x: !graph.tensor<f32[4096, 3]> {graph.name = "x"}) -> (!graph.tensor<f32[4096, 3]> {graph.name = "y"}, !graph.tensor<f32[3]> {graph.name = "s"}) attributes {graph.sizes = []} {
  %t = graph.erf %x : !graph.tensor<f32[4096, 3]>
  %s = graph.sum %t [0] : !graph.tensor<f32[4096, 3]>
  graph.return %t, %s : !graph.tensor<f32[4096, 3]>, !graph.tensor<f32[3]>
}

// -----

// Not where rows fill their vectors.
// CHECK-LABEL: graph.func @long_rows
// CHECK: fuse.kernel rows
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @long_rows(%x: !graph.tensor<f32[4096, 100]> {graph.name = "x"}) -> (!graph.tensor<f32[4096]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.tanh %x : !graph.tensor<f32[4096, 100]>
  %s = graph.sum %t [1] : !graph.tensor<f32[4096, 100]>
  graph.return %s : !graph.tensor<f32[4096]>
}

// -----

// Not what is cheap.
// CHECK-LABEL: graph.func @cheap
// CHECK: fuse.kernel rows
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @cheap(%x: !graph.tensor<f32[4096, 3]> {graph.name = "x"}) -> (!graph.tensor<f32[4096]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.mul %x, %x : !graph.tensor<f32[4096, 3]>
  %s = graph.sum %t [1] : !graph.tensor<f32[4096, 3]>
  graph.return %s : !graph.tensor<f32[4096]>
}

// -----

// Not what a launch costs as much as.
// CHECK-LABEL: graph.func @few
// CHECK: fuse.kernel rows
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @few(%x: !graph.tensor<f32[8, 3]> {graph.name = "x"}) -> (!graph.tensor<f32[8]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %t = graph.tanh %x : !graph.tensor<f32[8, 3]>
  %s = graph.sum %t [1] : !graph.tensor<f32[8, 3]>
  graph.return %s : !graph.tensor<f32[8]>
}

// -----

// Not what depends on a reduction, nor what has rows in a kernel of its own, too.
// CHECK-LABEL: graph.func @after
// CHECK: fuse.kernel rows
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @after(%x: !graph.tensor<f32[4096, 3]> {graph.name = "x"}) -> (!graph.tensor<f32[4096]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %m = graph.reduce_max %x [1] : !graph.tensor<f32[4096, 3]>
  %b = graph.broadcast %m [0] : !graph.tensor<f32[4096]> -> !graph.tensor<f32[4096, 3]>
  %d = graph.sub %x, %b : !graph.tensor<f32[4096, 3]>
  %e = graph.exp %d : !graph.tensor<f32[4096, 3]>
  %s = graph.sum %e [1] : !graph.tensor<f32[4096, 3]>
  graph.return %s : !graph.tensor<f32[4096]>
}

// -----

// CHECK-LABEL: graph.func @rowwise
// CHECK: fuse.kernel rows
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @rowwise(%x: !graph.tensor<f32[4096, 3]> {graph.name = "x"}, %c: !graph.tensor<f32[3]> {graph.name = "c"}) -> (!graph.tensor<f32[4096]> {graph.name = "y"}) attributes {graph.sizes = []} {
  %b = graph.broadcast %c [1] : !graph.tensor<f32[3]> -> !graph.tensor<f32[4096, 3]>
  %d = graph.sub %x, %b : !graph.tensor<f32[4096, 3]>
  %t = graph.tanh %d : !graph.tensor<f32[4096, 3]>
  %s = graph.sum %t [1] : !graph.tensor<f32[4096, 3]>
  graph.return %s : !graph.tensor<f32[4096]>
}
