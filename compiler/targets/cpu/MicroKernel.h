//===- MicroKernel.h - The inner loops of a contraction ---------*- C++ -*-===//
#ifndef TENON_COMPILER_TARGETS_CPU_MICROKERNEL_H
#define TENON_COMPILER_TARGETS_CPU_MICROKERNEL_H

#include "compiler/targets/cpu/Packing.h"

namespace tenon::cpu {

/// Adds to `sums` the products of `depth` steps: sum number r * V + v, a vector, gets
/// left[r] * right[v] of each step, in the order of the steps. `lanes` holds those of each of the V
/// vectors, or one entry for all.
llvm::SmallVector<mlir::Value> multiplyAdd(emit::KernelBuilder &kernel, const Streams &left,
                                           const Streams &right,
                                           llvm::ArrayRef<emit::Lanes> lanes,
                                           mlir::Value depth, llvm::ArrayRef<mlir::Value> sums);

/// As `multiplyAdd` for one row whose steps are neighbours in memory, with `lanes` for each vector.
/// One load gets the row's elements of several steps: where every vector is read once, the loads of
/// these limit the speed, and others beside them cost. Nothing is read beyond the row.
llvm::SmallVector<mlir::Value> multiplyAddRow(emit::KernelBuilder &kernel, const Streams &row,
                                              const Streams &right,
                                              llvm::ArrayRef<emit::Lanes> lanes, mlir::Value depth,
                                              std::optional<int64_t> knownDepth,
                                              llvm::ArrayRef<mlir::Value> sums);

/// Dot products over streams whose steps are neighbours in memory: number i is the sum of
/// left[min(i, last)] * right[i]. Lanes and a second accumulator sum every so-many-th product each
/// and are added as a balanced tree at the end. Scalars.
struct DotProductSums {
  /// Lanes run along the steps.
  DotProductSums(emit::KernelBuilder &kernel, mlir::Type elementType, unsigned count,
                 unsigned lanes);
  /// Adds `depth` more steps.
  void add(const Streams &left, const Streams &right, mlir::Value depth,
           std::optional<int64_t> knownDepth);
  llvm::SmallVector<mlir::Value> finish();

  emit::KernelBuilder &kernel;
  unsigned count, lanes, parts; ///< `parts` accumulators for each of `count` sums
  llvm::SmallVector<mlir::Value> sums;
};

/// The sum of all lanes, as a balanced tree.
mlir::Value sumLanes(emit::KernelBuilder &kernel, mlir::Value vector);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_MICROKERNEL_H
