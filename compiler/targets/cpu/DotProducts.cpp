//===- DotProducts.cpp - Contractions with lanes along the sum ------------===//
//
// A tile is one element of the result. Each lane sums every so-many-th product; the lanes are added
// as a balanced tree at the end.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Contraction.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// The summed label to run lanes along: one that is contiguous in both operands, else in either.
static int64_t chooseLaneLabel(const Contraction &contraction) {
  int64_t best = -1, bestScore = -1;
  for (int64_t label : contraction.summed) {
    if (contraction.sizeOf(label).isConstant(1))
      continue;
    int64_t score = contraction.left.strideOf(label).isConstant(1) +
                    contraction.right.strideOf(label).isConstant(1);
    if (score > bestScore)
      best = label, bestScore = score;
  }
  return best;
}

static Value sumLanes(KernelBuilder &kernel, Value vector) {
  unsigned width = Arithmetic::lanesOf(vector);
  while (width > 2) {
    width /= 2;
    vector =
        kernel.arithmetic().add(kernel.slice(vector, 0, width), kernel.slice(vector, width, width));
  }
  return kernel.arithmetic().add(kernel.extract(vector, 0), kernel.extract(vector, 1));
}

FailureOr<EmittedKernel> emitDotProducts(Schedule &schedule, const Contraction &contraction) {
  KernelBuilder &kernel = schedule.kernel;
  Arithmetic a = kernel.arithmetic();
  int64_t laneLabel = chooseLaneLabel(contraction);
  unsigned lanes = laneLabel < 0 ? 0 : schedule.vectorLanes();
  SmallVector<int64_t> outer(contraction.summed);
  llvm::erase(outer, laneLabel);
  SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);

  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    LabelIndex index;
    index.set(contraction.out, kernel.delinearize(tile, tiles));
    auto addProduct = [&](const Lanes &active, ValueRange carried) {
      ElementEmitter elements(kernel, active);
      Value x =
          elements.at(contraction.left.tensor, index.point(contraction.left.labels, laneLabel));
      Value y =
          elements.at(contraction.right.tensor, index.point(contraction.right.labels, laneLabel));
      Value sum = a.broadcast(a.mulAdd(x, y, carried[0]), lanes);
      return SmallVector<Value>{active.mask ? a.select(active.mask, sum, carried[0]) : sum};
    };

    Value zero = a.broadcast(a.constant(0, contraction.elementType()), lanes);
    Value sum =
        kernel.forEach(contraction.sizesOf(outer), zero, [&](ValueRange i, ValueRange carried) {
          index.set(outer, i);
          if (lanes == 0) {
            if (laneLabel >= 0)
              index.set(laneLabel, kernel.index(0));
            return addProduct(Lanes(), carried);
          }
          SizeAttr extent = contraction.sizeOf(laneLabel);
          return kernel.forLanes(kernel.index(0), kernel.size(extent), extent.getConstant(), lanes,
                                 carried, [&](Value first, const Lanes &active, ValueRange inner) {
                                   index.set(laneLabel, first);
                                   return addProduct(active, inner);
                                 });
        })[0];
    if (lanes > 0)
      sum = sumLanes(kernel, sum);
    emitEpilogue(schedule, contraction, index.point(contraction.out), Lanes(), sum);
  });
  SizeAttr depth =
      SizeAttr::product(schedule.getContext(), contraction.sizesOf(contraction.summed));
  return schedule.finish(SizeAttr::product(schedule.getContext(), tiles), depth);
}

} // namespace tenon::cpu
