// RUN: tenon-opt %s --verify-roundtrip | FileCheck %s

// CHECK-LABEL: graph.func @kernel
// CHECK: fuse.kernel pointwise(%arg0) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]> {
// CHECK-NEXT: ^bb0(%{{.*}}: !graph.tensor<f32[n, 4]>):
// CHECK: fuse.return %{{.*}} : !graph.tensor<f32[n, 4]>
graph.func @kernel(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = fuse.kernel pointwise(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n, 4]> {
  ^bb0(%a: !graph.tensor<f32[n, 4]>):
    %e = graph.exp %a : !graph.tensor<f32[n, 4]>
    fuse.return %e : !graph.tensor<f32[n, 4]>
  }
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// Two results, no operand, each anchor.
// CHECK-LABEL: graph.func @anchors
// CHECK: fuse.kernel rows(%arg0)
// CHECK: fuse.kernel columns(%arg0)
// CHECK: fuse.kernel contract(%arg0)
// CHECK: fuse.kernel pointwise() : () -> (!graph.tensor<f32>, !graph.tensor<f32>)
graph.func @anchors(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) attributes {graph.sizes = ["n"]} {
  %r = fuse.kernel rows(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]> {
  ^bb0(%a: !graph.tensor<f32[n, 4]>):
    %s = graph.sum %a [1] : !graph.tensor<f32[n, 4]>
    fuse.return %s : !graph.tensor<f32[n]>
  }
  %c = fuse.kernel columns(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[4]> {
  ^bb0(%a: !graph.tensor<f32[n, 4]>):
    %s = graph.sum %a [0] : !graph.tensor<f32[n, 4]>
    fuse.return %s : !graph.tensor<f32[4]>
  }
  %m = fuse.kernel contract(%x) : (!graph.tensor<f32[n, 4]>) -> !graph.tensor<f32[n]> {
  ^bb0(%a: !graph.tensor<f32[n, 4]>):
    %s = graph.contract %a [0, 1], %a [0, 1] -> [0] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 4]>
    fuse.return %s : !graph.tensor<f32[n]>
  }
  %two:2 = fuse.kernel pointwise() : () -> (!graph.tensor<f32>, !graph.tensor<f32>) {
    %one = graph.constant 1.0 : f32 -> !graph.tensor<f32>
    fuse.return %one, %one : !graph.tensor<f32>, !graph.tensor<f32>
  }
  graph.return
}

// CHECK-LABEL: graph.func @launch
// CHECK: fuse.launch @k0(%arg0) [#graph.size<2*rows>] : (!graph.tensor<f32[2*rows]>) -> !graph.tensor<f32[2*rows]>
graph.func @launch(%x: !graph.tensor<f32[2*rows]> {graph.name = "x"}, %rows: !graph.tensor<f32[rows]> {graph.name = "r"})
    -> (!graph.tensor<f32[2*rows]> {graph.name = "y"}) attributes {graph.sizes = ["rows"]} {
  %y = fuse.launch @k0(%x) [#graph.size<2*rows>] : (!graph.tensor<f32[2*rows]>) -> !graph.tensor<f32[2*rows]>
  graph.return %y : !graph.tensor<f32[2*rows]>
}

// CHECK: fuse.func @k0(%{{.*}}: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
// CHECK-SAME: graph.sizes = ["s0"]
fuse.func @k0(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
    attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
  %y = graph.exp %x : !graph.tensor<f32[s0]>
  fuse.return %y : !graph.tensor<f32[s0]>
}
