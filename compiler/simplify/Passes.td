// The passes that rewrite entries into simpler ones with the same results.
#ifndef TENON_SIMPLIFY_PASSES
#define TENON_SIMPLIFY_PASSES

include "mlir/Pass/PassBase.td"

def SimplifyPass : Pass<"tenon-simplify", "::tenon::graph::FuncOp"> {
  let summary = "Bring an entry into canonical form, without common or dead ops";
  let description = [{
    Runs folding, the canonicalization patterns of the dialect and the three groups of patterns
    below together, then merges equal ops, until nothing changes. Ops that nothing needs are
    erased.

    Every rewrite keeps every bit of every result (of a NaN, that it is one) under the
    floating-point contract: no sum is reordered, no factor distributed, nothing is assumed to be
    finite or nonzero.

    Before:
    ```mlir
    %zero = graph.constant 0.0 : f32 -> !graph.tensor<f32[4]>
    %0 = graph.transpose %x [1, 0] : !graph.tensor<f32[batch, 4]>
    %1 = graph.transpose %0 [1, 0] : !graph.tensor<f32[4, batch]>
    %2 = graph.sub %1, %y : !graph.tensor<f32[batch, 4]>
    %3 = graph.sub %x, %y : !graph.tensor<f32[batch, 4]>
    graph.return %2, %3 : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch, 4]>
    ```
    After:
    ```mlir
    %0 = graph.sub %x, %y : !graph.tensor<f32[batch, 4]>
    graph.return %0, %0 : !graph.tensor<f32[batch, 4]>, !graph.tensor<f32[batch, 4]>
    ```
  }];
}

def SinkBroadcastsPass : Pass<"tenon-sink-broadcasts", "::tenon::graph::FuncOp"> {
  let summary = "Compute on small tensors first and broadcast afterwards";
  let description = [{
    An elementwise op all of whose operands are broadcast the same way computes each element many
    times. It is moved before the broadcast; constants follow. In the same way it is moved before
    reshapes from one shape, so that it can join what computes that shape.

    Before:
    ```mlir
    %0 = graph.broadcast %a [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
    %1 = graph.broadcast %b [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
    %2 = graph.add %0, %1 : !graph.tensor<f32[batch, 4]>
    ```
    After:
    ```mlir
    %0 = graph.add %a, %b : !graph.tensor<f32[4]>
    %1 = graph.broadcast %0 [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>
    ```
  }];
}

def MergeIndexMapsPass : Pass<"tenon-merge-index-maps", "::tenon::graph::FuncOp"> {
  let summary = "Merge chains of broadcasts, transposes and reshapes";
  let description = [{
    Two ops in a row that only pick elements become one: broadcast of broadcast, transpose of
    transpose, transpose of broadcast, reshape of a broadcast scalar. A contraction takes a
    transpose of an operand, and of its only use, into its labels.

    Before:
    ```mlir
    %0 = graph.transpose %w [1, 0] : !graph.tensor<f32[100, 10]>
    %1 = graph.contract %x [0, 1], %0 [1, 2] -> [0, 2]
        : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[10, 100]>
    ```
    After:
    ```mlir
    %0 = graph.contract %x [0, 1], %w [2, 1] -> [0, 2]
        : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[100, 10]>
    ```
  }];
}

def FoldArithmeticPass : Pass<"tenon-fold-arithmetic", "::tenon::graph::FuncOp"> {
  let summary = "Replace arithmetic by cheaper arithmetic that is exactly equal";
  let description = [{
    `a + -b` and `a - -b` lose the negation, `-a * -b` and `-a / -b` both; division by a power of
    two becomes a multiplication; a conversion to a wider type and back disappears; a selection by
    `not c` swaps its sides, and one by the condition of the selection around it picks a side; a
    contraction that sums one product becomes `a * b + 0`, which fuses like any arithmetic.

    Before:
    ```mlir
    %0 = graph.neg %b : !graph.tensor<f32[batch]>
    %1 = graph.add %a, %0 : !graph.tensor<f32[batch]>
    ```
    After:
    ```mlir
    %0 = graph.sub %a, %b : !graph.tensor<f32[batch]>
    ```
    `-(a - b)` is not `b - a`: where a equals b the one is -0.0, the other 0.0.
  }];
}

def SaveOrRecomputePass : Pass<"tenon-save-or-recompute", "::tenon::graph::FuncOp"> {
  let summary = "Decide which values of the forward pass are stored for the backward pass";
  let description = [{
    In an entry of kind `step`, finds a minimum cut of the values between what the loss depends on
    and the backward pass (see RecomputePlan.h), for the sizes in `graph.size_hints`. What need not
    be stored is computed again by copies of its ops, marked `graph.recomputed`, one for each
    neighbourhood of ops that are likely to share a kernel.

    By default only values are computed again that run inside kernels which the backward pass has
    anyway: elementwise, and read elementwise. Contractions, reductions and what is read from memory
    are stored. Ops marked `graph.remat` are always computed again, in kernels of their own.

    Before:
    ```mlir
    %h = graph.add %c, %bias : !graph.tensor<f32[batch, 8]> // read by a contraction, so stored
    %e = graph.neg %h : !graph.tensor<f32[batch, 8]>
    ...                                                     // the loss, from %e
    %g = graph.mul %adjoint, %e : !graph.tensor<f32[batch, 8]>
    ```
    After:
    ```mlir
    %h = graph.add %c, %bias : !graph.tensor<f32[batch, 8]>
    %e = graph.neg %h : !graph.tensor<f32[batch, 8]>
    ...
    %again = graph.neg %h {graph.recomputed} : !graph.tensor<f32[batch, 8]>
    %g = graph.mul %adjoint, %again : !graph.tensor<f32[batch, 8]>
    ```
  }];
  let options = [
    Option<"segment", "segment", "unsigned", /*default=*/"0",
           "contractions in a row of which nothing inside is stored">,
    Option<"segments", "segments", "unsigned", /*default=*/"~0u", "how many of these">
  ];
}

#endif
