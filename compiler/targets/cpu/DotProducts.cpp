//===- DotProducts.cpp - Contractions with lanes along the sum ------------===//
//
// A tile is a few elements of the result, which share what they read of the operands. If the steps
// of the sum are neighbours in both operands the elements are computed together; else, or if an
// operand is computed on the way, one after the other.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Contraction.h"
#include "compiler/targets/cpu/MicroKernel.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// Elements of the result that are computed together: enough to hide latency, few enough for
/// registers.
static constexpr int64_t kElementsTogether = 4;

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

/// One element of the result at `index`, whatever the operands are.
static Value emitOneSum(Schedule &schedule, const Contraction &contraction, LabelIndex &index) {
  KernelBuilder &kernel = schedule.kernel;
  Arithmetic a = kernel.arithmetic();
  int64_t laneLabel = chooseLaneLabel(contraction);
  unsigned lanes = laneLabel < 0 ? 0 : schedule.vectorLanes();
  SmallVector<int64_t> outer(contraction.summed);
  llvm::erase(outer, laneLabel);
  auto addProduct = [&](const Lanes &active, ValueRange carried) {
    ElementEmitter elements(kernel, active);
    Value x = elements.at(contraction.left.tensor, index.point(contraction.left.labels, laneLabel));
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
  return lanes > 0 ? sumLanes(kernel, sum) : sum;
}

/// Whole panels of steps, then what is left of the last.
static void
addPanels(KernelBuilder &kernel, const Contraction &contraction, LabelIndex &index,
          DotProductSums &sums,
          function_ref<void(Value count, std::optional<int64_t> known)> addSteps) {
  int64_t lanes = contraction.right.layout.lanes, label = contraction.depthLabels[0];
  Value size = kernel.size(contraction.depth()), step = kernel.index(lanes);
  Value whole = kernel.mul(kernel.div(size, step), step);
  auto addAt = [&](Value k, Value count, std::optional<int64_t> known, ValueRange carried) {
    sums.sums.assign(carried.begin(), carried.end());
    index.set(label, k);
    addSteps(count, known);
    return sums.sums;
  };
  sums.sums = kernel.forRange(kernel.index(0), whole, lanes, sums.sums,
                              [&](Value k, ValueRange carried) {
                                return addAt(k, step, lanes, carried);
                              });
  if (auto known = contraction.depth().getConstant(); known && *known % lanes == 0)
    return;
  SmallVector<Value> carried = sums.sums;
  sums.sums = kernel.ifThen(
      kernel.lessThan(whole, size), ValueRange(carried).getTypes(),
      [&] { return addAt(whole, kernel.sub(size, whole), std::nullopt, carried); },
      [&] { return carried; });
}

SmallVector<Value> emitDotProductsTogether(Schedule &schedule, const Contraction &contraction,
                                           LabelIndex &index, int64_t label, Value first,
                                           unsigned count, bool isWhole) {
  KernelBuilder &kernel = schedule.kernel;
  DotProductSums sums(kernel, contraction.elementType(), count, schedule.vectorLanes());
  auto streamsOf = [&](const LabelledTensor &operand) {
    Streams streams{operand.memory(kernel), {}, kernel.index(1)};
    for (unsigned i = 0; i < count; ++i) {
      if (label >= 0) {
        Value last = kernel.sub(kernel.size(contraction.sizeOf(label)), kernel.index(1));
        Value at = kernel.add(first, kernel.index(i));
        index.set(label, isWhole ? at : kernel.min(at, last));
      }
      streams.origins.push_back(operand.positionAt(kernel, index));
      if (!operand.has(label))
        break;
    }
    return streams;
  };
  SizeAttr depth = contraction.depth();
  for (int64_t inner : contraction.depthLabels)
    index.set(inner, kernel.index(0));
  auto addSteps = [&](Value count, std::optional<int64_t> known) {
    Streams left = streamsOf(contraction.left), right = streamsOf(contraction.right);
    if (right.origins.size() < left.origins.size())
      std::swap(left, right);
    sums.add(left, right, count, known);
  };
  if (contraction.hasPanelsOfSteps(schedule.vectorLanes())) {
    addPanels(kernel, contraction, index, sums, addSteps);
    return sums.finish();
  }
  sums.sums = kernel.forEach(contraction.sizesOf(contraction.outerSummed), sums.sums,
                             [&](ValueRange i, ValueRange carried) {
                               index.set(contraction.outerSummed, i);
                               sums.sums.assign(carried.begin(), carried.end());
                               addSteps(kernel.size(depth), depth.getConstant());
                               return sums.sums;
                             });
  return sums.finish();
}

FailureOr<EmittedKernel> emitDotProducts(Schedule &schedule, const Contraction &contraction) {
  KernelBuilder &kernel = schedule.kernel;
  int64_t axis = innermostAxis(graph::tensorType(contraction.result).getSizes());
  int64_t label = axis < 0 ? -1 : contraction.out[axis];
  bool isTogether = contraction.isAlongDepth(schedule.vectorLanes());
  SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);
  SizeAttr extent = axis < 0 ? schedule.constant(1) : tiles[axis];
  unsigned count =
      std::clamp<int64_t>(extent.getConstant().value_or(kElementsTogether), 1, kElementsTogether);
  if (!isTogether)
    count = 1;
  if (axis >= 0)
    tiles[axis] = extent.divCeil(count);

  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    LabelIndex index;
    index.set(contraction.out, kernel.delinearize(tile, tiles));
    if (!isTogether) {
      Value sum = emitOneSum(schedule, contraction, index);
      return emitEpilogue(schedule, contraction, index.point(contraction.out), Lanes(), sum);
    }
    Value first = kernel.index(0);
    if (label >= 0)
      first = kernel.mul(index.point(label).index[0], kernel.index(count));
    bool isWhole = extent.getConstant() && *extent.getConstant() % count == 0;
    SmallVector<Value> sums =
        emitDotProductsTogether(schedule, contraction, index, label, first, count, isWhole);
    if (count == 1) {
      index.set(contraction.out, kernel.delinearize(tile, tiles));
      return emitEpilogue(schedule, contraction, index.point(contraction.out), Lanes(), sums[0]);
    }
    index.set(label, first);
    Value active = kernel.min(kernel.sub(kernel.size(extent), first), kernel.index(count));
    Lanes lanes = kernel.partial(count, active);
    if (isWhole)
      lanes.active = lanes.mask = Value();
    emitEpilogue(schedule, contraction, index.point(contraction.out, label), lanes,
                 kernel.fromElements(sums));
  });
  SizeAttr summed =
      SizeAttr::product(schedule.getContext(), contraction.sizesOf(contraction.summed));
  return schedule.finish(SizeAttr::product(schedule.getContext(), tiles),
                         summed.mul(schedule.constant(count)));
}

} // namespace tenon::cpu
