//===- Columns.cpp - Reductions across the innermost axis -----------------===//
//
// A tile is as many columns as a vector has lanes: elements that are neighbours along the innermost
// axis, which is kept, folded over the reduced axes.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Reduction.h"

using namespace mlir;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

FailureOr<EmittedKernel> emitColumns(Schedule &schedule) {
  Reduction reduction(schedule);
  return reduction.lanesRunAlongRows() ? emitRowTiles(schedule, reduction)
                                       : emitColumnTiles(schedule, reduction);
}

FailureOr<EmittedKernel> emitColumnTiles(Schedule &schedule, Reduction &reduction) {
  emit::KernelBuilder &kernel = schedule.kernel;
  int64_t axis = innermostAxis(reduction.getSizes());
  unsigned lanes = schedule.vectorLanes();
  reduction.setLanes(axis, lanes);
  SizeAttr columns = reduction.getSizes()[axis];
  SmallVector<SizeAttr> tiles =
      reduction.sizesWithout([&](int64_t axis) { return reduction.isReduced(axis); });
  tiles[axis] = columns.divCeil(lanes);

  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    SmallVector<Value> index = kernel.delinearize(tile, tiles);
    index[axis] = kernel.mul(index[axis], kernel.index(lanes));
    Value rest = kernel.sub(kernel.size(columns), index[axis]);
    auto whole = [&] { reduction.emitTile(index, emit::Lanes::all(lanes)); };
    if (std::optional<int64_t> count = columns.getConstant(); count && *count % lanes == 0)
      return whole();
    kernel.ifThen(
        kernel.lessThan(rest, kernel.index(lanes)),
        [&] { reduction.emitTile(index, kernel.partial(lanes, rest)); }, whole);
  });
  return schedule.finish(SizeAttr::product(schedule.getContext(), tiles),
                         reduction.elementsPerResult().mul(schedule.constant(lanes)));
}

} // namespace tenon::cpu
