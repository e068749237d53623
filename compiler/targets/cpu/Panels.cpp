//===- Panels.cpp - Contractions with lanes along the result --------------===//
//
// A tile is a panel of columns, a few vectors wide, times a block of rows; labels of the result
// that are neither are fixed. A panel of the right operand is read where it lies if it is
// contiguous along the columns and whole; else it is packed into scratch memory. The micro-kernel
// computes a few rows of the panel at once in registers, over the whole sum. It leaves them in a
// small tile in scratch memory, from which the epilogue goes on row by row. Rows and columns beyond
// the edge repeat the last one and are not stored, so one micro-kernel does for all of them.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Contraction.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// Rows that share a packed panel.
static constexpr int64_t kRowsPerTile = 96;
/// Keeps what follows a tile in scratch memory aligned to cache lines.
static constexpr int64_t kAlignment = 64;

namespace {

/// The part of the result that the micro-kernel holds in registers.
struct RegisterTile {
  unsigned rows, vectors, lanes;
  int64_t width() const { return int64_t(vectors) * lanes; }
};

/// Where the micro-kernel finds the right operand: the first element, and what one step along each
/// summed label adds to the position.
struct RightPanel {
  Memory memory;
  Value origin;
  SmallVector<Value> strides;
};

class Panels {
public:
  Panels(Schedule &schedule, const Contraction &contraction)
      : schedule(schedule), contraction(contraction), kernel(schedule.kernel),
        elementType(contraction.elementType()), columns(contraction.sizeOf(contraction.laneLabel)),
        rows(contraction.rowLabel < 0 ? schedule.constant(1)
                                      : contraction.sizeOf(contraction.rowLabel)),
        depth(SizeAttr::product(schedule.getContext(), contraction.sizesOf(contraction.summed))) {
    chooseRegisterTile();
    isContiguous = isa<BlockArgument>(contraction.right.tensor) &&
                   contraction.right.strideOf(contraction.laneLabel).isConstant(1);
    std::optional<int64_t> count = columns.getConstant();
    isAlwaysWhole = count && *count % tile.width() == 0;
  }

  FailureOr<EmittedKernel> emit() {
    // Outer labels, then the block of rows and the panel in the places of their labels.
    SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);
    SizeAttr rowBlocks = rows.divCeil(kRowsPerTile), panels = columns.divCeil(tile.width());
    for (auto [label, size] : llvm::zip(contraction.out, tiles)) {
      if (label == contraction.laneLabel)
        size = panels;
      if (label == contraction.rowLabel)
        size = rowBlocks;
    }
    int64_t bytes = elementType.getIntOrFloatBitWidth() / 8;
    int64_t tileBytes = llvm::alignTo(tile.rows * tile.width() * bytes, kAlignment);
    SizeAttr panelElements = schedule.constant(0);
    if (!isContiguous || !isAlwaysWhole)
      panelElements = depth.mul(schedule.constant(tile.width()));
    sums = kernel.scratch(kernel.index(0), elementType, kernel.index(tile.rows * tile.width()));
    packed = kernel.scratch(kernel.index(tileBytes), elementType, kernel.size(panelElements));

    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value number) {
      index.set(contraction.out, kernel.delinearize(number, tiles));
      emitTile();
    });

    SizeAttr scratch =
        panelElements.mul(schedule.constant(bytes)).add(schedule.constant(tileBytes));
    int64_t tileRows = std::min(rows.getConstant().value_or(kRowsPerTile), kRowsPerTile);
    // A row of a panel costs about what one element of another kernel does.
    SizeAttr work = depth.mul(schedule.constant(tileRows));
    return schedule.finish(SizeAttr::product(schedule.getContext(), tiles), work, scratch);
  }

private:
  /// Six rows by two vectors take 12 of 16 registers and hide the latency of multiplication; fewer
  /// rows are made up for by more vectors.
  void chooseRegisterTile() {
    tile.lanes = schedule.target.vectorElements(elementType.getIntOrFloatBitWidth());
    tile.rows = std::min<int64_t>(rows.getConstant().value_or(6), 6);
    tile.vectors = tile.rows > 2 ? 2 : 4;
    if (auto count = columns.getConstant())
      tile.vectors = std::clamp<int64_t>(llvm::divideCeil(*count, tile.lanes), 1, tile.vectors);
    tile.rows = std::max(tile.rows, 1u);
  }

  Value valueOf(int64_t label) { return index.point(label).index[0]; }

  void emitTile() {
    firstColumn = kernel.mul(valueOf(contraction.laneLabel), kernel.index(tile.width()));
    columnCount =
        kernel.min(kernel.sub(kernel.size(columns), firstColumn), kernel.index(tile.width()));
    RightPanel panel = findPanel();
    if (contraction.rowLabel < 0)
      return emitRows(panel, Value());
    Value block = kernel.index(kRowsPerTile);
    Value from = kernel.mul(valueOf(contraction.rowLabel), block);
    Value to = kernel.min(kernel.add(from, block), kernel.size(rows));
    kernel.forRange(from, to, tile.rows, [&](Value firstRow) { emitRows(panel, firstRow); });
  }

  //===--------------------------------------------------------------------===//
  // The right operand
  //===--------------------------------------------------------------------===//

  /// Packs the panel unless it can be read in place.
  RightPanel findPanel() {
    if (!isContiguous) {
      packPanel();
      return packedPanel();
    }
    if (isAlwaysWhole)
      return panelInPlace();
    Value isWhole = kernel.equal(columnCount, kernel.index(tile.width()));
    kernel.ifThen(isWhole, [] {}, [&] { packPanel(); });
    RightPanel inPlace = panelInPlace(), panel = packedPanel();
    Arithmetic a = kernel.arithmetic();
    panel.memory.row = a.select(isWhole, inPlace.memory.row, panel.memory.row);
    panel.origin = a.select(isWhole, inPlace.origin, panel.origin);
    for (auto [stride, other] : llvm::zip(panel.strides, inPlace.strides))
      stride = a.select(isWhole, other, stride);
    return panel;
  }

  RightPanel packedPanel() {
    RightPanel panel{packed, kernel.index(0), {}};
    SizeAttr stride = schedule.constant(tile.width());
    for (int64_t label : llvm::reverse(contraction.summed)) {
      panel.strides.insert(panel.strides.begin(), kernel.size(stride));
      stride = stride.mul(contraction.sizeOf(label));
    }
    return panel;
  }

  RightPanel panelInPlace() {
    const LabelledTensor &right = contraction.right;
    unsigned buffer = cast<BlockArgument>(right.tensor).getArgNumber();
    LabelIndex corner = index;
    corner.set(contraction.laneLabel, firstColumn);
    for (int64_t label : contraction.summed)
      corner.set(label, kernel.index(0));
    RightPanel panel{kernel.buffer(buffer), {}, {}};
    panel.origin = kernel.linearize(corner.point(right.labels).index,
                                    graph::tensorType(right.tensor).getSizes());
    for (int64_t label : contraction.summed)
      panel.strides.push_back(kernel.size(right.strideOf(label)));
    return panel;
  }

  /// Reads one element of each column, then writes them as vectors.
  void packPanel() {
    Value last = kernel.sub(kernel.size(columns), kernel.index(1));
    SmallVector<Value> columnIndices;
    for (unsigned column = 0; column < tile.width(); ++column)
      columnIndices.push_back(kernel.min(kernel.add(firstColumn, kernel.index(column)), last));
    kernel.forEach(contraction.sizesOf(contraction.summed), {}, [&](ValueRange i, ValueRange) {
      index.set(contraction.summed, i);
      ElementEmitter elements(kernel, Lanes());
      SmallVector<Value> row;
      for (Value column : columnIndices) {
        index.set(contraction.laneLabel, column);
        row.push_back(elements.at(contraction.right.tensor, index.point(contraction.right.labels)));
      }
      for (unsigned first = 0; first < tile.width(); first += tile.lanes)
        kernel.storeLanes(packed, positionIn(packedPanel(), i, kernel.index(first)),
                          kernel.fromElements(ValueRange(row).slice(first, tile.lanes)),
                          allLanes());
      return SmallVector<Value>();
    });
  }

  /// The position of a column at indices `i` of the summed labels.
  Value positionIn(const RightPanel &panel, ValueRange i, Value column) {
    Value position = kernel.add(panel.origin, column);
    for (auto [at, stride] : llvm::zip(i, panel.strides))
      position = kernel.add(position, kernel.mul(at, stride));
    return position;
  }

  //===--------------------------------------------------------------------===//
  // Rows
  //===--------------------------------------------------------------------===//

  Lanes allLanes() const {
    Lanes lanes;
    lanes.count = tile.lanes;
    return lanes;
  }

  void emitRows(const RightPanel &panel, Value firstRow) {
    for (auto [i, sum] : llvm::enumerate(microKernel(panel, firstRow)))
      kernel.storeLanes(sums, kernel.index(i * tile.lanes), sum, allLanes());
    if (!firstRow)
      return emitRowEpilogue(kernel.index(0));
    Value count = kernel.min(kernel.sub(kernel.size(rows), firstRow), kernel.index(tile.rows));
    kernel.forRange(kernel.index(0), count, 1, [&](Value row) {
      index.set(contraction.rowLabel, kernel.add(firstRow, row));
      emitRowEpilogue(row);
    });
  }

  /// The sums of products of the register tile, row by row.
  SmallVector<Value> microKernel(const RightPanel &panel, Value firstRow) {
    Arithmetic a = kernel.arithmetic();
    SmallVector<Value> rowIndices(tile.rows);
    if (firstRow) {
      Value last = kernel.sub(kernel.size(rows), kernel.index(1));
      for (auto [row, value] : llvm::enumerate(rowIndices))
        value = kernel.min(kernel.add(firstRow, kernel.index(row)), last);
    }
    Value zero = a.broadcast(a.constant(0, elementType), tile.lanes);
    SmallVector<Value> zeros(tile.rows * tile.vectors, zero);
    return kernel.forEach(
        contraction.sizesOf(contraction.summed), zeros, [&](ValueRange i, ValueRange carried) {
          index.set(contraction.summed, i);
          SmallVector<Value> rights, next;
          for (unsigned v = 0; v < tile.vectors; ++v)
            rights.push_back(kernel.loadLanes(
                panel.memory, positionIn(panel, i, kernel.index(v * tile.lanes)), allLanes()));
          ElementEmitter elements(kernel, Lanes());
          for (Value row : rowIndices) {
            if (row)
              index.set(contraction.rowLabel, row);
            Value left = elements.at(contraction.left.tensor, index.point(contraction.left.labels));
            for (Value right : rights)
              next.push_back(a.mulAdd(left, right, carried[next.size()]));
          }
          return next;
        });
  }

  void emitRowEpilogue(Value row) {
    std::optional<int64_t> count;
    if (isAlwaysWhole)
      count = tile.width();
    kernel.forLanes(kernel.index(0), columnCount, count, tile.lanes, {},
                    [&](Value column, const Lanes &lanes, ValueRange) {
                      Value position =
                          kernel.add(kernel.mul(row, kernel.index(tile.width())), column);
                      Value sum = kernel.loadLanes(sums, position, allLanes());
                      index.set(contraction.laneLabel, kernel.add(firstColumn, column));
                      Point point = index.point(contraction.out, contraction.laneLabel);
                      emitEpilogue(schedule, contraction, point, lanes, sum);
                      return SmallVector<Value>();
                    });
  }

  Schedule &schedule;
  const Contraction &contraction;
  KernelBuilder &kernel;
  Type elementType;
  SizeAttr columns, rows, depth; ///< sizes of the lane label, the row label, the sum
  RegisterTile tile;
  bool isContiguous;  ///< right along the columns
  bool isAlwaysWhole; ///< does a panel never reach beyond the last column?
  Memory sums, packed;
  Value firstColumn, columnCount; ///< of the panel at hand
  LabelIndex index;               ///< of what is emitted at the moment
};

} // namespace

FailureOr<EmittedKernel> emitPanels(Schedule &schedule, const Contraction &contraction) {
  return Panels(schedule, contraction).emit();
}

} // namespace tenon::cpu
