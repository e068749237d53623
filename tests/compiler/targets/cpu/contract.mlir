// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s --check-prefix=LAUNCH

// The right operand is contiguous along the result and sixteen columns wide: read in place, six
// rows by two vectors at once. The sums pass through scratch memory to the epilogue.
// LAUNCH: fuse.func @inplace
// LAUNCH-SAME: fuse.scratch = #graph.size<384>
// CHECK-LABEL: func.func @inplace.cpu
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK-COUNT-2: vector.load
// CHECK: memref.load
// CHECK: vector.store
// CHECK-NOT: masked
// CHECK: return
fuse.func @inplace(%a: !graph.tensor<f32[m, 10]>, %b: !graph.tensor<f32[10, 16]>) -> !graph.tensor<f32[m, 16]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 10]>, !graph.tensor<f32[10, 16]>
  fuse.return %y : !graph.tensor<f32[m, 16]>
}

// Contiguous along the sum: packed first, ten rows of sixteen columns after the tile of sums.
// LAUNCH: fuse.func @packed
// LAUNCH-SAME: fuse.scratch = #graph.size<1024>
// CHECK-LABEL: func.func @packed.cpu
// CHECK: vector.from_elements
// CHECK: vector.store
// CHECK: scf.for {{.*}} -> (vector<8xf32>
fuse.func @packed(%a: !graph.tensor<f32[m, 10]>, %b: !graph.tensor<f32[16, 10]>) -> !graph.tensor<f32[m, 16]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[m, 10]>, !graph.tensor<f32[16, 10]>
  fuse.return %y : !graph.tensor<f32[m, 16]>
}

// A matrix times a vector: dot products, a tile each.
// LAUNCH: fuse.func @dot
// LAUNCH-SAME: fuse.tiles = #graph.size<m>
// CHECK-LABEL: func.func @dot.cpu
// CHECK: scf.for {{.*}} -> (vector<8xf32>)
// CHECK: arith.addf {{.*}} : vector<4xf32>
fuse.func @dot(%a: !graph.tensor<f32[m, 16]>, %b: !graph.tensor<f32[1, 16]>) -> !graph.tensor<f32[m, 1]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[m, 16]>, !graph.tensor<f32[1, 16]>
  fuse.return %y : !graph.tensor<f32[m, 1]>
}
