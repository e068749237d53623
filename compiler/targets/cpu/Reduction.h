//===- Reduction.h - Kernels with reductions --------------------*- C++ -*-===//
//
// What `rows` and `columns` have in common. All reductions of a kernel fold the same axes of one
// iteration space; the other axes, the kept ones, say which tile an element belongs to. A tile is
// computed in passes over its elements: one for the reductions that need no other, one for those
// that need the results of the first, and so on, and a last one for results of the full shape.
//
// The order of merging depends on sizes only. Lanes along a reduced axis accumulate every
// so-many-th element and are merged at the end as a balanced tree; lanes along a kept axis each
// fold a column of their own. Where a pass computes little per element, every fourth vector, or
// every fourth element of a column, goes to accumulators of its own, so that one merge need not wait
// for the one before; these are merged, as a tree, before the lanes are.
//
// What a pass computes at some cost and a later one needs again, such as the exponentials of a
// softmax, is kept for the length of a row in scratch memory.
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
  void setLanes(int64_t axis, unsigned count);
  /// Bytes of scratch memory that a tile takes.
  graph::SizeAttr scratchBytes() const;
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

  /// The elementwise ops of full shape behind what pass `number` folds or, for the number past the
  /// last, behind the results.
  llvm::SetVector<mlir::Operation *> computedIn(unsigned number) const;
  void findKept();
  /// The axis of the innermost loop over a tile.
  int64_t innermostReduced() const;
  unsigned setsOf(unsigned pass) const;

  /// Runs `body` on the elements of a tile. Of `sets` sets of carried values, which follow on one
  /// another, it is given one at a time.
  Values forElements(llvm::ArrayRef<Value> index, const emit::Lanes &keptLanes,
                     mlir::ValueRange initial, ElementBody body, unsigned sets = 1);
  Values forInnermost(emit::Point &point, const emit::Lanes &keptLanes, int64_t axis,
                      mlir::ValueRange initial, ElementBody body, unsigned sets);
  Values identity(graph::ReductionInterface reduction);
  Values merge(graph::ReductionInterface reduction, mlir::ValueRange left, mlir::ValueRange right);
  Values accumulate(graph::ReductionInterface reduction, Value element, const emit::Point &point,
                    const emit::Lanes &lanes, mlir::ValueRange accumulators);
  /// One scalar of all lanes.
  Values mergeLanes(graph::ReductionInterface reduction, Values accumulators);
  /// The position within the reduced axes of the point's first lane.
  Value positionInRow(const emit::Point &point);
  /// The i32 positions of all lanes.
  Value reducedPosition(const emit::Point &point, const emit::Lanes &lanes);
  void loadKept(unsigned pass, emit::ElementEmitter &elements, const emit::Point &point,
                const emit::Lanes &lanes);
  void storeKept(unsigned pass, emit::ElementEmitter &elements, const emit::Point &point,
                 const emit::Lanes &lanes);
  /// Computes what is broadcast along the reduced axes and known after `pass` passes, once for all
  /// elements of the tile.
  void emitBroadcastValues(unsigned pass, llvm::ArrayRef<Value> index, emit::ElementEmitter &tile);
  void emitPass(unsigned number, llvm::ArrayRef<Value> index, const emit::Lanes &lanes,
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
  /// A value that pass `pass` computes and later ones read from scratch memory.
  struct Kept {
    Value tensor;
    unsigned pass;
    emit::Memory row;
  };
  llvm::SmallVector<Kept> kept;
  int64_t laneAxis = -1;
  unsigned laneCount = 0;
};

/// The two ways to cut a kernel with reductions into tiles, in Rows.cpp and Columns.cpp.
mlir::FailureOr<EmittedKernel> emitRowTiles(Schedule &schedule, Reduction &reduction);
mlir::FailureOr<EmittedKernel> emitColumnTiles(Schedule &schedule, Reduction &reduction);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_REDUCTION_H
