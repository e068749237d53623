// Pointwise kernels are computed again where they are read, if that is faster. Each rule, firing and not.
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-inline-producers))' --split-input-file | FileCheck %s

// A number that every element reads.
// CHECK-LABEL: graph.func @number
// CHECK: fuse.kernel pointwise(%arg0)
// CHECK: graph.size
// CHECK: graph.div
// CHECK: graph.mul
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @number(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %one = graph.constant 1.0 : f32 -> !graph.tensor<f32>
  %n = graph.size <n> : !graph.tensor<f32>
  %r = graph.div %one, %n : !graph.tensor<f32>
  %rb = graph.broadcast %r [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %rb : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// Into all readers.
// CHECK-LABEL: graph.func @readers
// CHECK: fuse.kernel pointwise(%arg0, %arg2, %arg3)
// CHECK: graph.mul
// CHECK: graph.add
// CHECK: fuse.kernel pointwise(%arg1, %arg2, %arg3)
// CHECK: graph.mul
// CHECK: graph.add
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @readers(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[m, 4]> {graph.name = "z"},
                    %a: !graph.tensor<f32[4]> {graph.name = "a"}, %b: !graph.tensor<f32[4]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[m, 4]> {graph.name = "u"})
    attributes {graph.sizes = ["n", "m"]} {
  %p = graph.mul %a, %b : !graph.tensor<f32[4]>
  %pn = graph.broadcast %p [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.add %x, %pn : !graph.tensor<f32[n, 4]>
  %pm = graph.broadcast %p [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[m, 4]>
  %u = graph.add %z, %pm : !graph.tensor<f32[m, 4]>
  graph.return %y, %u : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[m, 4]>
}

// -----

// Not what costs much and would be computed for every row.
// CHECK-LABEL: graph.func @costly
// CHECK: fuse.kernel pointwise(%arg1)
// CHECK: graph.tanh
// CHECK: fuse.kernel pointwise(%arg0, %{{.*}})
// CHECK: graph.return
graph.func @costly(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[4]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.tanh %z : !graph.tensor<f32[4]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %tb : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// Not what a contraction reads: its operands stand in memory.
// CHECK-LABEL: graph.func @operand
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel contract
// CHECK: graph.return
graph.func @operand(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %w: !graph.tensor<f32[4, 8]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.neg %x : !graph.tensor<f32[n, 4]>
  %y = graph.contract %t [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4, 8]>
  graph.return %y : !graph.tensor<f32[n, 8]>
}

// -----

graph.param @w : !graph.tensor<f32[4]> = <constant(0.0)>

// Not what reads a variable that the entry updates: the old value would be needed longer.
// CHECK-LABEL: graph.func @variable
// CHECK: fuse.kernel pointwise
// CHECK: graph.neg
// CHECK: fuse.kernel pointwise
// CHECK: graph.return
graph.func @variable(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %g: !graph.tensor<f32[4]> {graph.name = "g"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[4]>
  %t = graph.neg %w : !graph.tensor<f32[4]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %x, %tb : !graph.tensor<f32[n, 4]>
  graph.write @w, %g : !graph.tensor<f32[4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}
