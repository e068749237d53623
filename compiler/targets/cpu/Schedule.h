//===- Schedule.h - What the schedules of the anchors share -----*- C++ -*-===//
//
// Internal to the CPU target: one schedule per anchor, each in the file of its name.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_SCHEDULE_H
#define TENON_COMPILER_TARGETS_CPU_SCHEDULE_H

#include "compiler/targets/cpu/Kernels.h"
#include "compiler/targets/emit/ElementEmitter.h"
#include "compiler/targets/emit/KernelBuilder.h"

namespace tenon::cpu {

/// A kernel under emission.
struct Schedule {
  Schedule(fuse::FuncOp source, const targets::TargetInfo &target, mlir::OpBuilder &builder);

  fuse::FuncOp source;
  const targets::TargetInfo &target;
  emit::KernelBuilder kernel;
  mlir::ValueRange results; ///< tensors, in order
  /// See EmittedKernel; schedules that do not say otherwise promise nothing.
  llvm::SmallVector<int64_t> tileElements;

  mlir::MLIRContext *getContext() { return source.getContext(); }
  graph::SizeAttr constant(int64_t value) { return graph::SizeAttr::constant(getContext(), value); }
  /// The number of the buffer that holds a result.
  unsigned bufferOfResult(unsigned result) { return source.getNumArguments() + result; }
  unsigned bufferCount() { return source.getNumArguments() + source.getNumResults(); }
  /// Do all buffers lie row-major, but those of `others`?
  bool isRowMajor(llvm::ArrayRef<mlir::Value> others = {});
  /// Computes all results at `point` before it stores the first: one may lie where another's operand
  /// does, see emitKernel.
  void emitResults(emit::ElementEmitter &elements, const emit::Point &point);
  /// The size if it is known or if the kernel carries a hint for its names, else nothing. Only speed
  /// may depend on it.
  std::optional<int64_t> expected(graph::SizeAttr size) const;
  /// Does a tensor take more than half of the second cache, or may it?
  bool isLarge(mlir::Value tensor) const;
  /// Lanes of a vector register of f32. Wider elements take several registers.
  unsigned vectorLanes() const { return target.vectorElements(32); }

  /// Ends the kernel, with tiles of about `elementsPerTile` elements.
  mlir::FailureOr<EmittedKernel> finish(graph::SizeAttr tiles, graph::SizeAttr elementsPerTile,
                                        graph::SizeAttr scratch = {});
  /// The same for a kernel that knows what is worth a thread.
  mlir::FailureOr<EmittedKernel> finishWithGrain(graph::SizeAttr tiles, graph::SizeAttr grain,
                                                 graph::SizeAttr scratch);
};

/// The last axis whose size is not 1: neighbouring elements along it are neighbours in memory. -1
/// if there is none.
int64_t innermostAxis(llvm::ArrayRef<graph::SizeAttr> sizes);

mlir::FailureOr<EmittedKernel> emitPointwise(Schedule &schedule);
mlir::FailureOr<EmittedKernel> emitRows(Schedule &schedule);
mlir::FailureOr<EmittedKernel> emitColumns(Schedule &schedule);
mlir::FailureOr<EmittedKernel> emitContract(Schedule &schedule);
mlir::FailureOr<EmittedKernel> emitMultiTensor(Schedule &schedule);
mlir::FailureOr<EmittedKernel> emitScatter(Schedule &schedule);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_SCHEDULE_H
