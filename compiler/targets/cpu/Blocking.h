//===- Blocking.h - How a contraction is cut --------------------*- C++ -*-===//
//
// A contraction out[m, n] = sum over k of left[m, k] * right[k, n] is computed in register tiles of
// a few rows times a few vectors. Register tiles along n make up panels; a tile of the kernel, the
// unit that threads share, is a block of rows times a few panels; the sum is cut into blocks of
// depth so that a panel's block stays in the first cache and a block of rows in the second. The
// scheme, its names and the rule for the register tile are those of BLIS (Van Zee and van de Geijn,
// "BLIS: A Framework for Rapidly Instantiating BLAS Functionality", ACM TOMS 41(3), 2015).
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_BLOCKING_H
#define TENON_COMPILER_TARGETS_CPU_BLOCKING_H

#include "compiler/targets/TargetInfo.h"
#include <optional>

namespace tenon::cpu {

/// Sizes of a contraction as far as they are known or expected. They steer speed, never results.
struct Extents {
  std::optional<int64_t> rows, columns, depth;
  /// So many columns lie together in a panel, which a register tile should not cut.
  unsigned columnsPerPanel = 1;
};

/// Accumulators held in registers: `rows` times `vectors` of `lanes` elements.
struct RegisterTile {
  unsigned rows, vectors, lanes;
  int64_t width() const { return int64_t(vectors) * lanes; } ///< of a panel, in columns
};

struct Blocking {
  RegisterTile tile;
  int64_t rowsPerTile;   ///< a multiple of tile.rows
  int64_t panelsPerTile;
  int64_t depthPerBlock;
};

/// A left operand that is read across its memory may be this deep before it is packed.
inline constexpr int64_t kDepthWorthPacking = 48;

/// The register tile with the least time, the share of work wasted at the edges included. A step of
/// the sum is bound by multiplications, by loads or by the latency of a multiplication.
RegisterTile chooseRegisterTile(const targets::TargetInfo &target, unsigned elementBits,
                                const Extents &extents);

/// `packsLeft`: every tile copies its block of rows first, which wide tiles pay back.
Blocking chooseBlocking(const targets::TargetInfo &target, unsigned elementBits,
                        const Extents &extents, bool packsLeft);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_BLOCKING_H
