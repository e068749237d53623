// Small kernels that do not depend on each other share a launch. The rules, each firing and not.
// RUN: %tenonc %s --explain-fusion | FileCheck %s --check-prefix=WHY
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-merge-kernels))' --split-input-file | FileCheck %s
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels,tenon-merge-kernels{merge=false}))' --split-input-file | FileCheck %s --check-prefix=ALONE
// ALONE-NOT: multi_tensor

// Kernels of any anchors and shapes; what both read is one argument.
// CHECK-LABEL: graph.func @independent
// CHECK: %[[M:.*]]:2 = fuse.kernel multi_tensor(%arg0, %arg1)
// CHECK-NEXT: ^bb0(%[[X:.*]]: !graph.tensor<f32[n, 4]>, %[[Z:.*]]: !graph.tensor<f32[8]>):
// CHECK-NEXT: %[[A:.*]] = fuse.kernel columns(%[[X]])
// CHECK: %[[B:.*]] = fuse.kernel pointwise(%[[Z]])
// CHECK: fuse.return %[[A]], %[[B]]
// CHECK: graph.return %[[M]]#0, %[[M]]#1
// WHY-LABEL: independent{{( \(|:)}}
// WHY: multi_tensor: 2 independent kernels in one launch, which saves 0.06 us
graph.func @independent(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[8]> {graph.name = "z"})
    -> (!graph.tensor<f32[4]> {graph.name = "s"}, !graph.tensor<f32[8]> {graph.name = "e"}) attributes {graph.sizes = ["n"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[n, 4]>
  %e = graph.exp %z : !graph.tensor<f32[8]>
  graph.return %s, %e : !graph.tensor<f32[4]>, !graph.tensor<f32[8]>
}

// -----

// Not merged: one reads what the other computes, also through a reshape.
// CHECK-LABEL: graph.func @dependent
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @dependent(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4*n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %q = graph.exp %x : !graph.tensor<f32[n, 4]>
  %r = graph.reshape %q : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[4*n]>
  %y = graph.neg %r : !graph.tensor<f32[4*n]>
  graph.return %y : !graph.tensor<f32[4*n]>
}

// -----

// Not merged: a launch is nothing beside kernels that take this long.
// CHECK-LABEL: graph.func @large
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @large(%x: !graph.tensor<f32[4096, 64]> {graph.name = "x"}, %z: !graph.tensor<f32[1024, 512]> {graph.name = "z"})
    -> (!graph.tensor<f32[4096, 64]> {graph.name = "a"}, !graph.tensor<f32[1024, 512]> {graph.name = "b"}) attributes {graph.sizes = []} {
  %a = graph.exp %x : !graph.tensor<f32[4096, 64]>
  %b = graph.exp %z : !graph.tensor<f32[1024, 512]>
  graph.return %a, %b : !graph.tensor<f32[4096, 64]>, !graph.tensor<f32[1024, 512]>
}

// -----

// A small kernel waits for others: the sum of x could run first, but meets the last one.
// CHECK-LABEL: graph.func @waits
// CHECK: fuse.kernel columns(%arg1)
// CHECK: fuse.kernel multi_tensor
// CHECK: fuse.kernel columns
// CHECK: fuse.kernel pointwise
// CHECK: graph.return
graph.func @waits(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %z: !graph.tensor<f32[n, 8]> {graph.name = "z"})
    -> (!graph.tensor<f32[4]> {graph.name = "s"}, !graph.tensor<f32[n, 8]> {graph.name = "e"}) attributes {graph.sizes = ["n"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[n, 4]>
  %t = graph.sum %z [0] : !graph.tensor<f32[n, 8]>
  %tb = graph.broadcast %t [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[n, 8]>
  %e = graph.div %z, %tb : !graph.tensor<f32[n, 8]>
  graph.return %s, %e : !graph.tensor<f32[4]>, !graph.tensor<f32[n, 8]>
}

// -----

graph.param @w : !graph.tensor<f32[8]> = <constant(0.0)>

// Not merged: the update works in place only after the other has read the old value.
// CHECK-LABEL: graph.func @update
// CHECK: fuse.kernel columns
// CHECK: fuse.kernel pointwise
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @update(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"}, %g: !graph.tensor<f32[8]> {graph.name = "g"})
    -> (!graph.tensor<f32[8]> {graph.name = "y"}) attributes {graph.sizes = ["n"], kind = "step"} {
  %w = graph.read @w : !graph.tensor<f32[8]>
  %wb = graph.broadcast %w [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[n, 8]>
  %p = graph.mul %x, %wb : !graph.tensor<f32[n, 8]>
  %y = graph.sum %p [0] : !graph.tensor<f32[n, 8]>
  %u = graph.sub %w, %g : !graph.tensor<f32[8]>
  graph.write @w, %u : !graph.tensor<f32[8]>
  graph.return %y : !graph.tensor<f32[8]>
}

// -----

// Not what would keep more than 32 KiB alive while it waits: the sum of h runs as soon as h is there, that of g,
// which is as large as may be, with the last kernel.
// CHECK-LABEL: graph.func @keeps_much
// CHECK: fuse.kernel multi_tensor
// CHECK: fuse.kernel columns({{.*}}!graph.tensor<f32[64, 129]>
// CHECK: fuse.kernel contract
// CHECK: fuse.kernel contract
// CHECK: fuse.kernel multi_tensor
// CHECK: fuse.kernel multi_tensor
// CHECK: fuse.kernel columns({{.*}}!graph.tensor<f32[64, 128]>
// CHECK: fuse.kernel pointwise
// CHECK: graph.return
graph.func @keeps_much(%u: !graph.tensor<f32[64]> {graph.name = "u"}, %v: !graph.tensor<f32[129]> {graph.name = "v"},
                       %w: !graph.tensor<f32[128]> {graph.name = "w"}, %z: !graph.tensor<f32[8, 8]> {graph.name = "z"})
    -> (!graph.tensor<f32[129]> {graph.name = "s"}, !graph.tensor<f32[128]> {graph.name = "t"}, !graph.tensor<f32[8, 8]> {graph.name = "e"}) attributes {graph.sizes = []} {
  %h = graph.contract %u [0], %v [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[129]>
  %s = graph.sum %h [0] : !graph.tensor<f32[64, 129]>
  %g = graph.contract %u [0], %w [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[128]>
  %t = graph.sum %g [0] : !graph.tensor<f32[64, 128]>
  %a = graph.contract %z [0, 1], %z [1, 2] -> [0, 2] : !graph.tensor<f32[8, 8]>, !graph.tensor<f32[8, 8]>
  %b = graph.contract %a [0, 1], %z [1, 2] -> [0, 2] : !graph.tensor<f32[8, 8]>, !graph.tensor<f32[8, 8]>
  %c = graph.contract %b [0, 1], %z [1, 2] -> [0, 2] : !graph.tensor<f32[8, 8]>, !graph.tensor<f32[8, 8]>
  %d = graph.sum %c [0] : !graph.tensor<f32[8, 8]>
  %db = graph.broadcast %d [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[8, 8]>
  %e = graph.div %c, %db : !graph.tensor<f32[8, 8]>
  graph.return %s, %t, %e : !graph.tensor<f32[129]>, !graph.tensor<f32[128]>, !graph.tensor<f32[8, 8]>
}

// -----

// Not merged where temporaries then no longer fit the second cache: one of these is gone before the next is
// computed.
// CHECK-LABEL: graph.func @peak
// CHECK-NOT: multi_tensor
// CHECK: graph.return
graph.func @peak(%u: !graph.tensor<f32[64]> {graph.name = "u"}, %v: !graph.tensor<f32[1500]> {graph.name = "v"}, %w: !graph.tensor<f32[1500]> {graph.name = "w"})
    -> (!graph.tensor<f32[64]> {graph.name = "s"}, !graph.tensor<f32[64]> {graph.name = "t"}) attributes {graph.sizes = []} {
  %h = graph.contract %u [0], %v [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[1500]>
  %s = graph.sum %h [1] : !graph.tensor<f32[64, 1500]>
  %g = graph.contract %u [0], %w [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[1500]>
  %t = graph.sum %g [1] : !graph.tensor<f32[64, 1500]>
  graph.return %s, %t : !graph.tensor<f32[64]>, !graph.tensor<f32[64]>
}

// -----

// Merged if they fit.
// CHECK-LABEL: graph.func @fits
// CHECK: fuse.kernel multi_tensor
// CHECK-NEXT: ^bb0
// CHECK-COUNT-2: fuse.kernel contract
// CHECK: fuse.kernel multi_tensor
// CHECK-NEXT: ^bb0
// CHECK-COUNT-2: fuse.kernel rows
// CHECK: graph.return
graph.func @fits(%u: !graph.tensor<f32[64]> {graph.name = "u"}, %v: !graph.tensor<f32[750]> {graph.name = "v"}, %w: !graph.tensor<f32[750]> {graph.name = "w"})
    -> (!graph.tensor<f32[64]> {graph.name = "s"}, !graph.tensor<f32[64]> {graph.name = "t"}) attributes {graph.sizes = []} {
  %h = graph.contract %u [0], %v [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[750]>
  %s = graph.sum %h [1] : !graph.tensor<f32[64, 750]>
  %g = graph.contract %u [0], %w [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[750]>
  %t = graph.sum %g [1] : !graph.tensor<f32[64, 750]>
  graph.return %s, %t : !graph.tensor<f32[64]>, !graph.tensor<f32[64]>
}

// -----

// Merged where nothing waits, if only waiting raises the peak: u v' would wait for u r',
// which is read as late. The sum of z shares its launch as it is.
// CHECK-LABEL: graph.func @peak_of_waiting
// CHECK: fuse.kernel multi_tensor
// CHECK-NEXT: ^bb0
// CHECK-NEXT: fuse.kernel rows
// CHECK: fuse.kernel contract
// CHECK-NOT: multi_tensor
// CHECK: graph.return
// WHY-LABEL: peak_of_waiting{{( \(|:)}}
// WHY: - merging small kernels where the last of them can run would raise the peak of temporaries from {{7[0-9]+}} to {{11[0-9]+}} kB
graph.func @peak_of_waiting(%x: !graph.tensor<f32[1500, 64]> {graph.name = "x"}, %m: !graph.tensor<f32[64, 64]> {graph.name = "m"},
                            %u: !graph.tensor<f32[64]> {graph.name = "u"}, %v: !graph.tensor<f32[1500]> {graph.name = "v"}, %z: !graph.tensor<f32[64, 64]> {graph.name = "z"})
    -> (!graph.tensor<f32[64, 64]> {graph.name = "d"}, !graph.tensor<f32[64, 64]> {graph.name = "e"}, !graph.tensor<f32[64]> {graph.name = "q"}) attributes {graph.sizes = []} {
  %q = graph.sum %z [1] : !graph.tensor<f32[64, 64]>
  %c0 = graph.contract %x [0, 1], %m [1, 2] -> [0, 2] : !graph.tensor<f32[1500, 64]>, !graph.tensor<f32[64, 64]>
  %r = graph.sum %c0 [1] : !graph.tensor<f32[1500, 64]>
  %c1 = graph.contract %c0 [0, 1], %m [1, 2] -> [0, 2] : !graph.tensor<f32[1500, 64]>, !graph.tensor<f32[64, 64]>
  %c2 = graph.contract %c1 [0, 1], %m [1, 2] -> [0, 2] : !graph.tensor<f32[1500, 64]>, !graph.tensor<f32[64, 64]>
  %c3 = graph.contract %c2 [0, 1], %m [1, 2] -> [0, 2] : !graph.tensor<f32[1500, 64]>, !graph.tensor<f32[64, 64]>
  %h = graph.contract %u [0], %v [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[1500]>
  %d = graph.contract %h [0, 1], %c3 [1, 2] -> [0, 2] : !graph.tensor<f32[64, 1500]>, !graph.tensor<f32[1500, 64]>
  %g = graph.contract %u [0], %r [1] -> [0, 1] : !graph.tensor<f32[64]>, !graph.tensor<f32[1500]>
  %e = graph.contract %g [0, 1], %c3 [1, 2] -> [0, 2] : !graph.tensor<f32[64, 1500]>, !graph.tensor<f32[1500, 64]>
  graph.return %d, %e, %q : !graph.tensor<f32[64, 64]>, !graph.tensor<f32[64, 64]>, !graph.tensor<f32[64]>
}

// -----

// Merging q into the launch of p moves nothing behind what reads p: the second factor of the last
// product is computed after the first, which would have to wait beside it.
// CHECK-LABEL: graph.func @order
// CHECK: %[[PQ:.*]]:2 = fuse.kernel multi_tensor
// CHECK: %[[FIRST:.*]] = fuse.kernel contract(%{{.*}}, %[[PQ]]#0)
// CHECK: %[[SECOND:.*]] = fuse.kernel contract(%arg0, %arg1)
// CHECK: fuse.kernel contract(%[[FIRST]], %[[SECOND]])
// CHECK: fuse.kernel contract(%arg1, %arg0, %[[PQ]]#1)
graph.func @order(%x: !graph.tensor<f32[256, 256]> {graph.name = "x"}, %w: !graph.tensor<f32[256, 256]> {graph.name = "w"},
                  %z: !graph.tensor<f32[256]> {graph.name = "z"}, %v: !graph.tensor<f32[256]> {graph.name = "v"})
    -> (!graph.tensor<f32[256, 256]> {graph.name = "y"}, !graph.tensor<f32[256, 256]> {graph.name = "u"}) attributes {graph.sizes = []} {
  %p = graph.exp %z : !graph.tensor<f32[256]>
  %pb = graph.broadcast %p [1] : !graph.tensor<f32[256]> -> !graph.tensor<f32[256, 256]>
  %a = graph.contract %x [0, 1], %x [1, 2] -> [0, 2] : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
  %b = graph.contract %a [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
  %first = graph.add %b, %pb : !graph.tensor<f32[256, 256]>
  %second = graph.contract %x [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
  %y = graph.contract %first [0, 1], %second [1, 2] -> [0, 2] : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
  %q = graph.neg %v : !graph.tensor<f32[256]>
  %qb = graph.broadcast %q [1] : !graph.tensor<f32[256]> -> !graph.tensor<f32[256, 256]>
  %c = graph.contract %w [0, 1], %x [1, 2] -> [0, 2] : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
  %u = graph.add %c, %qb : !graph.tensor<f32[256, 256]>
  graph.return %y, %u : !graph.tensor<f32[256, 256]>, !graph.tensor<f32[256, 256]>
}
