//===- Rows.cpp - Reductions along the innermost axis ---------------------===//
//
// A tile is one row: all elements that share the indices of the kept axes. Lanes run along the row.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Reduction.h"

using namespace mlir;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

FailureOr<EmittedKernel> emitRows(Schedule &schedule) {
  Reduction reduction(schedule);
  return reduction.lanesRunAlongRows() ? emitRowTiles(schedule, reduction)
                                       : emitColumnTiles(schedule, reduction);
}

FailureOr<EmittedKernel> emitRowTiles(Schedule &schedule, Reduction &reduction) {
  emit::KernelBuilder &kernel = schedule.kernel;
  int64_t axis = innermostAxis(reduction.getSizes());
  reduction.setLanes(axis, axis < 0 ? 0 : schedule.vectorLanes());
  SmallVector<SizeAttr> kept =
      reduction.sizesWithout([&](int64_t axis) { return reduction.isReduced(axis); });
  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    reduction.emitTile(kernel.delinearize(tile, kept), emit::Lanes());
  });
  return schedule.finish(SizeAttr::product(schedule.getContext(), kept),
                         reduction.elementsPerResult(), reduction.scratchBytes());
}

} // namespace tenon::cpu
