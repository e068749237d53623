// RUN: tenon-opt %s -tenon-save-or-recompute -split-input-file | FileCheck %s

// A relu's mask is read by the backward pass only. It costs a comparison to compute it from the
// result, which is stored for the second contraction, and a byte an element to store it.
// CHECK-LABEL: graph.func @mask
// CHECK: %[[H:.*]] = graph.max
// CHECK-NOT: graph.compare ge
// CHECK: %[[ADJOINT:.*]] = graph.contract %{{.*}} [0, 2], %{{.*}} [2, 1] -> [0, 1]
// CHECK: %[[MASK:.*]] = graph.compare ge %{{.*}}, %[[H]] {graph.recomputed}
// CHECK: graph.select %[[MASK]], %{{.*}}, %[[ADJOINT]]
graph.param @w1 : !graph.tensor<f32[8, 4]> = <constant(0.0)>
graph.param @w2 : !graph.tensor<f32[2, 8]> = <constant(0.0)>
graph.func @mask(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %dy: !graph.tensor<f32[batch, 2]> {graph.name = "dy"})
    -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32[8, 4]> {graph.name = "dw1"}, !graph.tensor<f32[2, 8]> {graph.name = "dw2"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32}, kind = "step"} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[batch, 8]>
  %w1 = graph.read @w1 : !graph.tensor<f32[8, 4]>
  %w2 = graph.read @w2 : !graph.tensor<f32[2, 8]>
  %c = graph.contract %x [0, 1], %w1 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[8, 4]>
  %h = graph.max %zero, %c : !graph.tensor<f32[batch, 8]>
  %y = graph.contract %h [0, 1], %w2 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[2, 8]>
  %loss = graph.sum %y [0, 1] : !graph.tensor<f32[batch, 2]>
  %mask = graph.compare ge %zero, %h : !graph.tensor<f32[batch, 8]>
  %dh = graph.contract %dy [0, 2], %w2 [2, 1] -> [0, 1] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[2, 8]>
  %dw2 = graph.contract %dy [0, 2], %h [0, 1] -> [2, 1] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[batch, 8]>
  %dc = graph.select %mask, %zero, %dh : !graph.tensor<f32[batch, 8]>
  %dw1 = graph.contract %dc [0, 2], %x [0, 1] -> [2, 1] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 4]>
  graph.return %loss, %dw1, %dw2 : !graph.tensor<f32>, !graph.tensor<f32[8, 4]>, !graph.tensor<f32[2, 8]>
}

// -----

// The same behind one output, whose input's gradient is a product without a contraction: it belongs to
// the backward pass since it meets the first layer after the second.
// CHECK-LABEL: graph.func @one_output
// CHECK: %[[H:.*]] = graph.max
// CHECK: %[[MASK:.*]] = graph.compare ge %{{.*}}, %[[H]] {graph.recomputed}
// CHECK: graph.select %[[MASK]]
graph.param @w1 : !graph.tensor<f32[8, 4]> = <constant(0.0)>
graph.param @w2 : !graph.tensor<f32[8]> = <constant(0.0)>
graph.func @one_output(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %t: !graph.tensor<f32[batch]> {graph.name = "t"})
    -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32[8, 4]> {graph.name = "dw1"}, !graph.tensor<f32[8]> {graph.name = "dw2"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32}, kind = "step"} {
  %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[batch, 8]>
  %w1 = graph.read @w1 : !graph.tensor<f32[8, 4]>
  %w2 = graph.read @w2 : !graph.tensor<f32[8]>
  %c = graph.contract %x [0, 1], %w1 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[8, 4]>
  %h = graph.max %zero, %c : !graph.tensor<f32[batch, 8]>
  %y = graph.contract %h [0, 1], %w2 [1] -> [0] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[8]>
  %e = graph.sub %y, %t : !graph.tensor<f32[batch]>
  %square = graph.mul %e, %e : !graph.tensor<f32[batch]>
  %loss = graph.sum %square [0] : !graph.tensor<f32[batch]>
  %mask = graph.compare ge %zero, %h : !graph.tensor<f32[batch, 8]>
  %dy = graph.add %e, %e : !graph.tensor<f32[batch]>
  %dw2 = graph.contract %dy [0], %h [0, 1] -> [1] : !graph.tensor<f32[batch]>, !graph.tensor<f32[batch, 8]>
  %dys = graph.broadcast %dy [0] : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 8]>
  %w2s = graph.broadcast %w2 [1] : !graph.tensor<f32[8]> -> !graph.tensor<f32[batch, 8]>
  %dh = graph.mul %dys, %w2s : !graph.tensor<f32[batch, 8]>
  %dc = graph.select %mask, %zero, %dh : !graph.tensor<f32[batch, 8]>
  %dw1 = graph.contract %dc [0, 2], %x [0, 1] -> [2, 1] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 4]>
  graph.return %loss, %dw1, %dw2 : !graph.tensor<f32>, !graph.tensor<f32[8, 4]>, !graph.tensor<f32[8]>
}

// -----

// The derivative of tanh is computed from its result, wherever two kernels read it once each; the
// tanh itself is stored because it is a contraction's operand, the sum before it is not stored.
// CHECK-LABEL: graph.func @chain
// CHECK: %[[T:.*]] = graph.tanh
// CHECK: graph.contract %{{.*}} [0, 2], %{{.*}} [2, 1] -> [0, 1]
// CHECK: %[[SQUARE:.*]] = graph.mul %[[T]], %[[T]] {graph.recomputed}
// CHECK: %[[SLOPE:.*]] = graph.sub %{{.*}}, %[[SQUARE]] {graph.recomputed}
// CHECK: graph.mul %{{.*}}, %[[SLOPE]]
// CHECK-NOT: graph.recomputed
graph.param @w1 : !graph.tensor<f32[8, 4]> = <constant(0.0)>
graph.param @w2 : !graph.tensor<f32[2, 8]> = <constant(0.0)>
graph.func @chain(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %dy: !graph.tensor<f32[batch, 2]> {graph.name = "dy"})
    -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32[8, 4]> {graph.name = "dw1"}, !graph.tensor<f32[2, 8]> {graph.name = "dw2"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32}, kind = "step"} {
  %one = graph.constant 1.0 : f32 -> !graph.tensor<f32[batch, 8]>
  %w1 = graph.read @w1 : !graph.tensor<f32[8, 4]>
  %w2 = graph.read @w2 : !graph.tensor<f32[2, 8]>
  %c = graph.contract %x [0, 1], %w1 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[8, 4]>
  %h = graph.tanh %c : !graph.tensor<f32[batch, 8]>
  %y = graph.contract %h [0, 1], %w2 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[2, 8]>
  %loss = graph.sum %y [0, 1] : !graph.tensor<f32[batch, 2]>
  %square = graph.mul %h, %h : !graph.tensor<f32[batch, 8]>
  %slope = graph.sub %one, %square : !graph.tensor<f32[batch, 8]>
  %dh = graph.contract %dy [0, 2], %w2 [2, 1] -> [0, 1] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[2, 8]>
  %dw2 = graph.contract %dy [0, 2], %h [0, 1] -> [2, 1] : !graph.tensor<f32[batch, 2]>, !graph.tensor<f32[batch, 8]>
  %dc = graph.mul %dh, %slope : !graph.tensor<f32[batch, 8]>
  %dw1 = graph.contract %dc [0, 2], %x [0, 1] -> [2, 1] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 4]>
  graph.return %loss, %dw1, %dw2 : !graph.tensor<f32>, !graph.tensor<f32[8, 4]>, !graph.tensor<f32[2, 8]>
}

// -----

// Stored: what a contraction of the backward pass reads, what is broadcast, what a reduction gave,
// and what costs more than its bytes.
// CHECK-LABEL: graph.func @stored
// CHECK-NOT: graph.recomputed
graph.param @w1 : !graph.tensor<f32[8, 4]> = <constant(0.0)>
graph.func @stored(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %dy: !graph.tensor<f32[batch, 8]> {graph.name = "dy"})
    -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32[8, 8]> {graph.name = "a"}, !graph.tensor<f32[batch, 4]> {graph.name = "b"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32}, kind = "step"} {
  %w1 = graph.read @w1 : !graph.tensor<f32[8, 4]>
  %c = graph.contract %x [0, 1], %w1 [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[8, 4]>
  %e = graph.erf %c : !graph.tensor<f32[batch, 8]>
  %n = graph.neg %c : !graph.tensor<f32[batch, 8]>
  %s = graph.sum %e [1] : !graph.tensor<f32[batch, 8]>
  %half = graph.mul %s, %s : !graph.tensor<f32[batch]>
  %wide = graph.broadcast %half [0] : !graph.tensor<f32[batch]> -> !graph.tensor<f32[batch, 8]>
  %p = graph.mul %e, %n : !graph.tensor<f32[batch, 8]>
  %q = graph.mul %p, %wide : !graph.tensor<f32[batch, 8]>
  %loss = graph.sum %q [0, 1] : !graph.tensor<f32[batch, 8]>
  %a = graph.contract %dy [0, 1], %n [0, 2] -> [1, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 8]>
  %d = graph.contract %dy [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[8, 8]>
  %d1 = graph.mul %d, %e : !graph.tensor<f32[batch, 8]>
  %d2 = graph.mul %d1, %wide : !graph.tensor<f32[batch, 8]>
  %b = graph.contract %d2 [0, 1], %w1 [1, 2] -> [0, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[8, 4]>
  graph.return %loss, %a, %b : !graph.tensor<f32>, !graph.tensor<f32[8, 8]>, !graph.tensor<f32[batch, 4]>
}

// -----

// Without a loss, or in an entry that does not train, there is no backward pass.
// CHECK-LABEL: graph.func @inference
// CHECK-NOT: graph.recomputed
graph.func @inference(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}) -> (!graph.tensor<f32[batch, 4]> {graph.name = "loss"})
    attributes {graph.sizes = ["batch"], kind = "evaluate"} {
  %a = graph.neg %x : !graph.tensor<f32[batch, 4]>
  %c = graph.contract %a [0, 1], %x [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch, 4]>
  %d = graph.contract %c [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[batch, batch]>, !graph.tensor<f32[batch, 4]>
  graph.return %d : !graph.tensor<f32[batch, 4]>
}

// -----

// A @remat call stores nothing inside, not even contractions; its result is stored as ever. The mark
// is gone afterwards.
// CHECK-LABEL: graph.func @remat
// CHECK: %[[X1:.*]] = graph.contract %arg0 [0, 1]
// CHECK: %[[H:.*]] = graph.neg
// CHECK: %[[AGAIN:.*]] = graph.contract %arg0 [0, 1], %{{.*}} [2, 1] -> [0, 2] {graph.recomputed = "shared"}
// CHECK: %[[E:.*]] = graph.exp %[[AGAIN]] {graph.recomputed = "shared"}
// CHECK: graph.contract %arg1 [0, 1], %[[E]] [0, 2] -> [1, 2]
// CHECK: graph.contract %arg1 [0, 1], %[[H]] [0, 2] -> [1, 2]
// CHECK-NOT: graph.remat
graph.param @w1 : !graph.tensor<f32[8, 4]> = <constant(0.0)>
graph.param @w2 : !graph.tensor<f32[8, 8]> = <constant(0.0)>
graph.func @remat(%x: !graph.tensor<f32[batch, 4]> {graph.name = "x"}, %dy: !graph.tensor<f32[batch, 8]> {graph.name = "dy"})
    -> (!graph.tensor<f32> {graph.name = "loss"}, !graph.tensor<f32[8, 8]> {graph.name = "a"}, !graph.tensor<f32[8, 8]> {graph.name = "b"})
    attributes {graph.sizes = ["batch"], graph.size_hints = {batch = 32}, kind = "step"} {
  %w1 = graph.read @w1 : !graph.tensor<f32[8, 4]>
  %w2 = graph.read @w2 : !graph.tensor<f32[8, 8]>
  %c = graph.contract %x [0, 1], %w1 [2, 1] -> [0, 2] {graph.remat = 0 : i64} : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[8, 4]>
  %e = graph.exp %c {graph.remat = 0 : i64} : !graph.tensor<f32[batch, 8]>
  %m = graph.contract %e [0, 1], %w2 [2, 1] -> [0, 2] {graph.remat = 0 : i64} : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[8, 8]>
  %h = graph.neg %m {graph.remat = 0 : i64} : !graph.tensor<f32[batch, 8]>
  %loss = graph.sum %h [0, 1] : !graph.tensor<f32[batch, 8]>
  %a = graph.contract %dy [0, 1], %e [0, 2] -> [1, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 8]>
  %b = graph.contract %dy [0, 1], %h [0, 2] -> [1, 2] : !graph.tensor<f32[batch, 8]>, !graph.tensor<f32[batch, 8]>
  graph.return %loss, %a, %b : !graph.tensor<f32>, !graph.tensor<f32[8, 8]>, !graph.tensor<f32[8, 8]>
}
