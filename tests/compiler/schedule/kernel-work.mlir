// What tenon-emit-kernels notes about the work of a kernel and what its tiles touch.
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 | FileCheck %s --check-prefix=LABEL

// 2 M N K; per element a bias of one operation and a relu of three, for NaN; three operands and one
// result.
// CHECK-LABEL: fuse.func @contract
// CHECK-SAME: fuse.bytes = #graph.size<1200*s0+80400>
// CHECK-SAME: fuse.flops = #graph.size<40400*s0>
// CHECK-NOT: fuse.tile_bytes
// LABEL: exec.label = "contract+bias+relu"
fuse.func @contract(%x: !graph.tensor<f32[s0, 200]>, %w: !graph.tensor<f32[100, 200]>,
                    %b: !graph.tensor<f32[100]>) -> !graph.tensor<f32[s0, 100]>
    attributes {anchor = 3 : i32, graph.sizes = ["s0"]} {
  %p = graph.contract %x [0, 1], %w [2, 1] -> [0, 2]
      : !graph.tensor<f32[s0, 200]>, !graph.tensor<f32[100, 200]>
  %bb = graph.broadcast %b [1] : !graph.tensor<f32[100]> -> !graph.tensor<f32[s0, 100]>
  %s = graph.add %p, %bb : !graph.tensor<f32[s0, 100]>
  %z = graph.constant 0.0 : f32 -> !graph.tensor<f32[s0, 100]>
  %y = graph.max %s, %z : !graph.tensor<f32[s0, 100]>
  fuse.return %y : !graph.tensor<f32[s0, 100]>
}

// A scalar is the same for all tiles: nothing is promised for it. Booleans take a byte.
// CHECK-LABEL: fuse.func @linear
// CHECK-SAME: fuse.bytes = #graph.size<10*s0+4>
// CHECK-SAME: fuse.flops = #graph.size<2*s0>
// CHECK-SAME: fuse.tile_bytes = array<i64: 4096, 0, 4096, 1024, 1024>
// LABEL: exec.label = "mul+compare"
fuse.func @linear(%x: !graph.tensor<f32[s0]>, %k: !graph.tensor<f32>, %c: !graph.tensor<f32[s0]>)
    -> (!graph.tensor<i1[s0]>, !graph.tensor<i1[s0]>)
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %kk = graph.broadcast %k [] : !graph.tensor<f32> -> !graph.tensor<f32[s0]>
  %m = graph.mul %x, %kk : !graph.tensor<f32[s0]>
  %r = graph.compare lt %m, %c : !graph.tensor<f32[s0]>
  fuse.return %r, %r : !graph.tensor<i1[s0]>, !graph.tensor<i1[s0]>
}

// A transposed operand is read elsewhere than at the position of the result.
// CHECK-LABEL: fuse.func @transposed
// CHECK-SAME: fuse.flops = #graph.size<18*s0*s0>
// CHECK-NOT: fuse.tile_bytes
// LABEL: exec.label = "exp"
fuse.func @transposed(%x: !graph.tensor<f32[s0, s0]>) -> !graph.tensor<f32[s0, s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %t = graph.transpose %x [1, 0] : !graph.tensor<f32[s0, s0]>
  %e = graph.exp %t : !graph.tensor<f32[s0, s0]>
  fuse.return %e : !graph.tensor<f32[s0, s0]>
}

// One merge per operand element.
// CHECK-LABEL: fuse.func @rows
// CHECK-SAME: fuse.bytes = #graph.size<260*s0>
// CHECK-SAME: fuse.flops = #graph.size<64*s0>
fuse.func @rows(%x: !graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 1 : i32, graph.sizes = ["s0"]} {
  %z = graph.sum %x [1] : !graph.tensor<f32[s0, 64]>
  fuse.return %z : !graph.tensor<f32[s0]>
}

// Drawing counts, in whole operations; elements of f64 count once, although they take two registers.
// CHECK-LABEL: fuse.func @drawn
// CHECK-SAME: fuse.flops = #graph.size<55*s0>
fuse.func @drawn(%x: !graph.tensor<f64[s0]>) -> !graph.tensor<f64[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %r = graph.random_bits 0 example <1> : !graph.tensor<i32[s0]>
  %f = graph.convert %r : !graph.tensor<i32[s0]> -> !graph.tensor<f64[s0]>
  %y = graph.mul %x, %f : !graph.tensor<f64[s0]>
  fuse.return %y : !graph.tensor<f64[s0]>
}
