//===- ComputedOperand.h - Operands that no memory holds --------*- C++ -*-===//
#ifndef TENON_COMPILER_TARGETS_CPU_COMPUTEDOPERAND_H
#define TENON_COMPILER_TARGETS_CPU_COMPUTEDOPERAND_H

#include "compiler/targets/cpu/Contraction.h"
#include "compiler/targets/cpu/Packing.h"

namespace tenon::cpu {

/// An operand that is computed while it is packed. Vectors of it run along its rows (of a left
/// operand) or columns (of a right one), or along the sum, whichever more of what it is computed
/// from has as neighbours in memory.
class ComputedOperand {
public:
  /// `label` is that of rows or columns; -1: there is one.
  ComputedOperand(emit::KernelBuilder &kernel, const Contraction &contraction,
                  const LabelledTensor &operand, int64_t label, unsigned lanes);

  /// Packs `depth` steps from step `firstStep` on, of `block.width` rows or columns from `first` on;
  /// those beyond the last, if not `isWhole`, repeat one or hold anything. `index` has the other
  /// labels. Writes beyond the block as `packNeighbouringSteps` does.
  void pack(LabelIndex index, mlir::Value firstStep, mlir::Value depth,
            std::optional<int64_t> knownDepth, mlir::Value first, bool isWhole,
            const PackedBlock &block) const;

  /// Do vectors run along the sum?
  bool isAlongSum() const { return along == Along::Sum; }
  /// The same steps of rows [row, endRow), each row as a whole: that number r begins at `origin` +
  /// r * `distance`, a multiple of the lanes that holds the steps. Vectors must run along the sum.
  void computeRows(LabelIndex index, mlir::Value firstStep, mlir::Value depth,
                   std::optional<int64_t> knownDepth, mlir::Value row, mlir::Value endRow,
                   const emit::Memory &memory, mlir::Value origin, int64_t distance) const;

private:
  enum class Along { Label, Sum, Nothing };
  Along chooseDirection() const;
  int score(int64_t candidate) const;
  mlir::Value at(const LabelIndex &index, const emit::Lanes &active, int64_t laneLabel) const;

  emit::KernelBuilder &kernel;
  const Contraction &contraction;
  const LabelledTensor &operand;
  int64_t label;
  unsigned lanes;
  Along along;
};

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_COMPUTEDOPERAND_H
