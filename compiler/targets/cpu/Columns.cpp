//===- Columns.cpp - Reductions across the innermost axis -----------------===//
//
// A tile is the columns of four registers: elements that are neighbours along the innermost axis,
// which is kept, folded over the reduced axes. Together they are one long vector, so that more is read
// of each row than half a cache line; what is left at the end are vectors of one register each.
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
  constexpr unsigned kRegisters = 4;
  emit::KernelBuilder &kernel = schedule.kernel;
  int64_t axis = innermostAxis(reduction.getSizes());
  unsigned lanes = schedule.vectorLanes(), wide = kRegisters * lanes;
  SizeAttr columns = reduction.getSizes()[axis];
  SmallVector<SizeAttr> tiles =
      reduction.sizesWithout([&](int64_t axis) { return reduction.isReduced(axis); });
  tiles[axis] = columns.divCeil(wide);

  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    SmallVector<Value> index = kernel.delinearize(tile, tiles);
    Value first = kernel.mul(index[axis], kernel.index(wide)), end = kernel.size(columns);
    auto emitAt = [&](Value column, const emit::Lanes &active) {
      index[axis] = column;
      reduction.setLanes(axis, active.count);
      reduction.emitTile(index, active);
    };
    auto whole = [&] { emitAt(first, emit::Lanes::all(wide)); };
    auto rest = [&] {
      kernel.forLanes(first, end, std::nullopt, lanes, {},
                      [&](Value column, const emit::Lanes &active, ValueRange) {
                        emitAt(column, active);
                        return SmallVector<Value>();
                      });
    };
    std::optional<int64_t> count = columns.getConstant();
    if (count && *count % wide == 0)
      return whole();
    if (count && *count < wide)
      return rest();
    kernel.ifThen(kernel.lessThan(kernel.sub(end, first), kernel.index(wide)), rest, whole);
  });
  return schedule.finish(SizeAttr::product(schedule.getContext(), tiles),
                         reduction.elementsPerResult().mul(schedule.constant(wide)));
}

} // namespace tenon::cpu
