// Several kernels in one launch.
// RUN: tenon-opt %s --tenon-emit-kernels | FileCheck %s

// Scratch memory is that of the member that needs most.
// CHECK: fuse.func @many
// CHECK-SAME: fuse.scratch = #graph.size<512>
// CHECK-SAME: fuse.tiles = #graph.size<2*s0>

// A function that only it calls is private, and no kernel of the program; one that an entry launches
// stays one.
// CHECK: func.func @rows.cpu
// CHECK-SAME: exec.writes
// CHECK: func.func private @roots.cpu
// CHECK-NOT: exec.writes

// A launch that is not split divides nothing. A thread without a share of a member does not call it.
// CHECK: func.func @many.cpu
// CHECK-SAME: exec.writes = array<i1: false, false, true, true>
// CHECK: %[[SHARES:.*]]:4 = scf.if
// CHECK-NOT: arith.divui
// CHECK: } else {
// CHECK-COUNT-4: arith.divui
// CHECK: arith.cmpi slt, %[[SHARES]]#0, %[[SHARES]]#1
// CHECK: scf.if
// CHECK: call @roots.cpu
// CHECK: arith.cmpi slt, %[[SHARES]]#2, %[[SHARES]]#3
// CHECK: call @rows.cpu
fuse.func @rows(%x: !graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 1 : i32, graph.sizes = ["s0"]} {
  %z = graph.sum %x [1] : !graph.tensor<f32[s0, 64]>
  fuse.return %z : !graph.tensor<f32[s0]>
}
fuse.func @roots(%x: !graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0, 64]>
    attributes {anchor = 1 : i32, graph.sizes = ["s0"]} {
  %e = graph.sqrt %x : !graph.tensor<f32[s0, 64]>
  %s = graph.sum %e [1] : !graph.tensor<f32[s0, 64]>
  %b = graph.broadcast %s [0] : !graph.tensor<f32[s0]> -> !graph.tensor<f32[s0, 64]>
  %y = graph.div %e, %b : !graph.tensor<f32[s0, 64]>
  fuse.return %y : !graph.tensor<f32[s0, 64]>
}
fuse.func @many(%x: !graph.tensor<f32[s0, 64]>, %y: !graph.tensor<f32[s0, 64]>)
    -> (!graph.tensor<f32[s0, 64]>, !graph.tensor<f32[s0]>) attributes {anchor = 4 : i32, graph.sizes = ["s0"]} {
  %a = fuse.launch @roots(%x) [#graph.size<s0>] : (!graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0, 64]>
  %b = fuse.launch @rows(%y) [#graph.size<s0>] : (!graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0]>
  fuse.return %a, %b : !graph.tensor<f32[s0, 64]>, !graph.tensor<f32[s0]>
}
graph.func @entry(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}) -> (!graph.tensor<f32[n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %y = fuse.launch @rows(%x) [#graph.size<n>] : (!graph.tensor<f32[n, 64]>) -> !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}
