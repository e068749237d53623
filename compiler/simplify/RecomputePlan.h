// Which values of the forward pass the backward pass computes again.
#ifndef TENON_COMPILER_SIMPLIFY_RECOMPUTEPLAN_H
#define TENON_COMPILER_SIMPLIFY_RECOMPUTEPLAN_H

#include "compiler/simplify/RecomputePolicy.h"
#include "dialects/graph/Graph.h"
#include "llvm/ADT/DenseSet.h"

namespace tenon::simplify {

/// The plan of one entry with a loss.
///
/// The forward side is what the loss depends on, and what can be computed from that without a
/// contraction, such as the mask of a relu that only the backward pass reads. The backward side is
/// what depends on a contraction after that; the rest of the optimizer is on neither side.
/// A value of the forward side that the other reads is stored from then on, or computed again there
/// from values that are stored. Which is best is a minimum cut:
///
///   source -> in(v)     the cost of computing v again; infinite if it cannot be
///   in(v)  -> out(v)    the cost of storing v: its bytes
///   out(u) -> in(v)     infinite, for each operand u of v
///   out(v) -> sink      infinite, where the backward side reads v
///
/// v is stored if the cut runs between in(v) and out(v), and computed again if both lie on the
/// sink's side. Arguments, parameters and old states stay in memory anyway and cost nothing.
///
/// Inside a call marked @remat (ops with the attribute `graph.remat`, a number that they share)
/// nothing is stored but what leaves the call.
class RecomputePlan {
public:
  RecomputePlan(graph::FuncOp entry, mlir::Value loss, const RecomputePolicy &policy);

  bool isBackward(mlir::Operation *op) const { return backward.contains(op); }
  bool isRecomputed(mlir::Value value) const { return recomputed.contains(value); }
  /// Whether a value that is computed again takes a kernel, so that all readers share one copy;
  /// otherwise each kernel that reads it computes it.
  bool isSharedCopy(mlir::Value value) const;

private:
  void findForward(mlir::Value loss);
  void markRegions();
  void markSegments();
  void findRelevant();
  void cut();

  bool mayRecompute(mlir::Value value) const;
  bool isInsideCall(mlir::Value value) const;
  bool isKeptAnyway(mlir::Value value) const;
  bool isReadFromMemory(mlir::Value value) const;
  int64_t costOfStoring(mlir::Value value) const;
  int64_t costOfRecomputing(mlir::Value value) const;
  /// The number of the @remat call that an op belongs to, or -1.
  int64_t regionOf(mlir::Operation *op) const;

  graph::FuncOp entry;
  RecomputePolicy policy;
  int64_t costPerFlop = 0;
  llvm::DenseSet<mlir::Operation *> ancestors; ///< of the loss
  llvm::DenseSet<mlir::Operation *> forward, backward;
  llvm::DenseMap<mlir::Operation *, int64_t> regions;
  llvm::SetVector<mlir::Value> relevant; ///< forward values that the backward side may need
  llvm::DenseSet<mlir::Value> recomputed;
};

} // namespace tenon::simplify

#endif
