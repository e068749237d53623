// Matrices in panels: who reads and writes them as whole vectors.
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s --check-prefix=LAUNCH

// Panels of columns of the result are read where they lie: nothing is copied.
// CHECK-LABEL: func.func @forward.cpu
// CHECK-NOT: vector.shuffle
// CHECK-NOT: vector.from_elements
// CHECK: scf.for {{.*}} -> (vector<8xf32>
// CHECK-COUNT-2: vector.load
// CHECK-COUNT-6: memref.load
// CHECK: return
fuse.func @forward(%x: !graph.tensor<f32[m, 64]>, %w: !graph.tensor<f32[96, 64]> {fuse.layout = #fuse.layout<packed 16>})
    -> !graph.tensor<f32[m, 96]> attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 48 : i64}} {
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[m, 64]>, !graph.tensor<f32[96, 64]>
  fuse.return %y : !graph.tensor<f32[m, 96]>
}

// Panels of steps of the sum are transposed in squares of vectors.
// CHECK-LABEL: func.func @backward.cpu
// CHECK-COUNT-8: vector.load
// CHECK: vector.shuffle
// CHECK: return
fuse.func @backward(%d: !graph.tensor<f32[m, 96]>, %w: !graph.tensor<f32[96, 64]> {fuse.layout = #fuse.layout<packed 16>})
    -> !graph.tensor<f32[m, 64]> attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 48 : i64}} {
  %y = graph.contract %d [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[m, 96]>, !graph.tensor<f32[96, 64]>
  fuse.return %y : !graph.tensor<f32[m, 64]>
}

// Lanes run along the panels of the result, although its last axis is the other one: the update in
// place loads and stores whole vectors.
// CHECK-LABEL: func.func @update.cpu
// CHECK-NOT: vector.extract
// CHECK: vector.store
// CHECK: return
fuse.func @update(%d: !graph.tensor<f32[m, 96]>, %x: !graph.tensor<f32[m, 64]>,
                  %w: !graph.tensor<f32[96, 64]> {fuse.layout = #fuse.layout<packed 16>})
    -> (!graph.tensor<f32[96, 64]> {fuse.layout = #fuse.layout<packed 16>})
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 48 : i64}} {
  %g = graph.contract %d [0, 1], %x [0, 2] -> [1, 2] : !graph.tensor<f32[m, 96]>, !graph.tensor<f32[m, 64]>
  %v = graph.sub %w, %g : !graph.tensor<f32[96, 64]>
  fuse.return %v : !graph.tensor<f32[96, 64]>
}

// All in one layout: one long row, padding included: 100 rows take 112.
// LAUNCH: fuse.func @same{{.*}}fuse.tiles = #graph.size<7>
// CHECK-LABEL: func.func @same.cpu
// CHECK-NOT: vector.from_elements
// CHECK: vector.store
// CHECK: return
fuse.func @same(%w: !graph.tensor<f32[100, 64]> {fuse.layout = #fuse.layout<packed 16>},
                %m: !graph.tensor<f32[100, 64]> {fuse.layout = #fuse.layout<packed 16>})
    -> (!graph.tensor<f32[100, 64]> {fuse.layout = #fuse.layout<packed 16>})
    attributes {anchor = 0 : i32, graph.sizes = []} {
  %v = graph.sub %w, %m : !graph.tensor<f32[100, 64]>
  fuse.return %v : !graph.tensor<f32[100, 64]>
}

// Different layouts: a tile is a panel, the row-major operand is gathered.
// LAUNCH: fuse.func @mixed{{.*}}fuse.tiles = #graph.size<7>
// CHECK-LABEL: func.func @mixed.cpu
// CHECK: vector.from_elements
// CHECK: vector.store
// CHECK: return
fuse.func @mixed(%w: !graph.tensor<f32[100, 64]> {fuse.layout = #fuse.layout<packed 16>},
                 %m: !graph.tensor<f32[100, 64]>)
    -> (!graph.tensor<f32[100, 64]> {fuse.layout = #fuse.layout<packed 16>})
    attributes {anchor = 0 : i32, graph.sizes = []} {
  %v = graph.sub %w, %m : !graph.tensor<f32[100, 64]>
  fuse.return %v : !graph.tensor<f32[100, 64]>
}
