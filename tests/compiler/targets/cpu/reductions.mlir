// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s --check-prefix=LAUNCH

// One pass per reduction that waits for another, then one for the result; every fourth vector has an
// accumulator of its own, these are merged as a tree, then the lanes.
// CHECK-LABEL: func.func @rows.cpu
// CHECK: scf.for
// CHECK: %[[MAX:.*]]:4 = scf.for {{.*}} step %c32 {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK-COUNT-4: arith.maximumf
// CHECK: scf.yield
// CHECK: %[[LOW:.*]] = arith.maximumf %[[MAX]]#0, %[[MAX]]#1
// CHECK: %[[HIGH:.*]] = arith.maximumf %[[MAX]]#2, %[[MAX]]#3
// CHECK: %[[ALL:.*]] = arith.maximumf %[[LOW]], %[[HIGH]]
// CHECK: vector.extract_strided_slice %[[ALL]]
// CHECK: arith.maximumf {{.*}} : vector<4xf32>
// CHECK: arith.maximumf {{.*}} : vector<2xf32>
// CHECK: arith.maximumf {{.*}} : f32
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: arith.addf {{.*}} : vector<4xf32>
// CHECK: scf.for
// CHECK: arith.divf
// CHECK: vector.store
fuse.func @rows(%x: !graph.tensor<f32[m, 64]>) -> !graph.tensor<f32[m, 64]>
    attributes {anchor = 1 : i32, graph.sizes = ["m"]} {
  %m = graph.reduce_max %x [1] : !graph.tensor<f32[m, 64]>
  %b = graph.broadcast %m [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, 64]>
  %d = graph.sub %x, %b : !graph.tensor<f32[m, 64]>
  %s = graph.sum %d [1] : !graph.tensor<f32[m, 64]>
  %t = graph.broadcast %s [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, 64]>
  %y = graph.div %d, %t : !graph.tensor<f32[m, 64]>
  fuse.return %y : !graph.tensor<f32[m, 64]>
}

// A rest of a row adds nothing where a lane has no element.
// CHECK-LABEL: func.func @rest.cpu
// CHECK: vector.create_mask
// CHECK: vector.maskedload
// CHECK: arith.addf
// CHECK: arith.select
fuse.func @rest(%x: !graph.tensor<f32[m, 5]>) -> !graph.tensor<f32[m]>
    attributes {anchor = 1 : i32, graph.sizes = ["m"]} {
  %s = graph.sum %x [1] : !graph.tensor<f32[m, 5]>
  fuse.return %s : !graph.tensor<f32[m]>
}

// Four registers of columns are a tile, as one long vector; the loop runs over rows.
// LAUNCH: fuse.func @columns
// LAUNCH-SAME: fuse.tiles = #graph.size<2>
// CHECK-LABEL: func.func @columns.cpu
// CHECK: scf.for
// CHECK: scf.for {{.*}} -> (vector<32xf32>)
// CHECK: vector.load
// CHECK: arith.addf
// CHECK-NOT: vector<8xf32>
fuse.func @columns(%x: !graph.tensor<f32[m, 64]>) -> !graph.tensor<f32[64]>
    attributes {anchor = 2 : i32, graph.sizes = ["m"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[m, 64]>
  fuse.return %s : !graph.tensor<f32[64]>
}

// Columns that do not fill them are taken a register at a time, every fourth row to sums of its own.
// LAUNCH: fuse.func @few_columns
// LAUNCH-SAME: fuse.tiles = #graph.size<1>
// CHECK-LABEL: func.func @few_columns.cpu
// CHECK-NOT: vector<32xf32>
// CHECK: scf.for {{.*}} -> (vector<8xf32>, vector<8xf32>, vector<8xf32>, vector<8xf32>)
// CHECK: vector.maskedload
fuse.func @few_columns(%x: !graph.tensor<f32[m, 20]>) -> !graph.tensor<f32[20]>
    attributes {anchor = 2 : i32, graph.sizes = ["m"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[m, 20]>
  fuse.return %s : !graph.tensor<f32[20]>
}

// What costs and is needed by a later pass is computed once and kept in scratch memory for the row.
// CHECK-LABEL: func.func @softmax.cpu
// CHECK: math.absf
// CHECK: vector.store %{{.*}}, %[[ROW:.*]][%{{.*}}] : memref<?xf32>
// CHECK: scf.yield
// CHECK: scf.for
// CHECK-NOT: math.absf
// CHECK: vector.load %[[ROW]]
// CHECK: return
// LAUNCH: fuse.func @softmax
// LAUNCH-SAME: fuse.scratch = #graph.size<512>
fuse.func @softmax(%x: !graph.tensor<f32[m, 64]>) -> !graph.tensor<f32[m, 64]>
    attributes {anchor = 1 : i32, graph.sizes = ["m"]} {
  %a = graph.abs %x : !graph.tensor<f32[m, 64]>
  %e = graph.sqrt %a : !graph.tensor<f32[m, 64]>
  %s = graph.sum %e [1] : !graph.tensor<f32[m, 64]>
  %b = graph.broadcast %s [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, 64]>
  %y = graph.div %e, %b : !graph.tensor<f32[m, 64]>
  fuse.return %y : !graph.tensor<f32[m, 64]>
}
