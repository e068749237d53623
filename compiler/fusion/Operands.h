// Contractions that compute an operand while they pack it, instead of reading it from memory.
#ifndef TENON_COMPILER_FUSION_OPERANDS_H
#define TENON_COMPILER_FUSION_OPERANDS_H

#include "compiler/fusion/CostModel.h"

namespace tenon::fusion {

/// The last axis whose size is not 1, along which lanes run; -1 if there is none.
int64_t innermostAxis(llvm::ArrayRef<graph::SizeAttr> sizes);

/// What computing an operand in the contraction takes.
struct OperandPacking {
  /// How often each element is packed, so computed: once for each block of rows or columns of the
  /// other operand that meets it.
  double times = 1;
  /// Per element and time, what packing takes longer than reading the operand from memory.
  double operations = 0;
};

/// Nothing, and in words `reason`, if the schedule of the contraction wants operand `number` (0 or
/// 1) in memory.
std::optional<OperandPacking> packingOf(graph::ContractOp op, unsigned number,
                                        const CostModel &costs, llvm::StringRef &reason);

/// Does the contraction of a kernel read `value` as an operand, or what is computed from it? Then how
/// often each of its elements is computed for that, else 1.
double timesPacked(mlir::Value value, const CostModel &costs);
/// What packing the computed operands of a contraction takes beside computing them.
double packingOperations(graph::ContractOp op, const CostModel &costs);

} // namespace tenon::fusion

#endif
