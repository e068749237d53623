//===- OneRow.h - Contractions with one row ---------------------*- C++ -*-===//
//
// A matrix times one vector: every element of the right operand is used once, so its memory is what
// takes time and a copy of it would take more. A batch of one example comes here.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_ONEROW_H
#define TENON_COMPILER_TARGETS_CPU_ONEROW_H

#include "compiler/targets/cpu/Contraction.h"

namespace tenon::cpu {

class OneRow {
public:
  /// `columnsPerTile`: the most that `emitColumns` is ever asked for at once.
  OneRow(Schedule &schedule, const Contraction &contraction, int64_t columnsPerTile);

  /// Can the operands be read where they lie?
  static bool isPossible(const Schedule &schedule, const Contraction &contraction);
  /// Bytes of scratch memory that `emitColumns` needs at `offset`.
  int64_t scratchBytes() const;

  /// Computes and stores columns [first, end) of the row. `index` holds the values of the labels of
  /// the result other than the lane label; those of the row label and of the sums are set here.
  void emitColumns(LabelIndex &index, mlir::Value first, mlir::Value end, int64_t scratchOffset);

  /// Columns that are computed at once.
  int64_t width() const { return int64_t(vectors) * lanes; }

private:
  using Value = mlir::Value;
  void emitGroup(LabelIndex &index, Value first, llvm::ArrayRef<emit::Lanes> parts);
  void emitDotProductGroup(LabelIndex &index, Value first, const emit::Lanes &active);
  void emitEpilogueOfGroup(LabelIndex &index, Value first, llvm::ArrayRef<emit::Lanes> parts,
                           llvm::ArrayRef<Value> values);

  Schedule &schedule;
  const Contraction &contraction;
  emit::KernelBuilder &kernel;
  bool isAlongDepth; ///< are steps of the sum neighbours in the right operand?
  bool isLight;      ///< the epilogue
  bool hasOneGroup = false; ///< are all columns one group?
  unsigned lanes, vectors = 1;
  emit::Memory sums;
};

/// The schedule of a contraction that is known to have one row.
mlir::FailureOr<EmittedKernel> emitOneRow(Schedule &schedule, const Contraction &contraction);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_ONEROW_H
