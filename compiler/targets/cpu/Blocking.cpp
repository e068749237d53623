//===- Blocking.cpp - How a contraction is cut ----------------------------===//

#include "compiler/targets/cpu/Blocking.h"
#include "llvm/Support/MathExtras.h"
#include <algorithm>

using llvm::alignTo;
using llvm::divideCeil;

namespace tenon::cpu {

// Throughput of the processors of the last ten years: two multiplications and two loads per cycle,
// and a multiplication takes four.
static constexpr unsigned kMultiplicationsPerCycle = 2, kLoadsPerCycle = 2, kLatency = 4;
/// Each row takes a general register for its address where not all of a register tile's exist.
static constexpr unsigned kMostRows = 8;
/// A block of rows has at most so many, so that there are tiles to share.
static constexpr int64_t kMostRowsPerTile = 216;
/// Pieces of work that leave a few threads something to share evenly; fewer where each begins with a
/// copy of its rows.
static constexpr int64_t kTilesWanted = 16, kTilesWantedOfPacked = 8;

/// Quarters of a cycle that a register tile takes: so many a step of the sum, where as many chains as
/// just hide the latency leave a little of it, one a step for the loop, and those to find each row of
/// the operand and of the result. Measured: 8x1 tiles with 10 steps took 83 cycles, 4x2 tiles 64 and
/// with 64 steps 280; a weight gradient of 1024x1024 in 5x2 tiles 5.68 ms, in 6x2 tiles 5.46.
static int64_t timePerTile(unsigned rows, unsigned vectors, int64_t depth) {
  constexpr int64_t kPerRow = 18, kPerStep = 1;
  int64_t perStep = std::max({4 * rows * vectors / kMultiplicationsPerCycle,
                              4 * (rows + vectors) / kLoadsPerCycle, 4 * kLatency + 1});
  return depth * (perStep + kPerStep) + rows * kPerRow;
}

RegisterTile chooseRegisterTile(const targets::TargetInfo &target, unsigned elementBits,
                                const Extents &extents) {
  unsigned lanes = target.vectorElements(elementBits);
  // Sizes that are unknown are large and divide well.
  constexpr int64_t kLarge = 27720;
  int64_t rows = std::max<int64_t>(extents.rows.value_or(kLarge), 1);
  int64_t depth = std::max<int64_t>(extents.depth.value_or(kLarge), 1);
  int64_t vectors = divideCeil(std::max<int64_t>(extents.columns.value_or(kLarge), 1), lanes);

  auto isPossible = [&](unsigned r, unsigned v) {
    if (r * v + v + 1 > target.vectorRegisters || int64_t(r) > rows || int64_t(v) > vectors)
      return false;
    // Panels lie far apart, at distances that are often multiples of a cache's ways.
    unsigned width = v * lanes, panel = extents.columnsPerPanel;
    return panel == 1 || width <= panel || (width % panel == 0 && width <= 2 * panel);
  };
  auto timeOf = [&](unsigned r, unsigned v) {
    return divideCeil(rows, r) * divideCeil(vectors, v) * timePerTile(r, v, depth);
  };
  // From few to many vectors: fewer columns leave more of the first cache to rows, so more have to be
  // better by what the model can tell; and from many rows to few, which take more loads.
  RegisterTile best{1, 1, lanes};
  for (unsigned v = 1; v < target.vectorRegisters; ++v)
    for (unsigned r = std::min(lanes, kMostRows); r > 0; --r)
      if (isPossible(r, v) &&
          timeOf(r, v) * 100 < timeOf(best.rows, best.vectors) * (v > best.vectors ? 97 : 100))
        best = {r, v, lanes};
  return best;
}

/// The length of equal blocks, none longer than `most`, in multiples of `unit`. Several are a
/// multiple of `together`.
static int64_t equalBlocks(std::optional<int64_t> extent, int64_t most, int64_t unit,
                           int64_t together = 1) {
  most = std::max(most / unit * unit, unit);
  if (!extent || *extent <= 0)
    return most;
  int64_t blocks = divideCeil(*extent, most);
  return alignTo(divideCeil(*extent, blocks > 1 ? alignTo(blocks, together) : blocks), unit);
}

Blocking chooseBlocking(const targets::TargetInfo &target, unsigned elementBits,
                        const Extents &extents, bool packsLeft) {
  Blocking blocking;
  RegisterTile &tile = blocking.tile;
  tile = chooseRegisterTile(target, elementBits, extents);

  // Three quarters of the first cache for a panel's block, half of the second for one of rows.
  int64_t bytes = elementBits / 8;
  int64_t depth = target.l1Bytes * 3 / 4 / (tile.width() * bytes);
  blocking.depthPerBlock = equalBlocks(extents.depth, depth, tile.lanes);
  int64_t rows = target.l2Bytes / 2 / (blocking.depthPerBlock * bytes);
  blocking.rowsPerTile = equalBlocks(extents.rows, std::min(rows, kMostRowsPerTile), tile.rows,
                                     /*together=*/2); // for an even number of threads

  int64_t rowBlocks = divideCeil(extents.rows.value_or(1), blocking.rowsPerTile);
  int64_t panels = divideCeil(extents.columns.value_or(1024), tile.width());
  int64_t wanted =
      panels * std::max<int64_t>(rowBlocks, 1) / (packsLeft ? kTilesWantedOfPacked : kTilesWanted);
  blocking.panelsPerTile = std::clamp<int64_t>(wanted, packsLeft ? 8 : 2, 64);
  return blocking;
}

} // namespace tenon::cpu
