// Contractions that compute an operand while they pack it: the values are those of one kernel per op, with one
// thread and with two, around the borders of register tiles and panels and over many blocks of the sum.
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=0 --size k=3 --size m=9
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=1 --size k=1 --size m=1
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=2 --size k=0 --size m=17
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=5 --size k=7 --size m=16
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=6 --size k=8 --size m=8
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=7 --size k=9 --size m=33
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=145 --size k=65 --size m=31
// RUN: tenon-check-ops %s --values plain --tolerance tensor --size n=13 --size k=1027 --size m=47
// RUN: tenonc %s --emit=fuse -o - | FileCheck %s

// Each is one kernel.
// CHECK-LABEL: graph.func @left_along_sum
// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @left_along_rows
graph.func @left_along_sum(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}, %b: !graph.tensor<f32[k]> {graph.name = "b"}, %w: !graph.tensor<f32[k, m]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %bias = graph.broadcast %b [1] : !graph.tensor<f32[k]> -> !graph.tensor<f32[n, k]>
  %t = graph.add %x, %bias : !graph.tensor<f32[n, k]>
  %y = graph.contract %t [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @right_along_columns
graph.func @left_along_rows(%x: !graph.tensor<f32[k, n]> {graph.name = "x"}, %keep: !graph.tensor<i1[k, n]> {graph.name = "keep"}, %w: !graph.tensor<f32[k, m]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32>
  %zeros = graph.broadcast %zero [] : !graph.tensor<f32> -> !graph.tensor<f32[k, n]>
  %t = graph.select %keep, %x, %zeros : !graph.tensor<f32[k, n]>
  %y = graph.contract %t [1, 0], %w [1, 2] -> [0, 2] : !graph.tensor<f32[k, n]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @right_along_sum
graph.func @right_along_columns(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}, %w: !graph.tensor<f32[k, m]> {graph.name = "w"}, %s: !graph.tensor<f32[m]> {graph.name = "s"}, %r: !graph.tensor<f32[k]> {graph.name = "r"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %scale = graph.broadcast %s [1] : !graph.tensor<f32[m]> -> !graph.tensor<f32[k, m]>
  %row = graph.broadcast %r [0] : !graph.tensor<f32[k]> -> !graph.tensor<f32[k, m]>
  %t = graph.mul %w, %scale : !graph.tensor<f32[k, m]>
  %u = graph.sub %t, %row : !graph.tensor<f32[k, m]>
  %y = graph.contract %x [0, 1], %u [1, 2] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @both
graph.func @right_along_sum(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}, %w: !graph.tensor<f32[m, k]> {graph.name = "w"}, %v: !graph.tensor<f32[m, k]> {graph.name = "v"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %t = graph.mul %w, %v : !graph.tensor<f32[m, k]>
  %y = graph.contract %x [0, 1], %t [2, 1] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[m, k]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// Both operands, and an epilogue that reads what an operand reads.
// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @groups
graph.func @both(%x: !graph.tensor<f64[n, k]> {graph.name = "x"}, %w: !graph.tensor<f64[k, m]> {graph.name = "w"}, %z: !graph.tensor<f64[n, m]> {graph.name = "z"}, %b: !graph.tensor<f64[m]> {graph.name = "b"})
    -> (!graph.tensor<f64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %t = graph.neg %x : !graph.tensor<f64[n, k]>
  %bias = graph.broadcast %b [1] : !graph.tensor<f64[m]> -> !graph.tensor<f64[k, m]>
  %u = graph.add %w, %bias : !graph.tensor<f64[k, m]>
  %p = graph.contract %t [0, 1], %u [1, 2] -> [0, 2] : !graph.tensor<f64[n, k]>, !graph.tensor<f64[k, m]>
  %again = graph.broadcast %b [1] : !graph.tensor<f64[m]> -> !graph.tensor<f64[n, m]>
  %q = graph.add %p, %again : !graph.tensor<f64[n, m]>
  %y = graph.mul %q, %z : !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[n, m]>
}

// Labels beside rows and columns.
// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @two_sums
graph.func @groups(%x: !graph.tensor<f32[3, n, k]> {graph.name = "x"}, %s: !graph.tensor<f32[3]> {graph.name = "s"}, %w: !graph.tensor<f32[3, k, m]> {graph.name = "w"})
    -> (!graph.tensor<f32[3, n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %scale = graph.broadcast %s [0] : !graph.tensor<f32[3]> -> !graph.tensor<f32[3, n, k]>
  %t = graph.mul %x, %scale : !graph.tensor<f32[3, n, k]>
  %y = graph.contract %t [0, 1, 2], %w [0, 2, 3] -> [0, 1, 3] : !graph.tensor<f32[3, n, k]>, !graph.tensor<f32[3, k, m]>
  graph.return %y : !graph.tensor<f32[3, n, m]>
}

// A sum over two axes has no direction of its own.
// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK-LABEL: graph.func @across
graph.func @two_sums(%x: !graph.tensor<f32[n, 2, k]> {graph.name = "x"}, %s: !graph.tensor<f32[2]> {graph.name = "s"}, %w: !graph.tensor<f32[2, k, m]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %scale = graph.broadcast %s [1] : !graph.tensor<f32[2]> -> !graph.tensor<f32[n, 2, k]>
  %t = graph.add %x, %scale : !graph.tensor<f32[n, 2, k]>
  %y = graph.contract %t [0, 1, 2], %w [1, 2, 3] -> [0, 3] : !graph.tensor<f32[n, 2, k]>, !graph.tensor<f32[2, k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// One of what the operand is computed from lies across the other.
// CHECK-COUNT-1: fuse.launch
// CHECK-NOT: fuse.launch
// CHECK: graph.return
graph.func @across(%x: !graph.tensor<f32[n, k]> {graph.name = "x"}, %z: !graph.tensor<f32[k, n]> {graph.name = "z"}, %r: !graph.tensor<f32[n]> {graph.name = "r"}, %w: !graph.tensor<f32[k, m]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"], graph.size_hints = {n = 12, k = 24, m = 40}} {
  %turned = graph.transpose %z [1, 0] : !graph.tensor<f32[k, n]>
  %row = graph.broadcast %r [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, k]>
  %t = graph.add %x, %turned : !graph.tensor<f32[n, k]>
  %v = graph.mul %t, %row : !graph.tensor<f32[n, k]>
  %y = graph.contract %v [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}
