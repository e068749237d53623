// How long a kernel takes: a roofline over what it computes and what it moves.
//
// time = max(operations / rate, bytes / bandwidth) + launch. Bytes are those of arguments and
// results, once each; the bandwidth is that of the smallest cache that holds them. Operations are
// weighed by the scalar bodies of ops, so no op is known by name; those of an operand that a
// contraction computes count each time it is packed. The figures are for one thread and
// for comparing alternatives: nothing that a program computes depends on them.
#ifndef TENON_COMPILER_FUSION_COSTMODEL_H
#define TENON_COMPILER_FUSION_COSTMODEL_H

#include "compiler/targets/TargetInfo.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"

namespace tenon::fusion {

enum class Bound { Launch, Computation, Bandwidth };

/// Of one kernel, in nanoseconds, operations of one element, and bytes.
struct Cost {
  double operations = 0; ///< a division counts as several
  double bytes = 0;
  double computeNs = 0, memoryNs = 0, launchNs = 0;
  llvm::StringRef level; ///< "L1", "L2", "L3" or "memory": where the bytes are

  double workNs() const { return std::max(computeNs, memoryNs); }
  double totalNs() const { return workNs() + launchNs; }
  Bound bound() const;
};

/// What one kernel takes less than several, in nanoseconds and in bytes read and written.
struct Saving {
  double ns = 0, bytes = 0;
};

class CostModel {
public:
  /// `function` has the size hints. A size without one counts as kUnknownSize.
  CostModel(const targets::TargetInfo &target, mlir::Operation *function);

  static constexpr int64_t kUnknownSize = 64;
  /// An op that costs more a result element is not computed twice.
  static constexpr double kCheapOperations = 16;

  int64_t valueOf(graph::SizeAttr size) const;
  /// What is known or expected of a size, if anything is.
  std::optional<int64_t> expected(graph::SizeAttr size) const;
  double elementsOf(mlir::Value tensor) const;
  double bytesOf(mlir::Value tensor) const;
  /// Operations per element of the result, or of the operand of a reduction.
  double operationsPerElement(mlir::Operation *op) const;
  /// Operations of the whole op.
  double operationsOf(mlir::Operation *op) const;

  /// How much longer ops of the whole shape take in this kernel because lanes are empty at the end of
  /// each row: 1 or more. A kernel in which only the position of an element matters has no rows.
  double emptyLanes(fuse::KernelOp kernel) const;
  /// The same of one row.
  double emptyLanes(llvm::ArrayRef<graph::SizeAttr> shape) const;

  Cost costOf(fuse::KernelOp kernel) const;
  /// Of work that reads and writes `bytes`, without a launch.
  Cost costOf(double operations, double bytes) const;

  /// Of `op`, part of a kernel, in a kernel of its own with the constants, index maps and moves that it reads.
  Cost costAlone(mlir::Operation *op) const;

  const targets::TargetInfo &getTarget() const { return target; }

private:
  const targets::TargetInfo &target;
  mlir::Operation *function;
};

} // namespace tenon::fusion

#endif
