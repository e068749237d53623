//===- MicroKernel.cpp - The inner loops of a contraction -----------------===//

#include "compiler/targets/cpu/MicroKernel.h"

using namespace mlir;
using namespace tenon::emit;

namespace tenon::cpu {

/// Multiplications that have to be under way at once: two per cycle that take four cycles each.
static constexpr unsigned kChains = 8;

SmallVector<Value> multiplyAdd(KernelBuilder &kernel, const Streams &left, const Streams &right,
                               ArrayRef<Lanes> lanes, Value depth, ArrayRef<Value> sums) {
  Arithmetic a = kernel.arithmetic();
  return kernel.forRange(kernel.index(0), depth, 1, sums, [&](Value k, ValueRange carried) {
    Value leftStep = kernel.mul(k, left.stride), rightStep = kernel.mul(k, right.stride);
    SmallVector<Value> vectors, next;
    for (auto [v, origin] : llvm::enumerate(right.origins))
      vectors.push_back(kernel.loadLanes(right.memory, kernel.add(origin, rightStep),
                                         lanes.size() == 1 ? lanes[0] : lanes[v]));
    for (Value origin : left.origins) {
      Value element = kernel.load(left.memory, kernel.add(origin, leftStep));
      for (Value vector : vectors)
        next.push_back(a.mulAdd(element, vector, carried[next.size()]));
    }
    return next;
  });
}

/// Steps of which one load gets the elements of the row: 128 bits, of which registers are made.
static int64_t stepsPerLoad(Type elementType) { return 128 / elementType.getIntOrFloatBitWidth(); }

SmallVector<Value> multiplyAddRow(KernelBuilder &kernel, const Streams &row, const Streams &right,
                                  ArrayRef<Lanes> lanes, Value depth,
                                  std::optional<int64_t> knownDepth, ArrayRef<Value> sums) {
  Arithmetic a = kernel.arithmetic();
  int64_t period = stepsPerLoad(getElementTypeOrSelf(sums.front().getType()));
  if (knownDepth && *knownDepth < period)
    return multiplyAdd(kernel, row, right, lanes, depth, sums);
  Value steps = kernel.index(period);
  Value whole = kernel.mul(kernel.div(depth, steps), steps), last = kernel.sub(whole, steps);
  auto elementsAt = [&](Value k) {
    Value elements =
        kernel.loadLanes(row.memory, kernel.add(row.origins[0], k), Lanes::all(period));
    return kernel.repeat(elements, Arithmetic::lanesOf(sums.front()));
  };
  // Loaded a round ahead: of a load in the same round, LLVM would make one for each element again.
  auto addWhole = [&] {
    SmallVector<Value> carried(sums);
    carried.push_back(elementsAt(kernel.index(0)));
    carried = kernel.forRange(
        kernel.index(0), whole, period, carried, [&](Value k, ValueRange inner) {
          SmallVector<Value> next(inner.drop_back());
          for (int64_t step = 0; step < period; ++step) {
            Value at = kernel.mul(kernel.add(k, kernel.index(step)), right.stride);
            Value element = kernel.splatOfRepeated(inner.back(), period, step);
            for (auto [v, origin] : llvm::enumerate(right.origins)) {
              Value vector = kernel.loadLanes(right.memory, kernel.add(origin, at), lanes[v]);
              next[v] = a.mulAdd(element, vector, next[v]);
            }
          }
          next.push_back(elementsAt(kernel.min(kernel.add(k, steps), last)));
          return next;
        });
    carried.pop_back();
    return carried;
  };
  if (knownDepth && *knownDepth % period == 0)
    return addWhole();
  // Where there are fewer elements than a load gets, memory may end before it does.
  SmallVector<Value> carried =
      knownDepth ? addWhole()
                 : kernel.ifThen(kernel.lessThan(kernel.index(0), whole),
                                 ValueRange(sums).getTypes(), addWhole,
                                 [&] { return SmallVector<Value>(sums); });
  Streams rowRest = row, rightRest = right;
  rowRest.origins[0] = kernel.add(row.origins[0], whole);
  for (Value &origin : rightRest.origins)
    origin = kernel.add(origin, kernel.mul(whole, right.stride));
  return multiplyAdd(kernel, rowRest, rightRest, lanes, kernel.sub(depth, whole), carried);
}

Value sumLanes(KernelBuilder &kernel, Value vector) {
  unsigned width = Arithmetic::lanesOf(vector);
  while (width > 2) {
    width /= 2;
    vector =
        kernel.arithmetic().add(kernel.slice(vector, 0, width), kernel.slice(vector, width, width));
  }
  return kernel.arithmetic().add(kernel.extract(vector, 0), kernel.extract(vector, 1));
}

DotProductSums::DotProductSums(KernelBuilder &kernel, Type elementType, unsigned count,
                               unsigned lanes)
    : kernel(kernel), count(count), lanes(lanes), parts(std::max(kChains / count, 1u)) {
  Arithmetic a = kernel.arithmetic();
  sums.assign(count * parts, a.broadcast(a.constant(0, elementType), lanes));
}

void DotProductSums::add(const Streams &left, const Streams &right, Value depth,
                         std::optional<int64_t> knownDepth) {
  Arithmetic a = kernel.arithmetic();
  Lanes all = Lanes::all(lanes);
  auto addStep = [&](Value k, unsigned part, const Lanes &active, SmallVector<Value> &into) {
    for (unsigned i = 0; i < count; ++i) {
      Value x = kernel.loadLanes(left.memory,
                                 kernel.add(left.origins[left.origins.size() > 1 ? i : 0], k),
                                 active);
      Value y = kernel.loadLanes(right.memory, kernel.add(right.origins[i], k), active);
      Value &sum = into[i * parts + part];
      sum = a.mulAdd(x, y, sum); // lanes that do not exist are loaded as 0
    }
  };
  int64_t step = int64_t(lanes) * parts;
  Value from = kernel.index(0);
  if (!knownDepth || *knownDepth >= step) {
    Value whole = kernel.mul(kernel.div(depth, kernel.index(step)), kernel.index(step));
    sums = kernel.forRange(from, whole, step, sums, [&](Value k, ValueRange carried) {
      SmallVector<Value> next(carried);
      for (unsigned part = 0; part < parts; ++part)
        addStep(kernel.add(k, kernel.index(part * lanes)), part, all, next);
      return next;
    });
    from = whole;
    if (knownDepth)
      knownDepth = *knownDepth % step;
  }
  sums = kernel.forLanes(from, depth, knownDepth, lanes, sums,
                         [&](Value k, const Lanes &active, ValueRange carried) {
                           SmallVector<Value> next(carried);
                           addStep(k, 0, active, next);
                           return next;
                         });
}

SmallVector<Value> DotProductSums::finish() {
  Arithmetic a = kernel.arithmetic();
  SmallVector<Value> results;
  for (unsigned i = 0; i < count; ++i) {
    MutableArrayRef<Value> parts = MutableArrayRef(sums).slice(i * this->parts, this->parts);
    for (unsigned distance = parts.size() / 2; distance > 0; distance /= 2)
      for (unsigned part = 0; part < distance; ++part)
        parts[part] = a.add(parts[part], parts[part + distance]);
    results.push_back(sumLanes(kernel, parts[0]));
  }
  return results;
}

} // namespace tenon::cpu
