//===- Packing.h - Copies of operands in the order they are read -*- C++ -*-===//
//
// The micro-kernel reads, for each step of the sum, a few elements of the left operand and a few
// vectors of the right one. A packed block holds them next to each other: element (k, i) of a block
// of `width` elements a step lies at k * width + i.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_PACKING_H
#define TENON_COMPILER_TARGETS_CPU_PACKING_H

#include "compiler/targets/emit/KernelBuilder.h"

namespace tenon::cpu {

/// Elements of an operand: number i of step k lies at origins[i] + k * stride. For the left operand
/// an origin is that of a row, for the right one that of a vector of columns.
struct Streams {
  emit::Memory memory;
  llvm::SmallVector<mlir::Value> origins;
  mlir::Value stride;
};

/// Where a packed block lies.
struct PackedBlock {
  emit::Memory memory;
  mlir::Value origin;
  unsigned width;

  /// Every `distance`-th element of a step: 1 for rows, the number of lanes for vectors.
  Streams streams(emit::KernelBuilder &kernel, unsigned distance) const;
};

/// Packs `depth` steps of `block.width` streams whose steps are neighbours in memory (stride 1), by
/// transposing squares of `lanes` elements. A width that is not a multiple of `lanes` must be less
/// than it; then up to `lanes` elements beyond the block are written too, and so is a block whose
/// depth is rounded up to `lanes`.
void packNeighbouringSteps(emit::KernelBuilder &kernel, const Streams &streams, mlir::Value depth,
                           std::optional<int64_t> knownDepth, const PackedBlock &block,
                           unsigned lanes);

/// Packs `depth` steps of which `count` elements are neighbours in memory, from the one stream on;
/// what is missing to the width becomes 0. Same rule for the width.
void packNeighbouringElements(emit::KernelBuilder &kernel, const Streams &first, mlir::Value count,
                              bool isWhole, mlir::Value depth, const PackedBlock &block,
                              unsigned lanes);

/// Packs `strips` blocks side by side, whose elements follow each other in every step of the one
/// stream; block i lies at `first` plus i times `distance`. Reads whole vectors, which must exist,
/// and writes up to `lanes` elements beyond each block.
void packStrips(emit::KernelBuilder &kernel, const Streams &stream, mlir::Value depth,
                const PackedBlock &first, int64_t strips, int64_t distance, unsigned lanes);

/// A vector of an operand at step k, from row or column number i on. `active` lanes of it matter.
using PackedVector = llvm::function_ref<mlir::Value(mlir::Value k, unsigned i,
                                                    const emit::Lanes &active)>;

/// As packNeighbouringSteps, of vectors that run along the steps.
void packSteps(emit::KernelBuilder &kernel, mlir::Value depth, std::optional<int64_t> knownDepth,
               const PackedBlock &block, unsigned lanes, PackedVector vector);
/// As packNeighbouringElements, of vectors that run along rows or columns. In each at least one lane
/// is active, though it may lie beyond `count`.
void packVectors(emit::KernelBuilder &kernel, mlir::Value count, bool isWhole, mlir::Value depth,
                 const PackedBlock &block, unsigned lanes, PackedVector vector);

/// Packs `depth` steps of whatever `element` gives for step k and number i.
void packElements(emit::KernelBuilder &kernel, mlir::Value depth, const PackedBlock &block,
                  unsigned lanes,
                  llvm::function_ref<mlir::Value(mlir::Value k, unsigned i)> element);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_PACKING_H
