// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s --check-prefix=LAUNCH

// A few rows are expected and columns are neighbours in the right operand: read in place, four rows
// by three vectors; the epilogue is short and works on the registers of a whole tile.
// LAUNCH: fuse.func @inplace
// CHECK-LABEL: func.func @inplace.cpu
// CHECK-NOT: vector.store
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK-COUNT-3: vector.load
// CHECK-COUNT-4: memref.load
// CHECK: scf.if
// CHECK-COUNT-12: arith.select {{.*}} : vector<8xi1>, vector<8xf32>
// CHECK-NOT: maskedstore
// CHECK: return
fuse.func @inplace(%a: !graph.tensor<f32[m, 10]>, %b: !graph.tensor<f32[10, 24]>) -> !graph.tensor<f32[m, 24]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 8 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 10]>, !graph.tensor<f32[10, 24]>
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[m, 24]>
  %z = graph.max %y, %zero : !graph.tensor<f32[m, 24]>
  fuse.return %z : !graph.tensor<f32[m, 24]>
}

// Many rows: the panel is copied first, vector by vector, then six rows by two vectors.
// CHECK-LABEL: func.func @columns.cpu
// CHECK: scf.for
// CHECK-COUNT-2: vector.store
// CHECK: scf.for {{.*}} -> (vector<8xf32>
// CHECK-COUNT-6: memref.load
fuse.func @columns(%a: !graph.tensor<f32[m, 256]>, %b: !graph.tensor<f32[256, 32]>) -> !graph.tensor<f32[m, 32]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 258 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 256]>, !graph.tensor<f32[256, 32]>
  fuse.return %y : !graph.tensor<f32[m, 32]>
}

// Rows cost their address once a tile: with a short sum there are fewer of them, and more vectors.
// CHECK-LABEL: func.func @shallow.cpu
// CHECK: scf.for {{.*}} -> (vector<8xf32>
// CHECK-COUNT-4: vector.load
// CHECK-COUNT-2: memref.load
// CHECK-NOT: memref.load
// CHECK: scf.yield
fuse.func @shallow(%a: !graph.tensor<f32[m, 10]>, %b: !graph.tensor<f32[10, 32]>) -> !graph.tensor<f32[m, 32]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 258 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 10]>, !graph.tensor<f32[10, 32]>
  fuse.return %y : !graph.tensor<f32[m, 32]>
}

// Steps of the sum are neighbours in the right operand: transposed while it is copied. A sum of unknown
// length is cut into blocks, between which sums wait in scratch memory.
// CHECK-LABEL: func.func @steps.cpu
// CHECK-COUNT-24: vector.shuffle
// CHECK: scf.if {{.*}} -> (vector<8xf32>
fuse.func @steps(%a: !graph.tensor<f32[m, k]>, %b: !graph.tensor<f32[16, k]>) -> !graph.tensor<f32[m, 16]>
    attributes {anchor = 3 : i32, graph.sizes = ["m", "k"], graph.size_hints = {m = 258 : i64}} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[m, k]>, !graph.tensor<f32[16, k]>
  fuse.return %y : !graph.tensor<f32[m, 16]>
}

// A weight gradient: rows are neighbours in the left operand and the batch is deep, so it is copied too.
// CHECK-LABEL: func.func @gradient.cpu
// CHECK: vector.maskedload
// CHECK: vector.store
// CHECK: vector.load
// CHECK: vector.store
// CHECK: scf.for {{.*}} -> (vector<8xf32>
fuse.func @gradient(%a: !graph.tensor<f32[m, 96]>, %b: !graph.tensor<f32[m, 32]>) -> !graph.tensor<f32[96, 32]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 256 : i64}} {
  %y = graph.contract %a [1, 0], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 96]>, !graph.tensor<f32[m, 32]>
  fuse.return %y : !graph.tensor<f32[96, 32]>
}

// A large right operand is asked for a panel ahead, and what the epilogue adds before it is needed:
// six rows of a cache line.
// CHECK-LABEL: func.func @large.cpu
// CHECK: memref.prefetch {{.*}} read, locality<2>
// CHECK-COUNT-6: memref.prefetch
// CHECK: scf.for {{.*}} -> (vector<8xf32>
fuse.func @large(%a: !graph.tensor<f32[m, 256]>, %b: !graph.tensor<f32[256, 1024]>, %r: !graph.tensor<f32[m, 1024]>) -> !graph.tensor<f32[m, 1024]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 258 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 256]>, !graph.tensor<f32[256, 1024]>
  %z = graph.add %y, %r : !graph.tensor<f32[m, 1024]>
  fuse.return %z : !graph.tensor<f32[m, 1024]>
}

// Panels of steps of the sum: a line, sixteen steps, of each column of the next panel of columns.
// CHECK-LABEL: func.func @large_panels.cpu
// CHECK: memref.prefetch {{.*}} read, locality<2>
// CHECK: scf.for {{.*}} -> (vector<8xf32>
fuse.func @large_panels(%d: !graph.tensor<f32[m, 512]>, %w: !graph.tensor<f32[512, 1024]> {fuse.layout = #fuse.layout<packed 16>})
    -> !graph.tensor<f32[m, 1024]> attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 258 : i64}} {
  %y = graph.contract %d [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[m, 512]>, !graph.tensor<f32[512, 1024]>
  fuse.return %y : !graph.tensor<f32[m, 1024]>
}

// Both fit a cache: nothing is asked for.
// CHECK-LABEL: func.func @small.cpu
// CHECK-NOT: memref.prefetch
// CHECK: return
fuse.func @small(%a: !graph.tensor<f32[m, 64]>, %b: !graph.tensor<f32[64, 256]>, %r: !graph.tensor<f32[m, 256]>) -> !graph.tensor<f32[m, 256]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"], graph.size_hints = {m = 60 : i64}} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[m, 64]>, !graph.tensor<f32[64, 256]>
  %z = graph.add %y, %r : !graph.tensor<f32[m, 256]>
  fuse.return %z : !graph.tensor<f32[m, 256]>
}

// Nothing is known of the rows: code for one row, dot products of a few columns, and for many.
// CHECK-LABEL: func.func @any.cpu
// CHECK: scf.if
// CHECK: vector.from_elements
// CHECK: } else {
// CHECK: scf.for {{.*}} -> (vector<8xf32>
fuse.func @any(%a: !graph.tensor<f32[m, 32]>, %b: !graph.tensor<f32[64, 32]>) -> !graph.tensor<f32[m, 64]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[m, 32]>, !graph.tensor<f32[64, 32]>
  fuse.return %y : !graph.tensor<f32[m, 64]>
}

// A matrix times a vector: dot products, four to a tile.
// LAUNCH: fuse.func @dot
// LAUNCH-SAME: fuse.tiles = #graph.size<floor(m+3, 4)>
// CHECK-LABEL: func.func @dot.cpu
// CHECK-COUNT-4: arith.addf {{.*}} : vector<4xf32>
fuse.func @dot(%a: !graph.tensor<f32[m, 16]>, %b: !graph.tensor<f32[1, 16]>) -> !graph.tensor<f32[m, 1]>
    attributes {anchor = 3 : i32, graph.sizes = ["m"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[m, 16]>, !graph.tensor<f32[1, 16]>
  fuse.return %y : !graph.tensor<f32[m, 1]>
}
