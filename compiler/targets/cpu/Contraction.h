//===- Contraction.h - Kernels around one contraction -----------*- C++ -*-===//
//
// What the schedules of a contraction need to know of it: which of its labels are rows, columns,
// sums, and how to address an operand by labels.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_CONTRACTION_H
#define TENON_COMPILER_TARGETS_CPU_CONTRACTION_H

#include "compiler/targets/cpu/Blocking.h"
#include "compiler/targets/cpu/Schedule.h"

namespace tenon::cpu {

/// The value of each label.
class LabelIndex {
public:
  void set(int64_t label, mlir::Value index) { values[label] = index; }
  void set(llvm::ArrayRef<int64_t> labels, mlir::ValueRange indices) {
    for (auto [label, index] : llvm::zip(labels, indices))
      set(label, index);
  }
  /// The indices of a tensor with these labels; lanes run along `laneLabel` if it is one of them.
  emit::Point point(llvm::ArrayRef<int64_t> labels, int64_t laneLabel = -1) const;

private:
  llvm::DenseMap<int64_t, mlir::Value> values;
};

/// One operand: a tensor and the label of each of its axes.
struct LabelledTensor {
  mlir::Value tensor;
  llvm::ArrayRef<int64_t> labels;
  emit::Layout layout; ///< row-major for what is not in memory

  bool has(int64_t label) const { return llvm::is_contained(labels, label); }
  /// Does it lie in memory with a stride along every label? Else its elements are asked for one by
  /// one, unless the schedule knows panels.
  bool isInMemory() const { return llvm::isa<mlir::BlockArgument>(tensor) && !layout.isPacked(); }
  /// Does it lie in panels of neighbours along the label, each a number of whole vectors?
  bool isPackedAlong(int64_t label, unsigned lanes) const;
  /// The distance in memory of neighbours along the label's axis, in panels that of neighbours
  /// inside one.
  graph::SizeAttr strideOf(int64_t label) const;
  /// The buffer of an operand that lies in memory, in whatever layout, and the position of the
  /// element at the labels' values.
  emit::Memory memory(emit::KernelBuilder &kernel) const;
  mlir::Value positionAt(emit::KernelBuilder &kernel, const LabelIndex &index) const;
};

/// The contraction of a kernel, as out = sum of left * right: right has the label along which the
/// elements of the result are neighbours in memory, if only one operand has it. Results in panels
/// decide before those that are row-major, so that an update in place writes whole vectors.
struct Contraction {
  /// Finds it; if there is not exactly one, the schedule fails and `op` is null.
  explicit Contraction(Schedule &schedule);

  graph::ContractOp op;
  mlir::Value result;
  LabelledTensor left, right;
  llvm::ArrayRef<int64_t> out;
  llvm::SmallVector<int64_t> summed; ///< labels missing in out, in the order of right's axes
  /// The last labels of `summed` that every operand in memory steps through as if they were one:
  /// the depth of the contraction. The rest are `outerSummed`.
  llvm::SmallVector<int64_t> depthLabels, outerSummed;
  int64_t laneLabel = -1; ///< of the innermost axis of out; -1: none, or in both operands
  int64_t rowLabel = -1;  ///< the innermost label of out that left alone has; -1: none

  graph::SizeAttr sizeOf(int64_t label) const;
  llvm::SmallVector<graph::SizeAttr> sizesOf(llvm::ArrayRef<int64_t> labels) const;
  graph::SizeAttr depth() const;
  /// The distance in memory from one step of the depth to the next.
  graph::SizeAttr depthStride(const LabelledTensor &operand) const;
  /// Can dot products run along the memory of both operands? The right one may lie in panels of
  /// steps, each a number of `lanes`.
  bool isAlongDepth(unsigned lanes) const;
  /// Does the right operand lie so?
  bool hasPanelsOfSteps(unsigned lanes) const;
  void findDepth();
  mlir::Type elementType() const { return graph::tensorType(left.tensor).getElementType(); }
};

/// Computes the kernel's results from the contraction's element at `point`, and stores them.
void emitEpilogue(Schedule &schedule, const Contraction &contraction, const emit::Point &point,
                  const emit::Lanes &lanes, mlir::Value element);

/// Do the epilogue's operations on a whole register tile take little code?
bool isLightEpilogue(const Schedule &schedule);

/// `count` elements of the result from `first` on along `label` (-1: one element), summed together
/// where `contraction.isAlongDepth`. Unless `isWhole`, elements beyond the
/// last repeat it. Sets the label and those of the sums in `index`.
llvm::SmallVector<mlir::Value>
emitDotProductsTogether(Schedule &schedule, const Contraction &contraction, LabelIndex &index,
                        int64_t label, mlir::Value first, unsigned count, bool isWhole);

/// Lanes along the result: panels of columns times blocks of rows, in Panels.cpp.
mlir::FailureOr<EmittedKernel> emitPanels(Schedule &schedule, const Contraction &contraction);
/// Lanes along the sum, a few elements of the result at a time, in DotProducts.cpp.
mlir::FailureOr<EmittedKernel> emitDotProducts(Schedule &schedule, const Contraction &contraction);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_CONTRACTION_H
