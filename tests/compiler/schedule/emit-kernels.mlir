// tenon-emit-kernels: beside each kernel its code, and on the kernel how that is launched. What the
// code computes is compared with the oracle elsewhere; here: one function per anchor, vectors as wide
// as the processor has them, and the loops that make the anchor.
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 | FileCheck %s
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64 | FileCheck %s --check-prefix=SSE
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 > %t.1
// RUN: tenon-opt %s --tenon-emit-kernels=cpu=x86-64-v3 > %t.2
// RUN: cmp %t.1 %t.2

// CHECK-LABEL: fuse.func @pointwise
// CHECK-SAME: fuse.emitted = @pointwise.cpu, fuse.flops = #graph.size<s0>, fuse.grain = #graph.size<{{.*}}>, fuse.scratch = #graph.size<0>
// CHECK-SAME: fuse.tiles = #graph.size<{{.*}}s0
// CHECK: graph.add
// CHECK-LABEL: func.func @pointwise.cpu(%{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64)
// CHECK-SAME: exec.writes = array<i1: false, false, true>
// CHECK: vector.load {{.*}} vector<8xf32>
// CHECK: arith.addf {{.*}} fastmath<contract> : vector<8xf32>
// CHECK: vector.store
// CHECK: vector.maskedstore
// SSE-LABEL: func.func @pointwise.cpu
// SSE: vector.store {{.*}} vector<4xf32>
fuse.func @pointwise(%x: !graph.tensor<f32[s0]>, %y: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %z = graph.add %x, %y : !graph.tensor<f32[s0]>
  fuse.return %z : !graph.tensor<f32[s0]>
}

// A tile is a row; its lanes are added up at the end, in a tree.
// CHECK-LABEL: func.func @rows.cpu
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK: arith.addf {{.*}} : vector<4xf32>
// CHECK: arith.addf {{.*}} : vector<2xf32>
fuse.func @rows(%x: !graph.tensor<f32[s0, 64]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 1 : i32, graph.sizes = ["s0"]} {
  %z = graph.sum %x [1] : !graph.tensor<f32[s0, 64]>
  fuse.return %z : !graph.tensor<f32[s0]>
}

// A tile is some neighbouring columns: nothing is added across lanes.
// CHECK-LABEL: func.func @columns.cpu
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.addf {{.*}} : vector<8xf32>
// CHECK-NOT: vector<4xf32>
// CHECK: return
fuse.func @columns(%x: !graph.tensor<f32[s0, s1]>) -> !graph.tensor<f32[s1]>
    attributes {anchor = 2 : i32, graph.sizes = ["s0", "s1"]} {
  %z = graph.sum %x [0] : !graph.tensor<f32[s0, s1]>
  fuse.return %z : !graph.tensor<f32[s1]>
}

// CHECK-LABEL: func.func @contract.cpu
// CHECK: scf.for {{.*}} iter_args
// CHECK: arith.mulf {{.*}} fastmath<contract> : vector<8xf32>
// CHECK-NEXT: arith.addf {{.*}} fastmath<contract> : vector<8xf32>
fuse.func @contract(%x: !graph.tensor<f32[s0, 10]>, %w: !graph.tensor<f32[100, 10]>)
    -> !graph.tensor<f32[s0, 100]> attributes {anchor = 3 : i32, graph.sizes = ["s0"]} {
  %z = graph.contract %x [0, 1], %w [2, 1] -> [0, 2]
      : !graph.tensor<f32[s0, 10]>, !graph.tensor<f32[100, 10]>
  fuse.return %z : !graph.tensor<f32[s0, 100]>
}
