//===- Packing.cpp - Copies of operands in the order they are read --------===//

#include "compiler/targets/cpu/Packing.h"

using namespace mlir;
using namespace tenon::emit;

namespace tenon::cpu {

Streams PackedBlock::streams(KernelBuilder &kernel, unsigned distance) const {
  Streams streams{memory, {}, kernel.index(width)};
  for (unsigned i = 0; i < width; i += distance)
    streams.origins.push_back(kernel.add(origin, kernel.index(i)));
  return streams;
}

static Value positionOf(KernelBuilder &kernel, const PackedBlock &block, Value k, unsigned i) {
  return kernel.add(kernel.add(block.origin, kernel.mul(k, kernel.index(block.width))),
                    kernel.index(i));
}

void packSteps(KernelBuilder &kernel, Value depth, std::optional<int64_t> knownDepth,
               const PackedBlock &block, unsigned lanes, PackedVector vector) {
  auto packSquares = [&](Value k, const Lanes &active, ValueRange) {
    for (unsigned first = 0; first < block.width; first += lanes) {
      SmallVector<Value> square;
      // Lanes beyond the width are overwritten by the next step.
      for (unsigned i = 0; i < lanes; ++i)
        square.push_back(first + i < block.width ? vector(k, first + i, active) : square.back());
      kernel.transpose(square);
      for (unsigned step = 0; step < lanes; ++step)
        kernel.storeLanes(block.memory,
                          positionOf(kernel, block, kernel.add(k, kernel.index(step)), first),
                          square[step], Lanes::all(lanes));
    }
    return SmallVector<Value>();
  };
  kernel.forLanes(kernel.index(0), depth, knownDepth, lanes, {}, packSquares);
}

void packNeighbouringSteps(KernelBuilder &kernel, const Streams &streams, Value depth,
                           std::optional<int64_t> knownDepth, const PackedBlock &block,
                           unsigned lanes) {
  packSteps(kernel, depth, knownDepth, block, lanes,
            [&](Value k, unsigned i, const Lanes &active) {
              return kernel.loadLanes(streams.memory, kernel.add(streams.origins[i], k), active);
            });
}

/// `atLeastOne`: no vector is asked for without a lane.
static void packInVectors(KernelBuilder &kernel, Value count, bool isWhole, bool atLeastOne,
                          Value depth, const PackedBlock &block, unsigned lanes,
                          PackedVector vector) {
  Lanes all = Lanes::all(lanes);
  SmallVector<Lanes> parts;
  for (unsigned i = 0; i < block.width; i += lanes) {
    bool isFull = isWhole && i + lanes <= block.width;
    Value rest = kernel.sub(count, kernel.index(i));
    if (atLeastOne && i > 0)
      rest = kernel.max(rest, kernel.index(1));
    parts.push_back(isFull ? all : kernel.partial(lanes, rest));
  }
  kernel.forRange(kernel.index(0), depth, 1, [&](Value k) {
    for (auto [part, active] : llvm::enumerate(parts)) {
      unsigned i = part * lanes;
      Value elements = vector(k, i, active);
      kernel.storeLanes(block.memory, positionOf(kernel, block, k, i), elements, all);
    }
  });
}

void packNeighbouringElements(KernelBuilder &kernel, const Streams &first, Value count,
                              bool isWhole, Value depth, const PackedBlock &block,
                              unsigned lanes) {
  packInVectors(kernel, count, isWhole, /*atLeastOne=*/false, depth, block, lanes,
                [&](Value k, unsigned i, const Lanes &active) {
                  Value from = kernel.add(first.origins[0], kernel.mul(k, first.stride));
                  return kernel.loadLanes(first.memory, kernel.add(from, kernel.index(i)), active);
                });
}

void packVectors(KernelBuilder &kernel, Value count, bool isWhole, Value depth,
                 const PackedBlock &block, unsigned lanes, PackedVector vector) {
  packInVectors(kernel, count, isWhole, /*atLeastOne=*/true, depth, block, lanes, vector);
}

void packStrips(KernelBuilder &kernel, const Streams &stream, Value depth,
                const PackedBlock &first, int64_t strips, int64_t distance, unsigned lanes) {
  Lanes all = Lanes::all(lanes);
  kernel.forRange(kernel.index(0), depth, 1, [&](Value k) {
    Value from = kernel.add(stream.origins[0], kernel.mul(k, stream.stride));
    Value to = positionOf(kernel, first, k, 0);
    for (int64_t i = 0; i < strips; ++i) {
      Value elements = kernel.loadLanes(
          stream.memory, kernel.add(from, kernel.index(i * int64_t(first.width))), all);
      kernel.storeLanes(first.memory, kernel.add(to, kernel.index(i * distance)), elements, all);
    }
  });
}

void packElements(KernelBuilder &kernel, Value depth, const PackedBlock &block, unsigned lanes,
                  function_ref<Value(Value, unsigned)> element) {
  kernel.forRange(kernel.index(0), depth, 1, [&](Value k) {
    SmallVector<Value> elements;
    for (unsigned i = 0; i < block.width; ++i)
      elements.push_back(element(k, i));
    unsigned i = 0;
    for (; i + lanes <= block.width; i += lanes)
      kernel.storeLanes(block.memory, positionOf(kernel, block, k, i),
                        kernel.fromElements(ValueRange(elements).slice(i, lanes)), Lanes::all(lanes));
    for (; i < block.width; ++i)
      kernel.store(block.memory, positionOf(kernel, block, k, i), elements[i]);
  });
}

} // namespace tenon::cpu
