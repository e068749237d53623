//===- PanelOperands.cpp - How panels get their operands ------------------===//

#include "compiler/targets/cpu/PanelOperands.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// With fewer rows than this, a copy of a panel costs more than it saves.
static constexpr int64_t kRowsWorthPacking = 16;
/// Strips that are packed together, so that they share the cache lines of a step.
static constexpr int64_t kStripsTogether = 8;

//===----------------------------------------------------------------------===//
// Decisions
//===----------------------------------------------------------------------===//

static Reading chooseLeftReading(KernelBuilder &kernel, const Contraction &contraction,
                                 const Extents &extents, unsigned lanes) {
  const LabelledTensor &left = contraction.left;
  if (contraction.rowLabel >= 0 && left.isPackedAlong(contraction.rowLabel, /*lanes=*/1))
    return Reading::InPanels;
  if (!left.isInMemory()) {
    ComputedOperand computed(kernel, contraction, left, contraction.rowLabel, lanes);
    return computed.isAlongSum() ? Reading::ComputeRows : Reading::PackComputed;
  }
  bool isDeep = extents.depth.value_or(kDepthWorthPacking + 1) > kDepthWorthPacking;
  bool isAcross = contraction.rowLabel >= 0 && !contraction.depthLabels.empty() &&
                  left.strideOf(contraction.rowLabel).isConstant(1);
  return isAcross && isDeep ? Reading::PackElements : Reading::InPlace;
}

static Reading chooseRightReading(const Contraction &contraction, const Extents &extents,
                                  unsigned lanes) {
  const LabelledTensor &right = contraction.right;
  if (right.isPackedAlong(contraction.laneLabel, lanes))
    return Reading::InPanels;
  if (contraction.hasPanelsOfSteps(lanes))
    return Reading::PackPanels;
  bool isAlongColumns = right.strideOf(contraction.laneLabel).isConstant(1);
  bool isAlongDepth = contraction.depthStride(right).isConstant(1);
  if (!right.isInMemory() || !(isAlongColumns || isAlongDepth))
    return Reading::PackComputed;
  if (!isAlongColumns)
    return Reading::PackSteps;
  bool areFew = extents.rows.value_or(kRowsWorthPacking) < kRowsWorthPacking;
  return areFew ? Reading::InPlace : Reading::PackElements;
}

/// Columns that lie together in panels, of the right operand or of a result: a register tile should
/// not reach from one into the next.
static unsigned columnsPerPanel(Schedule &schedule, const Contraction &contraction,
                                Reading rightReading) {
  if (rightReading == Reading::InPanels)
    return contraction.right.layout.lanes;
  for (unsigned i = 0; i < schedule.results.size(); ++i) {
    const Layout &layout = schedule.kernel.buffer(schedule.bufferOfResult(i)).layout;
    if (layout.isPacked() && contraction.out[layout.cutAxis] == contraction.laneLabel)
      return layout.lanes;
  }
  return 1;
}

PanelShape::PanelShape(Schedule &schedule, const Contraction &contraction)
    : rows(contraction.rowLabel < 0 ? SizeAttr::constant(schedule.getContext(), 1)
                                    : contraction.sizeOf(contraction.rowLabel)),
      columns(contraction.sizeOf(contraction.laneLabel)), depth(contraction.depth()) {
  unsigned bits = contraction.elementType().getIntOrFloatBitWidth();
  Extents extents{schedule.expected(rows), schedule.expected(columns), schedule.expected(depth)};
  unsigned lanes = schedule.target.vectorElements(bits);
  leftReading = chooseLeftReading(schedule.kernel, contraction, extents, lanes);
  rightReading = chooseRightReading(contraction, extents, lanes);
  extents.columnsPerPanel = columnsPerPanel(schedule, contraction, rightReading);
  copiesLeft = leftReading != Reading::InPlace && leftReading != Reading::InPanels;
  blocking = chooseBlocking(schedule.target, bits, extents, copiesLeft);
  tile = blocking.tile;
  all = Lanes::all(tile.lanes);
  auto knownColumns = columns.getConstant(), knownDepth = depth.getConstant();
  auto knownRows = rows.getConstant();
  isAlwaysWhole = knownColumns && *knownColumns % tile.width() == 0;
  repeatsRows = tile.rows > 1 && !(knownRows && *knownRows % tile.rows == 0) &&
                (leftReading == Reading::InPlace || leftReading == Reading::ComputeRows);
  isOneBlock = contraction.outerSummed.empty() && knownDepth &&
               *knownDepth <= blocking.depthPerBlock;
}

Memory Scratch::reserve(int64_t elements) {
  constexpr int64_t kAlignment = 64;
  Memory memory = kernel.scratch(kernel.index(size), elementType, kernel.index(elements));
  size += llvm::alignTo(elements * (elementType.getIntOrFloatBitWidth() / 8), kAlignment);
  return memory;
}

PanelOperands::PanelOperands(Schedule &schedule, const Contraction &contraction,
                             const PanelShape &shape, LabelIndex &index)
    : schedule(schedule), contraction(contraction), shape(shape), kernel(schedule.kernel),
      operandLeft(contraction.left), operandRight(contraction.right), tile(shape.tile),
      index(index) {}

void PanelOperands::reserve(Scratch &scratch) {
  if (shape.copiesLeft)
    packedLeft = scratch.reserve(shape.blocking.rowsPerTile / tile.rows * elementsPerStrip());
  packedRight = scratch.reserve(tile.width() * shape.blocking.depthPerBlock);
}

//===----------------------------------------------------------------------===//
// Where operands lie
//===----------------------------------------------------------------------===//

/// Fixes the labels of the depth at step `k`.
void PanelOperands::setStep(Value k) {
  index.set(contraction.depthLabels,
            kernel.delinearize(k, contraction.sizesOf(contraction.depthLabels)));
}

/// The memory of an operand and the position of step `block.first` for the index at hand.
Streams PanelOperands::inMemory(const LabelledTensor &operand, const DepthBlock &block) {
  for (int64_t label : contraction.depthLabels)
    index.set(label, kernel.index(0));
  SizeAttr stride = contraction.depthStride(operand);
  Value origin = operand.positionAt(kernel, index);
  origin = kernel.add(origin, kernel.mul(block.first, kernel.size(stride)));
  return {operand.memory(kernel), {origin}, kernel.size(stride)};
}

/// `count` origins `distance` apart; number `last`, if there is one, repeats.
SmallVector<Value> PanelOperands::origins(Value first, Value distance, Value last, unsigned count) {
  return llvm::map_to_vector(llvm::seq(count), [&](unsigned i) {
    Value number = kernel.index(i);
    if (last)
      number = kernel.min(number, last);
    return kernel.add(first, kernel.mul(number, distance));
  });
}

/// Streams for neighbours along a label from `first` on.
Streams PanelOperands::neighbours(const LabelledTensor &operand, const DepthBlock &block,
                                  int64_t label, Value first, Value last, unsigned count) {
  index.set(label, first);
  Streams streams = inMemory(operand, block);
  streams.origins =
      origins(streams.origins[0], kernel.size(operand.strideOf(label)), last, count);
  return streams;
}

/// Streams for places along a label, `step` apart, that may lie in several panels. What lies beyond
/// `last`, if that is not null, is `last`.
Streams PanelOperands::inPanels(const LabelledTensor &operand, const DepthBlock &block,
                                int64_t label, Value first, int64_t step, Value last,
                                unsigned count) {
  Streams streams{operand.memory(kernel), {}, {}};
  for (unsigned i = 0; i < count; ++i) {
    Value place = kernel.add(first, kernel.index(i * step));
    index.set(label, last ? kernel.min(place, last) : place);
    Streams one = inMemory(operand, block);
    streams.origins.push_back(one.origins[0]);
    streams.stride = one.stride;
  }
  return streams;
}

std::optional<int64_t> PanelOperands::knownDepth() const {
  return shape.isOneBlock ? shape.depth.getConstant() : std::nullopt;
}

ComputedOperand PanelOperands::computedLeft() const {
  return {kernel, contraction, operandLeft, contraction.rowLabel, tile.lanes};
}
ComputedOperand PanelOperands::computedRight() const {
  return {kernel, contraction, operandRight, contraction.laneLabel, tile.lanes};
}

//===----------------------------------------------------------------------===//
// The left operand
//===----------------------------------------------------------------------===//

/// Strips lie a cache line further apart than they are long: else a step of many of them, one row
/// of the operand, would go to few sets of the cache. Packing may write that line.
int64_t PanelOperands::elementsPerStrip() const {
  unsigned bits = contraction.elementType().getIntOrFloatBitWidth();
  int64_t line = schedule.target.cacheLineBytes * 8 / bits;
  return shape.blocking.depthPerBlock * tile.rows + line;
}

PackedBlock PanelOperands::strip(const Range &rows, Value row) {
  Value number = kernel.div(kernel.sub(row, rows.first), kernel.index(tile.rows));
  return {packedLeft, kernel.mul(number, kernel.index(elementsPerStrip())), tile.rows};
}

void PanelOperands::packStrip(const DepthBlock &block, const Range &rows, Value row) {
  PackedBlock to = strip(rows, row);
  if (shape.leftReading == Reading::PackComputed)
    return computedLeft().pack(index, block.first, block.count, knownDepth(), row,
                               /*isWhole=*/false, to);
  index.set(contraction.rowLabel, row);
  Value count = kernel.min(kernel.sub(kernel.size(shape.rows), row), kernel.index(tile.rows));
  packNeighbouringElements(kernel, inMemory(operandLeft, block), count, /*isWhole=*/false,
                           block.count, to, tile.lanes);
}

/// A strip of whole rows.
void PanelOperands::computeStrip(const DepthBlock &block, const Range &rows, Value row) {
  Value end = kernel.min(kernel.add(row, kernel.index(tile.rows)), kernel.size(shape.rows));
  computedLeft().computeRows(index, block.first, block.count, knownDepth(), row, end, packedLeft,
                             strip(rows, row).origin, shape.blocking.depthPerBlock);
}

void PanelOperands::packLeft(const DepthBlock &block, const Range &rows) {
  if (!shape.copiesLeft)
    return;
  auto packOneByOne = [&](Value first, Value end) {
    kernel.forRange(first, end, tile.rows, [&](Value row) { packStrip(block, rows, row); });
  };
  if (shape.leftReading == Reading::ComputeRows)
    return kernel.forRange(rows.first, rows.end, tile.rows,
                           [&](Value row) { computeStrip(block, rows, row); });
  if (shape.leftReading == Reading::PackComputed)
    return packOneByOne(rows.first, rows.end);
  int64_t strips = std::min(kStripsTogether, shape.blocking.rowsPerTile / tile.rows);
  int64_t step = strips * tile.rows;
  kernel.forRange(rows.first, rows.end, step, [&](Value row) {
    Value end = kernel.add(row, kernel.index(step));
    // The last vector reaches beyond the last strip's rows.
    Value endOfVectors = kernel.add(end, kernel.index(tile.lanes - tile.rows));
    Value isWhole =
        kernel.logicalAnd(kernel.lessThan(kernel.sub(end, kernel.index(1)), rows.end),
                          kernel.lessThan(kernel.sub(endOfVectors, kernel.index(1)),
                                          kernel.size(shape.rows)));
    kernel.ifThen(
        isWhole,
        [&] {
          index.set(contraction.rowLabel, row);
          packStrips(kernel, inMemory(operandLeft, block), block.count, strip(rows, row), strips,
                     elementsPerStrip(), tile.lanes);
        },
        [&] { packOneByOne(row, kernel.min(end, rows.end)); });
  });
}

Streams PanelOperands::left(const DepthBlock &block, const Range &rows, Value row, Value last) {
  if (!shape.copiesLeft) {
    if (contraction.rowLabel < 0)
      return inMemory(operandLeft, block);
    if (shape.leftReading == Reading::InPanels && operandLeft.layout.lanes % tile.rows != 0)
      return inPanels(operandLeft, block, contraction.rowLabel, row, 1,
                      kernel.sub(kernel.size(shape.rows), kernel.index(1)), tile.rows);
    return neighbours(operandLeft, block, contraction.rowLabel, row, last, tile.rows);
  }
  PackedBlock packed = strip(rows, row);
  if (shape.leftReading != Reading::ComputeRows)
    return packed.streams(kernel, 1);
  Value distance = kernel.index(shape.blocking.depthPerBlock);
  return {packedLeft, origins(packed.origin, distance, last, tile.rows), kernel.index(1)};
}

//===----------------------------------------------------------------------===//
// The right operand
//===----------------------------------------------------------------------===//

void PanelOperands::packRight(const DepthBlock &block, Value firstColumn, const PackedBlock &to) {
  if (shape.rightReading == Reading::PackComputed)
    return computedRight().pack(index, block.first, block.count, knownDepth(), firstColumn,
                                shape.isAlwaysWhole, to);
  if (shape.rightReading == Reading::PackPanels)
    return packPanels(block, firstColumn, to);
  if (shape.rightReading == Reading::PackSteps) {
    Value last = kernel.sub(kernel.sub(kernel.size(shape.columns), kernel.index(1)), firstColumn);
    Streams streams = neighbours(operandRight, block, contraction.laneLabel, firstColumn, last,
                                 tile.width());
    return packNeighbouringSteps(kernel, streams, block.count, knownDepth(), to, tile.lanes);
  }
  index.set(contraction.laneLabel, firstColumn);
  packNeighbouringElements(kernel, inMemory(operandRight, block),
                           kernel.sub(kernel.size(shape.columns), firstColumn),
                           shape.isAlwaysWhole, block.count, to, tile.lanes);
}

/// Packs a right operand that lies in panels of steps, one of them after the other.
void PanelOperands::packPanels(const DepthBlock &block, Value firstColumn, const PackedBlock &to) {
  int64_t lanes = operandRight.layout.lanes;
  Value lanesPerPanel = kernel.index(lanes), width = kernel.index(to.width);
  Value last = kernel.sub(kernel.size(shape.columns), kernel.index(1));
  Value end = kernel.add(block.first, block.count);
  Value endOfPanels = kernel.div(kernel.add(end, kernel.index(lanes - 1)), lanesPerPanel);
  kernel.forRange(kernel.div(block.first, lanesPerPanel), endOfPanels, 1, [&](Value panel) {
    Value begin = kernel.mul(panel, lanesPerPanel), next = kernel.add(begin, lanesPerPanel);
    begin = kernel.max(begin, block.first); // a block may begin inside a panel
    Streams streams{operandRight.memory(kernel), {}, kernel.index(1)};
    setStep(begin);
    for (unsigned i = 0; i < to.width; ++i) {
      index.set(contraction.laneLabel,
                kernel.min(kernel.add(firstColumn, kernel.index(i)), last));
      streams.origins.push_back(operandRight.positionAt(kernel, index));
    }
    PackedBlock part = to;
    part.origin = kernel.add(to.origin, kernel.mul(kernel.sub(begin, block.first), width));
    packNeighbouringSteps(kernel, streams, kernel.sub(kernel.min(next, end), begin), std::nullopt,
                          part, tile.lanes);
  });
}

/// The vectors of a panel whose columns are neighbours in memory, whether or not all exist.
Streams PanelOperands::vectorsInPlace(const DepthBlock &block, Value firstColumn) {
  index.set(contraction.laneLabel, firstColumn);
  Streams streams = inMemory(operandRight, block);
  for (unsigned v = 1; v < tile.vectors; ++v)
    streams.origins.push_back(
        kernel.add(streams.origins[0], kernel.index(int64_t(v) * tile.lanes)));
  return streams;
}

/// The vectors of a panel of a right operand that lies in panels of columns. There is memory up to
/// whole vectors; beyond, the last vector is repeated.
Streams PanelOperands::vectorsInPanels(const DepthBlock &block, Value firstColumn) {
  SizeAttr last = shape.columns.divCeil(tile.lanes).sub(schedule.constant(1));
  Value lastVector = kernel.mul(kernel.size(last), kernel.index(tile.lanes));
  return inPanels(operandRight, block, contraction.laneLabel, firstColumn, tile.lanes,
                  shape.isAlwaysWhole ? Value() : lastVector, tile.vectors);
}

Streams PanelOperands::right(const DepthBlock &block, Value firstColumn) {
  if (shape.rightReading == Reading::InPanels)
    return vectorsInPanels(block, firstColumn);
  PackedBlock packed{packedRight, kernel.index(0), unsigned(tile.width())};
  Streams streams = packed.streams(kernel, tile.lanes);
  if (shape.rightReading != Reading::InPlace) {
    packRight(block, firstColumn, packed);
    return streams;
  }
  Streams inPlace = vectorsInPlace(block, firstColumn);
  if (shape.isAlwaysWhole)
    return inPlace;
  // A panel that reaches beyond the last column is packed.
  Value lastWhole = kernel.sub(kernel.size(shape.columns), kernel.index(tile.width()));
  Value isCut = kernel.lessThan(lastWhole, firstColumn);
  kernel.ifThen(isCut, [&] { packRight(block, firstColumn, packed); });
  Arithmetic a = kernel.arithmetic();
  streams.memory.row = a.select(isCut, streams.memory.row, inPlace.memory.row);
  streams.stride = a.select(isCut, streams.stride, inPlace.stride);
  for (auto [origin, other] : llvm::zip(streams.origins, inPlace.origins))
    origin = a.select(isCut, origin, other);
  return streams;
}

//===----------------------------------------------------------------------===//
// Ahead of use
//===----------------------------------------------------------------------===//

/// Is the right operand read once per block of rows from beyond the second cache, a few cache lines
/// at a time? A processor follows such strides late: pages, or panels, are short.
bool PanelOperands::isRightFarAway() const {
  switch (shape.rightReading) {
  case Reading::InPanels:
  case Reading::PackPanels:
  case Reading::PackElements:
    return schedule.isLarge(operandRight.tensor);
  default:
    return false;
  }
}

void PanelOperands::prefetchNextPanel(const DepthBlock &block, Value firstColumn, Value number,
                                      int64_t parts) {
  if (!isRightFarAway())
    return;
  Value next = kernel.add(firstColumn, kernel.index(tile.width()));
  int64_t steps = llvm::divideCeil(shape.blocking.depthPerBlock, parts);
  Value begin = kernel.mul(number, kernel.index(steps));
  Value end = kernel.add(begin, kernel.index(steps));
  if (shape.rightReading == Reading::PackPanels)
    return prefetchPanelsOfSteps(block, next, begin, end);
  Streams streams = shape.rightReading == Reading::InPanels ? vectorsInPanels(block, next)
                                                            : vectorsInPlace(block, next);
  kernel.forRange(begin, end, 1, [&](Value k) {
    for (unsigned v = 0; v < tile.vectors; v += schedule.target.vectorsPerCacheLine())
      kernel.prefetch(streams.memory,
                      kernel.add(streams.origins[v], kernel.mul(k, streams.stride)));
  });
}

/// Of a panel of columns whose steps [begin, end) lie in panels: a column of a panel is a few cache
/// lines, and there are about as many columns as steps.
void PanelOperands::prefetchPanelsOfSteps(const DepthBlock &block, Value firstColumn, Value begin,
                                          Value end) {
  int64_t lanes = operandRight.layout.lanes;
  int64_t perLine = int64_t(schedule.target.vectorsPerCacheLine()) * tile.lanes;
  kernel.forRange(begin, end, 1, [&](Value k) {
    Value inPanel = kernel.rem(k, kernel.index(lanes));
    for (int64_t column = 0; column < tile.width(); column += lanes)
      for (int64_t step = 0; step < lanes; step += perLine) {
        setStep(kernel.add(kernel.sub(kernel.add(block.first, k), inPanel), kernel.index(step)));
        index.set(contraction.laneLabel,
                  kernel.add(firstColumn, kernel.add(inPanel, kernel.index(column))));
        kernel.prefetch(operandRight.memory(kernel), operandRight.positionAt(kernel, index));
      }
  });
}

} // namespace tenon::cpu
