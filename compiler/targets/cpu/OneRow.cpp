//===- OneRow.cpp - Contractions with one row -----------------------------===//
//
// If columns are neighbours in the right operand, a group of vectors of them is summed over the
// whole depth; if steps of the sum are, a few dot products are computed together. A tile is such a
// group, or a few in a kernel that decides for one row when it runs.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/OneRow.h"
#include "compiler/targets/cpu/MicroKernel.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// Accumulators beside one broadcast element, in the sixteen registers that every target has: vectors
/// of the right operand need none.
static constexpr int64_t kMostVectors = 14;
/// Enough of them to hide the latency of multiplications; and of a large operand, which memory limits
/// and whose panels are as many streams for the processor to follow.
static constexpr int64_t kVectors = 8, kVectorsOfLarge = 4;
/// Dot products that are computed together.
static constexpr int64_t kDotProducts = 4;

static unsigned vectorElements(const Schedule &schedule, const Contraction &contraction) {
  return schedule.target.vectorElements(contraction.elementType().getIntOrFloatBitWidth());
}

bool OneRow::isPossible(const Schedule &schedule, const Contraction &contraction) {
  const LabelledTensor &left = contraction.left, &right = contraction.right;
  unsigned lanes = vectorElements(schedule, contraction);
  if (!left.isInMemory() || contraction.laneLabel < 0)
    return false;
  return right.isPackedAlong(contraction.laneLabel, lanes) ||
         (right.isInMemory() && right.strideOf(contraction.laneLabel).isConstant(1)) ||
         contraction.isAlongDepth(lanes);
}

OneRow::OneRow(Schedule &schedule, const Contraction &contraction, int64_t columnsPerTile)
    : schedule(schedule), contraction(contraction), kernel(schedule.kernel),
      isAlongDepth(!contraction.right.strideOf(contraction.laneLabel).isConstant(1)),
      isLight(isLightEpilogue(schedule)),
      lanes(vectorElements(schedule, contraction)) {
  if (isAlongDepth) {
    lanes = kDotProducts;
    return;
  }
  auto columns = contraction.sizeOf(contraction.laneLabel).getConstant();
  int64_t most = schedule.isLarge(contraction.right.tensor) ? kVectorsOfLarge : kVectors;
  hasOneGroup = columns && *columns <= std::min(kMostVectors * lanes, columnsPerTile);
  vectors = hasOneGroup ? std::max<int64_t>(llvm::divideCeil(*columns, lanes), 1)
                        : std::clamp<int64_t>(columnsPerTile / lanes, 1, most);
}

int64_t OneRow::scratchBytes() const {
  return width() * contraction.elementType().getIntOrFloatBitWidth() / 8;
}

void OneRow::emitColumns(LabelIndex &index, Value first, Value end, int64_t scratchOffset) {
  if (contraction.rowLabel >= 0)
    index.set(contraction.rowLabel, kernel.index(0));
  sums = kernel.scratch(kernel.index(scratchOffset), contraction.elementType(),
                        kernel.index(width()));
  auto known = contraction.sizeOf(contraction.laneLabel).getConstant();
  Lanes all = Lanes::all(lanes);
  if (isAlongDepth) {
    if (known && *known % lanes == 0)
      return kernel.forRange(first, end, lanes,
                             [&](Value column) { emitDotProductGroup(index, column, all); });
    kernel.forLanes(first, end, std::nullopt, lanes, {},
                    [&](Value column, const Lanes &active, ValueRange) {
                      emitDotProductGroup(index, column, active);
                      return SmallVector<Value>();
                    });
    return;
  }
  SmallVector<Lanes> parts(vectors, all);
  if (hasOneGroup) {
    if (*known % lanes != 0)
      parts.back() = kernel.partial(lanes, kernel.index(*known % lanes));
    return emitGroup(index, first, parts);
  }
  Value group = kernel.index(width());
  Value whole = kernel.mul(kernel.div(kernel.sub(end, first), group), group);
  Value rest = kernel.add(first, whole);
  kernel.forRange(first, rest, width(), [&](Value column) { emitGroup(index, column, parts); });
  kernel.forLanes(rest, end, std::nullopt, lanes, {},
                  [&](Value column, const Lanes &active, ValueRange) {
                    emitGroup(index, column, active);
                    return SmallVector<Value>();
                  });
}

void OneRow::emitGroup(LabelIndex &index, Value first, ArrayRef<Lanes> parts) {
  const LabelledTensor &left = contraction.left, &right = contraction.right;
  Arithmetic a = kernel.arithmetic();
  for (int64_t label : contraction.depthLabels)
    index.set(label, kernel.index(0));
  index.set(contraction.laneLabel, first);
  SmallVector<Value> zeros(parts.size(),
                           a.broadcast(a.constant(0, contraction.elementType()), lanes));
  SmallVector<Value> values = kernel.forEach(
      contraction.sizesOf(contraction.outerSummed), zeros, [&](ValueRange i, ValueRange carried) {
        index.set(contraction.outerSummed, i);
        Streams row{left.memory(kernel), {left.positionAt(kernel, index)},
                    kernel.size(contraction.depthStride(left))};
        Streams columns{right.memory(kernel), {}, kernel.size(contraction.depthStride(right))};
        for (size_t v = 0; v < parts.size(); ++v) {
          index.set(contraction.laneLabel, kernel.add(first, kernel.index(int64_t(v) * lanes)));
          columns.origins.push_back(right.positionAt(kernel, index));
        }
        SmallVector<Value> from(carried);
        Value depth = kernel.size(contraction.depth());
        if (contraction.depthStride(left).isConstant(1))
          return multiplyAddRow(kernel, row, columns, parts, depth,
                                contraction.depth().getConstant(), from);
        return multiplyAdd(kernel, row, columns, parts, depth, from);
      });
  emitEpilogueOfGroup(index, first, parts, values);
}

void OneRow::emitEpilogueOfGroup(LabelIndex &index, Value first, ArrayRef<Lanes> parts,
                                 ArrayRef<Value> values) {
  auto emitPart = [&](Value column, const Lanes &active, Value value) {
    index.set(contraction.laneLabel, column);
    emitEpilogue(schedule, contraction, index.point(contraction.out, contraction.laneLabel), active,
                 value);
  };
  if (isLight || parts.size() == 1) {
    for (auto [v, value] : llvm::enumerate(values))
      emitPart(kernel.add(first, kernel.index(int64_t(v) * lanes)), parts[v], value);
    return;
  }
  for (auto [v, value] : llvm::enumerate(values))
    kernel.storeLanes(sums, kernel.index(int64_t(v) * lanes), value, Lanes::all(lanes));
  auto emitFromMemory = [&](Value offset, const Lanes &active) {
    Value value = kernel.loadLanes(sums, offset, Lanes::all(lanes));
    emitPart(kernel.add(first, offset), active, value);
  };
  int64_t whole = int64_t(parts.size()) - (parts.back().mask ? 1 : 0);
  kernel.forRange(kernel.index(0), kernel.index(whole * lanes), lanes,
                  [&](Value offset) { emitFromMemory(offset, parts.front()); });
  if (parts.back().mask)
    emitFromMemory(kernel.index(whole * lanes), parts.back());
}

void OneRow::emitDotProductGroup(LabelIndex &index, Value first, const Lanes &active) {
  SmallVector<Value> sumsOfGroup = emitDotProductsTogether(
      schedule, contraction, index, contraction.laneLabel, first, lanes, /*isWhole=*/!active.mask);
  emitEpilogueOfGroup(index, first, active, kernel.fromElements(sumsOfGroup));
}

FailureOr<EmittedKernel> emitOneRow(Schedule &schedule, const Contraction &contraction) {
  KernelBuilder &kernel = schedule.kernel;
  // One group of all columns, or a few groups.
  constexpr int64_t perTile = 192;
  OneRow row(schedule, contraction, perTile);
  SizeAttr columns = contraction.sizeOf(contraction.laneLabel);
  SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);
  for (auto [label, size] : llvm::zip(contraction.out, tiles))
    if (label == contraction.laneLabel)
      size = columns.divCeil(perTile);
  kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value tile) {
    LabelIndex index;
    index.set(contraction.out, kernel.delinearize(tile, tiles));
    Value first =
        kernel.mul(index.point(contraction.laneLabel).index[0], kernel.index(perTile));
    Value end = kernel.min(kernel.add(first, kernel.index(perTile)), kernel.size(columns));
    row.emitColumns(index, first, end, 0);
  });
  // Eight products cost about what an element of another kernel does.
  SizeAttr summed =
      SizeAttr::product(schedule.getContext(), contraction.sizesOf(contraction.summed));
  return schedule.finish(SizeAttr::product(schedule.getContext(), tiles),
                         summed.mul(schedule.constant(llvm::divideCeil(perTile, 8))),
                         schedule.constant(row.scratchBytes()));
}

} // namespace tenon::cpu
