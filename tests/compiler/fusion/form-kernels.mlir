// RUN: %tenonc %s --explain-fusion | FileCheck %s --check-prefix=WHY
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels))' -split-input-file | FileCheck %s
// RUN: tenon-opt %s -pass-pipeline='builtin.module(graph.func(tenon-form-kernels{fuse=false}))' -split-input-file | FileCheck %s --check-prefix=O0

// A contraction takes what follows it elementwise; constants and broadcasts are cloned in.
// CHECK-LABEL: graph.func @dense
// CHECK: fuse.kernel contract(%arg0, %arg1, %arg2)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.contract
// CHECK-NEXT: graph.broadcast
// CHECK-NEXT: graph.add
// CHECK-NEXT: graph.constant 0.0
// CHECK-NEXT: graph.max
// CHECK-NEXT: fuse.return
// CHECK-NOT: fuse.kernel
// O0-LABEL: graph.func @dense
// O0: fuse.kernel contract(%arg0, %arg1)
// O0: fuse.kernel pointwise
// O0: graph.add
// O0: fuse.kernel pointwise
// O0: graph.max
graph.func @dense(%x: !graph.tensor<f32[n, 10]> {graph.name = "x"}, %w: !graph.tensor<f32[4, 10]> {graph.name = "w"},
                  %b: !graph.tensor<f32[4]> {graph.name = "b"}) -> (!graph.tensor<f32[n, 4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %z = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 10]>, !graph.tensor<f32[4, 10]>
  %bb = graph.broadcast %b [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %s = graph.add %z, %bb : !graph.tensor<f32[n, 4]>
  %c = graph.constant 0.0 : f32 -> !graph.tensor<f32[n, 4]>
  %y = graph.max %c, %s : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// Reductions over the same rows, what comes between and what follows are one kernel.
// CHECK-LABEL: graph.func @softmax
// CHECK: fuse.kernel rows(%arg0)
// CHECK: graph.reduce_max
// CHECK: graph.exp
// CHECK: graph.sum
// CHECK: graph.div
// CHECK-NOT: fuse.kernel
graph.func @softmax(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}) -> (!graph.tensor<f32[n, k]> {graph.name = "y"})
    attributes {graph.sizes = ["n", "k"]} {
  %m = graph.reduce_max %x [1] : !graph.tensor<f32[n, k]>
  %mb = graph.broadcast %m [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, k]>
  %d = graph.sub %x, %mb : !graph.tensor<f32[n, k]>
  %e = graph.exp %d : !graph.tensor<f32[n, k]>
  %s = graph.sum %e [1] : !graph.tensor<f32[n, k]>
  %sb = graph.broadcast %s [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, k]>
  %y = graph.div %e, %sb : !graph.tensor<f32[n, k]>
  graph.return %y : !graph.tensor<f32[n, k]>
}

// -----

// Not fused: with equal sizes, a row value repeated along the other axis belongs to another row.
// CHECK-LABEL: graph.func @transposed_rows
// CHECK: fuse.kernel rows
// CHECK: fuse.kernel pointwise
// WHY-LABEL: transposed_rows{{( \(|:)}}
// WHY: - reduce_max ({{[^)]*}}) with sub ({{[^)]*}}): it reads that kernel's values at other indices
graph.func @transposed_rows(%x: !graph.tensor<f32[n, n]> {graph.name = "x"}) -> (!graph.tensor<f32[n, n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %m = graph.reduce_max %x [1] : !graph.tensor<f32[n, n]>
  %mb = graph.broadcast %m [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %y = graph.sub %x, %mb : !graph.tensor<f32[n, n]>
  graph.return %y : !graph.tensor<f32[n, n]>
}

// -----

// A column sum takes its producer only when nobody else needs it.
// CHECK-LABEL: graph.func @column_sum
// CHECK: fuse.kernel columns
// CHECK: graph.mul
// CHECK: graph.sum
// CHECK-NOT: fuse.kernel
graph.func @column_sum(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %q = graph.mul %x, %x : !graph.tensor<f32[n, 4]>
  %y = graph.sum %q [0] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[4]>
}

// -----

// CHECK-LABEL: graph.func @column_sum_escapes
// CHECK: fuse.kernel pointwise
// CHECK: fuse.kernel columns
// WHY-LABEL: column_sum_escapes{{( \(|:)}}
// WHY: - mul ({{[^)]*}}) with sum ({{[^)]*}}): a reduction over columns takes over what it reads only if nothing else reads it
graph.func @column_sum_escapes(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"})
    -> (!graph.tensor<f32[4]> {graph.name = "y"}, !graph.tensor<f32[n, 4]> {graph.name = "q"})
    attributes {graph.sizes = ["n"]} {
  %q = graph.mul %x, %x : !graph.tensor<f32[n, 4]>
  %y = graph.sum %q [0] : !graph.tensor<f32[n, 4]>
  graph.return %y, %q : !graph.tensor<f32[4]>, !graph.tensor<f32[n, 4]>
}

// -----

// Not fused: through a reshape there is memory.
// CHECK-LABEL: graph.func @reshaped
// CHECK: fuse.kernel pointwise
// CHECK: graph.reshape
// CHECK: fuse.kernel pointwise
graph.func @reshaped(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4*n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %q = graph.exp %x : !graph.tensor<f32[n, 4]>
  %r = graph.reshape %q : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[4*n]>
  %y = graph.neg %r : !graph.tensor<f32[4*n]>
  graph.return %y : !graph.tensor<f32[4*n]>
}

// -----

// A group that only one other group reads is taken over by it.
// CHECK-LABEL: graph.func @diamond
// CHECK: fuse.kernel pointwise(%arg0, %arg1)
// CHECK-NOT: fuse.kernel
graph.func @diamond(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %z: !graph.tensor<f32[n]> {graph.name = "z"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.exp %x : !graph.tensor<f32[n]>
  %b = graph.exp %z : !graph.tensor<f32[n]>
  %y = graph.add %a, %b : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// -----

// Not fused: the sum depends on the first kernel, so what reads both cannot join it.
// CHECK-LABEL: graph.func @cycle
// CHECK: fuse.kernel contract
// CHECK: fuse.kernel columns
// CHECK: fuse.kernel pointwise
// WHY-LABEL: cycle{{( \(|:)}}
// WHY: - contraction ({{[^)]*}}) with div ({{[^)]*}}): another of its inputs depends on that kernel and would have to run within it
graph.func @cycle(%x: !graph.tensor<f32[n, n]> {graph.name = "x"}) -> (!graph.tensor<f32[n, n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %a = graph.contract %x [0, 1], %x [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %s = graph.sum %a [0] : !graph.tensor<f32[n, n]>
  %sb = graph.broadcast %s [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %y = graph.div %a, %sb : !graph.tensor<f32[n, n]>
  graph.return %y : !graph.tensor<f32[n, n]>
}

// -----

// A constant that is returned gets a kernel that writes it.
// CHECK-LABEL: graph.func @constant
// CHECK: fuse.kernel pointwise()
// CHECK: graph.constant
graph.func @constant(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> (!graph.tensor<f32[n]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %y = graph.constant 2.0 : f32 -> !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// -----

// What is computed again joins no kernel of what it is computed from, but the one that reads it. Its
// mark is gone afterwards.
// CHECK-LABEL: graph.func @recomputed
// CHECK: %[[H:.*]] = fuse.kernel contract(%arg0, %arg1)
// CHECK: graph.neg
// CHECK-NOT: graph.exp
// CHECK: fuse.kernel contract(%arg0, %[[H]])
// CHECK: graph.exp %{{[a-z0-9]+}} :
// CHECK: graph.mul
// CHECK-NOT: fuse.kernel
// WHY-LABEL: recomputed{{( \(|:)}}
// WHY: - neg ({{[^)]*}}) with exp ({{[^)]*}}): it is computed again for the backward pass, and would be stored there
graph.func @recomputed(%x: !graph.tensor<f32[n, n]> {graph.name = "x"}, %w: !graph.tensor<f32[n, n]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.contract %x [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %h = graph.neg %c : !graph.tensor<f32[n, n]>
  %d = graph.contract %x [0, 1], %h [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %e = graph.exp %h {graph.recomputed} : !graph.tensor<f32[n, n]>
  %y = graph.mul %d, %e : !graph.tensor<f32[n, n]>
  graph.return %y : !graph.tensor<f32[n, n]>
}

// -----

// Nor does it join what is computed again for several, whose result would be stored beside it.
// CHECK-LABEL: graph.func @shared_and_own
// CHECK: %[[H:.*]] = fuse.kernel contract(%arg0, %arg1)
// CHECK: graph.neg
// CHECK-NOT: graph.exp
// CHECK: fuse.kernel contract(%arg0, %[[H]])
// CHECK: graph.exp
// CHECK: graph.mul
// CHECK-NOT: fuse.kernel
graph.func @shared_and_own(%x: !graph.tensor<f32[n, n]> {graph.name = "x"}, %w: !graph.tensor<f32[n, n]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %c = graph.contract %x [0, 1], %w [1, 2] -> [0, 2] {graph.recomputed = "shared"} : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %h = graph.neg %c {graph.recomputed = "shared"} : !graph.tensor<f32[n, n]>
  %d = graph.contract %x [0, 1], %h [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %e = graph.exp %h {graph.recomputed} : !graph.tensor<f32[n, n]>
  %y = graph.mul %d, %e : !graph.tensor<f32[n, n]>
  graph.return %y : !graph.tensor<f32[n, n]>
}

// -----

// What moves elements is cloned into what reads it, like a transpose.
// CHECK-LABEL: graph.func @moves
// CHECK: fuse.kernel pointwise(%arg0, %arg1)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.gather
// CHECK-NEXT: graph.slice
// CHECK-NEXT: graph.pad
// CHECK-NEXT: graph.mul
// CHECK-NEXT: fuse.return
// CHECK-NOT: fuse.kernel
// O0-LABEL: graph.func @moves
// O0: fuse.kernel pointwise(%arg0, %arg1)
// O0-NEXT: ^bb0
// O0-NEXT: graph.gather
graph.func @moves(%t: !graph.tensor<f32[9, 6]> {graph.name = "t"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 6]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %g = graph.gather %t, %ids axis 0 : !graph.tensor<f32[9, 6]>, !graph.tensor<i32[n]>
  %s = graph.slice %g [0, 2] : !graph.tensor<f32[n, 6]> -> !graph.tensor<f32[n, 4]>
  %p = graph.pad %s [0, 1] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 6]>
  %y = graph.mul %g, %p : !graph.tensor<f32[n, 6]>
  graph.return %y : !graph.tensor<f32[n, 6]>
}

// -----

// A slice of what a kernel computes reads other elements of it: they must be in memory.
// CHECK-LABEL: graph.func @slice_of_computed
// CHECK: fuse.kernel pointwise(%arg0)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.exp
// CHECK-NEXT: fuse.return
// CHECK: fuse.kernel pointwise
// CHECK: graph.slice
// CHECK: graph.slice
// CHECK-NEXT: graph.mul
graph.func @slice_of_computed(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %e = graph.exp %x : !graph.tensor<f32[n, 8]>
  %a = graph.slice %e [0, 0] : !graph.tensor<f32[n, 8]> -> !graph.tensor<f32[n, 4]>
  %b = graph.slice %e [0, 4] : !graph.tensor<f32[n, 8]> -> !graph.tensor<f32[n, 4]>
  %y = graph.mul %a, %b : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}

// -----

// Also where the slice has the shape of the kernel: a reversal, say.
// CHECK-LABEL: graph.func @reverse_of_computed
// CHECK: fuse.kernel pointwise(%arg0)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.exp
// CHECK-NEXT: fuse.return
// CHECK: fuse.kernel pointwise
// CHECK: graph.reverse
// CHECK-NEXT: graph.mul
graph.func @reverse_of_computed(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %e = graph.exp %x : !graph.tensor<f32[n]>
  %r = graph.reverse %e [0] : !graph.tensor<f32[n]>
  %y = graph.mul %e, %r : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

// -----

// A scatter stands alone, with its operands in memory.
// CHECK-LABEL: graph.func @scatter
// CHECK: fuse.kernel pointwise(%arg0)
// CHECK: graph.exp
// CHECK: fuse.kernel scatter(%{{.*}}, %arg1)
// CHECK-NEXT: ^bb0
// CHECK-NEXT: graph.scatter_add
// CHECK-NEXT: fuse.return
// CHECK: fuse.kernel pointwise
// CHECK: graph.neg
// WHY-LABEL: scatter{{( \(|:)}}
// WHY: - scatter_add ({{[^)]*}}) with neg ({{[^)]*}}): what that kernel computes is complete only when all of its tiles are
// WHY: - exp ({{[^)]*}}) with scatter_add ({{[^)]*}}): starts a kernel of its own, with its operands in memory
graph.func @scatter(%x: !graph.tensor<f32[n, 6]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[9, 6]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %e = graph.exp %x : !graph.tensor<f32[n, 6]>
  %s = graph.scatter_add %e, %ids axis 0 : !graph.tensor<f32[n, 6]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[9, 6]>
  %y = graph.neg %s : !graph.tensor<f32[9, 6]>
  graph.return %y : !graph.tensor<f32[9, 6]>
}

// -----

// Of two kernels that are as deep a contraction is joined, though the other comes first.
// CHECK-LABEL: graph.func @mask_first
// CHECK: %[[M:.*]] = fuse.kernel pointwise
// CHECK: graph.compare
// CHECK-NOT: graph.select
// CHECK: fuse.kernel contract({{.*}}%[[M]]
// CHECK: graph.contract
// CHECK: graph.select
// CHECK: graph.return
graph.func @mask_first(%m: !graph.tensor<f32[n, 8]> {graph.name = "m"}, %x: !graph.tensor<f32[n, 4]> {graph.name = "x"}, %w: !graph.tensor<f32[4, 8]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 8]> {graph.name = "y"}, !graph.tensor<i1[n, 8]> {graph.name = "kept"}) attributes {graph.sizes = ["n"]} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[n, 8]>
  %kept = graph.compare gt %m, %zero : !graph.tensor<f32[n, 8]>
  %z = graph.contract %x [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[4, 8]>
  %y = graph.select %kept, %z, %zero : !graph.tensor<f32[n, 8]>
  graph.return %y, %kept : !graph.tensor<f32[n, 8]>, !graph.tensor<i1[n, 8]>
}

// -----

// Columns go on with ops of what is left.
// CHECK-LABEL: graph.func @after_columns
// CHECK: fuse.kernel columns(%arg0)
// CHECK: graph.sum
// CHECK-NEXT: graph.exp
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @after_columns(%x: !graph.tensor<f32[n, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[4]> {graph.name = "y"})
    attributes {graph.sizes = ["n"]} {
  %s = graph.sum %x [0] : !graph.tensor<f32[n, 4]>
  %y = graph.exp %s : !graph.tensor<f32[4]>
  graph.return %y : !graph.tensor<f32[4]>
}

// -----

// Not taken over: one of the groups is needed elsewhere too.
// CHECK-LABEL: graph.func @diamond_escapes
// CHECK: fuse.kernel pointwise(%arg{{[01]}})
// CHECK: fuse.kernel pointwise(%{{.*}}, %{{.*}})
// CHECK-NOT: fuse.kernel
// CHECK: graph.return
graph.func @diamond_escapes(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %z: !graph.tensor<f32[n]> {graph.name = "z"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}, !graph.tensor<f32[n]> {graph.name = "a"}, !graph.tensor<f32[n]> {graph.name = "b"})
    attributes {graph.sizes = ["n"]} {
  %a = graph.exp %x : !graph.tensor<f32[n]>
  %b = graph.exp %z : !graph.tensor<f32[n]>
  %y = graph.add %a, %b : !graph.tensor<f32[n]>
  graph.return %y, %a, %b : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
}

// -----

// Not joined: a reduction of what a contraction computes, though its axes are trailing.
// CHECK-LABEL: graph.func @contraction_reduced
// CHECK: fuse.kernel contract
// CHECK-NOT: graph.reduce_max
// CHECK: fuse.kernel rows
// CHECK: graph.reduce_max
// WHY-LABEL: contraction_reduced{{( \(|:)}}
// WHY: - contraction ({{[^)]*}}) with reduce_max ({{[^)]*}}): what that kernel computes is complete only when all of its tiles are
graph.func @contraction_reduced(%x: !graph.tensor<f32[n, 8]> {graph.name = "x"}, %w: !graph.tensor<f32[8, 8]> {graph.name = "w"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %z = graph.contract %x [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 8]>, !graph.tensor<f32[8, 8]>
  %y = graph.reduce_max %z [1] : !graph.tensor<f32[n, 8]>
  graph.return %y : !graph.tensor<f32[n]>
}

// -----

// Not joined: a reduction over other axes of the same shape. Over the same axes it is (@softmax).
// CHECK-LABEL: graph.func @other_axes
// CHECK: fuse.kernel rows
// CHECK: graph.exp
// CHECK: graph.sum
// CHECK: fuse.kernel rows
// CHECK: graph.reduce_max
// WHY-LABEL: other_axes{{( \(|:)}}
// WHY: - sum ({{[^)]*}}) with reduce_max ({{[^)]*}}): a kernel reduces one set of axes
graph.func @other_axes(%x: !graph.tensor<f32[n, 4, 8]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %e = graph.exp %x : !graph.tensor<f32[n, 4, 8]>
  %y = graph.sum %e [2] : !graph.tensor<f32[n, 4, 8]>
  %z = graph.reduce_max %e [1, 2] : !graph.tensor<f32[n, 4, 8]>
  graph.return %y, %z : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>
}

// -----

// Not joined: a reduction of row values, which is of another shape than the rows.
// CHECK-LABEL: graph.func @rows_reduced
// CHECK: fuse.kernel rows
// CHECK: graph.sum
// CHECK: fuse.kernel rows
// CHECK: graph.reduce_max
// WHY-LABEL: rows_reduced{{( \(|:)}}
// WHY: - sum ({{[^)]*}}) with reduce_max ({{[^)]*}}): it reduces another shape than that kernel computes
graph.func @rows_reduced(%x: !graph.tensor<f32[n, 4, 8]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}, !graph.tensor<f32[n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %y = graph.sum %x [2] : !graph.tensor<f32[n, 4, 8]>
  %z = graph.reduce_max %y [1] : !graph.tensor<f32[n, 4]>
  graph.return %y, %z : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n]>
}
