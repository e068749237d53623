// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s --check-prefix=LAUNCH

// Where only the position matters the tensor is one long row: whole vectors, then a masked rest.
// CHECK-LABEL: func.func @linear.cpu(%arg0: !llvm.ptr, %arg1: i64, %arg2: i64)
// CHECK: scf.for
// CHECK-NOT: scf.for
// CHECK: vector.load {{.*}} vector<8xf32>
// CHECK: arith.addf {{.*}} fastmath<contract>
// CHECK: vector.store
// CHECK: scf.if
// CHECK: vector.maskedload
// CHECK: vector.maskedstore
fuse.func @linear(%x: !graph.tensor<f32[n, 4]>, %s: !graph.tensor<f32>) -> !graph.tensor<f32[n, 4]>
    attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
  %b = graph.broadcast %s [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 4]>
  %y = graph.add %x, %b : !graph.tensor<f32[n, 4]>
  fuse.return %y : !graph.tensor<f32[n, 4]>
}

// A row vector is not where the position says: rows, each a loop over columns. Sixteen columns
// need no mask.
// CHECK-LABEL: func.func @rowwise.cpu
// CHECK: scf.for
// CHECK: scf.for
// CHECK-COUNT-2: vector.load
// CHECK-NOT: masked
// CHECK: return
fuse.func @rowwise(%x: !graph.tensor<f32[n, 16]>, %r: !graph.tensor<f32[16]>) -> !graph.tensor<f32[n, 16]>
    attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
  %b = graph.broadcast %r [1] : !graph.tensor<f32[16]> -> !graph.tensor<f32[n, 16]>
  %y = graph.add %x, %b : !graph.tensor<f32[n, 16]>
  fuse.return %y : !graph.tensor<f32[n, 16]>
}

// Booleans are bytes in memory.
// CHECK-LABEL: func.func @bools.cpu
// CHECK: vector.load {{.*}} memref<?xi8>, vector<8xi8>
// CHECK: arith.cmpi ne, {{.*}} vector<8xi8>
// CHECK: arith.xori {{.*}} vector<8xi1>
// CHECK: arith.extui {{.*}} vector<8xi1> to vector<8xi8>
fuse.func @bools(%x: !graph.tensor<i1[n]>) -> !graph.tensor<i1[n]> attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
  %y = graph.not %x : !graph.tensor<i1[n]>
  fuse.return %y : !graph.tensor<i1[n]>
}

// A scalar is one tile of one element.
// LAUNCH: fuse.func @scalar
// LAUNCH-SAME: fuse.tiles = #graph.size<1>
// CHECK-LABEL: func.func @scalar.cpu
// CHECK: memref.load
// CHECK-NOT: vector
// CHECK: return
fuse.func @scalar(%x: !graph.tensor<f64>) -> !graph.tensor<f64> attributes {anchor = 0 : i32, graph.sizes = []} {
  %y = graph.neg %x : !graph.tensor<f64>
  fuse.return %y : !graph.tensor<f64>
}
