//===- Reduction.h - Kernels with reductions --------------------*- C++ -*-===//
//
// What `rows` and `columns` have in common. All reductions of a kernel fold the same axes of one
// iteration space; the other axes, the kept ones, say which tile an element belongs to. A tile is
// computed in passes over its elements: one for the reductions that need no other, one for those
// that need the results of the first, and so on, and a last one for results of the full shape.
//
// The order of merging depends on sizes only. Lanes along a reduced axis accumulate every
// so-many-th element and are merged at the end as a balanced tree; lanes along a kept axis each
// fold their own column from first to last.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_REDUCTION_H
#define TENON_COMPILER_TARGETS_CPU_REDUCTION_H

#include "compiler/targets/cpu/Schedule.h"

namespace tenon::cpu {

class Reduction {
public:
  using Value = mlir::Value;

  /// Finds the reductions of the kernel; what does not fit together is a failure of the schedule.
  explicit Reduction(Schedule &schedule);

  /// Is the innermost axis a reduced one, or is there but one element?
  bool lanesRunAlongRows() const {
    int64_t axis = innermostAxis(sizes);
    return axis < 0 || isReduced(axis);
  }
  bool isReduced(int64_t axis) const { return llvm::is_contained(reducedAxes, axis); }
  llvm::ArrayRef<graph::SizeAttr> getSizes() const { return sizes; }
  /// The sizes with those of the axes for which `drop` holds replaced by 1.
  llvm::SmallVector<graph::SizeAttr> sizesWithout(llvm::function_ref<bool(int64_t)> drop) const;
  /// Elements of the iteration space per kept index.
  graph::SizeAttr elementsPerResult() const;

  /// Lanes run along `axis`; `count` of them, 0 for none.
  void setLanes(int64_t axis, unsigned count) {
    laneAxis = axis;
    laneCount = count;
  }
  /// Computes one tile. `index` has the indices of the kept axes; if the lane axis is a kept one,
  /// `lanes` of its elements are computed.
  void emitTile(llvm::ArrayRef<Value> index, const emit::Lanes &lanes);

private:
  using Values = llvm::SmallVector<Value>;
  using Pass = llvm::SmallVector<graph::ReductionInterface>;
  /// What is done with one element, or some lanes of them.
  using ElementBody = llvm::function_ref<Values(const emit::Point &point, const emit::Lanes &lanes,
                                                mlir::ValueRange carried)>;

  void findPasses();
  unsigned passOf(Value value);
  bool isFullShape(Value tensor) const;
  bool lanesAreReduced() const { return laneCount > 0 && isReduced(laneAxis); }
  emit::Point keptPoint(llvm::ArrayRef<Value> index) const;

  Values forElements(llvm::ArrayRef<Value> index, const emit::Lanes &keptLanes,
                     mlir::ValueRange initial, ElementBody body);
  Values identity(graph::ReductionInterface reduction);
  Values merge(graph::ReductionInterface reduction, mlir::ValueRange left, mlir::ValueRange right);
  Values accumulate(graph::ReductionInterface reduction, Value element, const emit::Point &point,
                    const emit::Lanes &lanes, mlir::ValueRange accumulators);
  /// One scalar of all lanes.
  Values mergeLanes(graph::ReductionInterface reduction, Values accumulators);
  /// The i32 position within the reduced axes.
  Value reducedPosition(const emit::Point &point, const emit::Lanes &lanes);
  /// Computes what is broadcast along the reduced axes and known after `pass` passes, once for all
  /// elements of the tile.
  void emitBroadcastValues(unsigned pass, llvm::ArrayRef<Value> index, emit::ElementEmitter &tile);
  void emitPass(Pass &pass, llvm::ArrayRef<Value> index, const emit::Lanes &lanes,
                emit::ElementEmitter &tile);
  void emitResults(llvm::ArrayRef<Value> index, const emit::Lanes &lanes,
                   emit::ElementEmitter &tile);

  Schedule &schedule;
  emit::KernelBuilder &kernel;
  llvm::SmallVector<graph::SizeAttr> sizes; ///< of the iteration space
  llvm::SmallVector<int64_t> reducedAxes, keptAxes;
  bool isLinear = false; ///< one axis, the row-major position, stands for all
  std::vector<Pass> passes;
  llvm::DenseMap<Value, unsigned> passNumbers;
  int64_t laneAxis = -1;
  unsigned laneCount = 0;
};

/// The two ways to cut a kernel with reductions into tiles, in Rows.cpp and Columns.cpp.
mlir::FailureOr<EmittedKernel> emitRowTiles(Schedule &schedule, Reduction &reduction);
mlir::FailureOr<EmittedKernel> emitColumnTiles(Schedule &schedule, Reduction &reduction);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_REDUCTION_H
