// RUN: tenon-opt %s -tenon-choose-layouts -split-input-file | FileCheck %s
// RUN: tenon-opt %s -tenon-choose-layouts='layouts=row-major' -split-input-file | FileCheck %s --check-prefix=NONE
// RUN: tenon-opt %s -tenon-choose-layouts='layouts=packed-transposed lanes=8' -split-input-file | FileCheck %s --check-prefix=FORCED

// Read by the forward pass: panels along the outputs, for the optimizer's states as well. A state of
// another shape, and one that only ends alike, are left alone.
// CHECK: graph.param @w : {{.*}} {fuse.layout = #fuse.layout<packed 16>}
// CHECK: graph.state @optimizer.m.w : {{.*}} {fuse.layout = #fuse.layout<packed 16>}
// CHECK: graph.state @optimizer.norm.w : !graph.tensor<f32[128]> = <constant(0.000000e+00)>{{$}}
// CHECK: graph.state @optimizer.m.ww : {{.*}} = <constant(0.000000e+00)>{{$}}
// NONE-NOT: fuse.layout
// FORCED: graph.param @w : {{.*}} {fuse.layout = #fuse.layout<packed_transposed 8>}
graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.state @optimizer.m.w : !graph.tensor<f32[128, 64]> = <constant(0.0)>
graph.state @optimizer.norm.w : !graph.tensor<f32[128]> = <constant(0.0)>
graph.state @optimizer.m.ww : !graph.tensor<f32[128, 64]> = <constant(0.0)>
graph.func @f(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}) -> (!graph.tensor<f32[n, 128]> {graph.name = "y"})
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[128, 64]>
  %v = graph.add %w, %w : !graph.tensor<f32[128, 64]>
  graph.write @w, %v : !graph.tensor<f32[128, 64]>
  graph.return %y : !graph.tensor<f32[n, 128]>
}

// -----

// Forward and backward: the forward pass would transpose, so it decides.
// CHECK: graph.param @w : {{.*}} {fuse.layout = #fuse.layout<packed 16>}
graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.func @f(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %d: !graph.tensor<f32[n, 128]> {graph.name = "d"})
    -> (!graph.tensor<f32[n, 128]> {graph.name = "y"}, !graph.tensor<f32[n, 64]> {graph.name = "dx"}) attributes {graph.sizes = ["n"]} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[128, 64]>
  %dx = graph.contract %d [0, 2], %w [2, 1] -> [0, 1] : !graph.tensor<f32[n, 128]>, !graph.tensor<f32[128, 64]>
  graph.return %y, %dx : !graph.tensor<f32[n, 128]>, !graph.tensor<f32[n, 64]>
}

// -----

// Kept along its columns only.
// CHECK: graph.param @w : {{.*}} {fuse.layout = #fuse.layout<packed_transposed 16>}
graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.func @f(%d: !graph.tensor<f32[n, 128]> {graph.name = "d"}) -> (!graph.tensor<f32[n, 64]> {graph.name = "dx"})
    attributes {graph.sizes = ["n"]} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  %dx = graph.contract %d [0, 2], %w [2, 1] -> [0, 1] : !graph.tensor<f32[n, 128]>, !graph.tensor<f32[128, 64]>
  graph.return %dx : !graph.tensor<f32[n, 64]>
}

// -----

// Lanes run along the other operand: rows are read where they lie, columns are copied by every call.
// CHECK: graph.param @rows : {{.*}}> = <uniform(-1.000000e-01, 1.000000e-01)>{{$}}
// CHECK: graph.param @columns : {{.*}} {fuse.layout = #fuse.layout<packed_transposed 16>}
graph.param @rows : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.param @columns : !graph.tensor<f32[64, 128]> = <uniform(-0.1, 0.1)>
graph.func @f(%x: !graph.tensor<f32[64, n]> {graph.name = "x"})
    -> (!graph.tensor<f32[128, n]> {graph.name = "y"}, !graph.tensor<f32[128, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %rows = graph.read @rows : !graph.tensor<f32[128, 64]>
  %columns = graph.read @columns : !graph.tensor<f32[64, 128]>
  %y = graph.contract %rows [0, 1], %x [1, 2] -> [0, 2] : !graph.tensor<f32[128, 64]>, !graph.tensor<f32[64, n]>
  %z = graph.contract %columns [1, 0], %x [1, 2] -> [0, 2] : !graph.tensor<f32[64, 128]>, !graph.tensor<f32[64, n]>
  graph.return %y, %z : !graph.tensor<f32[128, n]>, !graph.tensor<f32[128, n]>
}

// -----

// Fewer outputs than lanes, too few elements, f64.
// CHECK-NOT: fuse.layout
graph.param @narrow : !graph.tensor<f32[10, 1024]> = <uniform(-0.1, 0.1)>
graph.param @small : !graph.tensor<f32[40, 10]> = <uniform(-0.1, 0.1)>
graph.func @f(%x: !graph.tensor<f32[n, 1024]> {graph.name = "x"}, %z: !graph.tensor<f32[n, 10]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 10]> {graph.name = "y"}, !graph.tensor<f32[n, 40]> {graph.name = "u"}) attributes {graph.sizes = ["n"]} {
  %w = graph.read @narrow : !graph.tensor<f32[10, 1024]>
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 1024]>, !graph.tensor<f32[10, 1024]>
  %v = graph.read @small : !graph.tensor<f32[40, 10]>
  %u = graph.contract %z [0, 1], %v [2, 1] -> [0, 2] : !graph.tensor<f32[n, 10]>, !graph.tensor<f32[40, 10]>
  graph.return %y, %u : !graph.tensor<f32[n, 10]>, !graph.tensor<f32[n, 40]>
}

// -----

// Panels are one stream of memory for one row, too.
// CHECK: graph.param @w : {{.*}} {fuse.layout = #fuse.layout<packed 16>}
graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.func @f(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}) -> (!graph.tensor<f32[n, 128]> {graph.name = "y"})
    attributes {graph.sizes = ["n"], graph.size_hints = {n = 1 : i64}} {
  %w = graph.read @w : !graph.tensor<f32[128, 64]>
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[128, 64]>
  graph.return %y : !graph.tensor<f32[n, 128]>
}

// -----

// A reshape names memory, and so does what an entry returns: not even by force.
// CHECK-NOT: fuse.layout
// FORCED-NOT: graph.param @reshaped {{.*}}fuse.layout
// FORCED-NOT: graph.param @returned {{.*}}fuse.layout
// FORCED-NOT: graph.param @written {{.*}}fuse.layout
graph.param @reshaped : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.param @returned : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.param @written : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
graph.func @f(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 128]> {graph.name = "y"}, !graph.tensor<f32[8192]> {graph.name = "v"}, !graph.tensor<f32[128, 64]> {graph.name = "w"},
        !graph.tensor<f32[128, 64]> {graph.name = "u"})
    attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @reshaped : !graph.tensor<f32[128, 64]>
  %y = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[128, 64]>
  %v = graph.reshape %w : !graph.tensor<f32[128, 64]> -> !graph.tensor<f32[8192]>
  %r = graph.read @returned : !graph.tensor<f32[128, 64]>
  %u = graph.add %w, %w : !graph.tensor<f32[128, 64]>
  graph.write @written, %u : !graph.tensor<f32[128, 64]>
  graph.return %y, %v, %r, %u : !graph.tensor<f32[n, 128]>, !graph.tensor<f32[8192]>, !graph.tensor<f32[128, 64]>, !graph.tensor<f32[128, 64]>
}
