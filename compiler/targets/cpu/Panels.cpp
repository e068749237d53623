//===- Panels.cpp - Contractions with lanes along the result --------------===//
//
// A tile is a block of rows times a few panels of columns; labels of the result that are neither
// are fixed. For each block of the sum's depth the rows are packed if they do not lie well, then
// panel by panel the right operand, then the micro-kernel goes through the rows. Sums stay in
// registers over a block of depth and in scratch memory from one block to the next; the last block
// ends with the epilogue. Rows and columns beyond the edge repeat the last one, or are zero, and are
// not stored, so the micro-kernel is always the same; where rows repeat, a copy of its loop has an
// address for each.
//
// The products of one element are always added in the order of the sum, however it is cut.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/MicroKernel.h"
#include "compiler/targets/cpu/OneRow.h"
#include "compiler/targets/cpu/PanelOperands.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

namespace {

class Panels {
public:
  Panels(Schedule &schedule, const Contraction &contraction)
      : schedule(schedule), contraction(contraction), kernel(schedule.kernel),
        elementType(contraction.elementType()), shape(schedule, contraction),
        blocking(shape.blocking), tile(shape.tile), rows(shape.rows), columns(shape.columns),
        operands(schedule, contraction, shape, index) {
    isLight = isLightEpilogue(schedule);
    // What the epilogue reads and writes must lie like the sums.
    isFlat = isNarrow() &&
             schedule.isRowMajor({contraction.left.tensor, contraction.right.tensor}) &&
             llvm::all_of(schedule.results,
                          [&](Value result) { return isLinearizable(result, contraction.result); });
    mayBeOneRow = schedule.expected(rows).value_or(1) == 1 &&
                  OneRow::isPossible(schedule, contraction);
  }

  FailureOr<EmittedKernel> emit() {
    // Outer labels, then the block of rows and the panels in the places of their labels.
    SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);
    panels = columns.divCeil(tile.width());
    tilesAlongColumns = panels.divCeil(blocking.panelsPerTile);
    tilesAlongRows = rows.divCeil(blocking.rowsPerTile);
    for (auto [label, size] : llvm::zip(contraction.out, tiles)) {
      if (label == contraction.laneLabel)
        size = tilesAlongColumns;
      if (label == contraction.rowLabel)
        size = tilesAlongRows;
    }
    int64_t bytes = reserveScratch();
    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value number) {
      index.set(contraction.out, kernel.delinearize(number, tiles));
      emitTile();
    });
    return schedule.finish(SizeAttr::product(schedule.getContext(), tiles), workPerTile(),
                           schedule.constant(bytes));
  }

private:
  //===--------------------------------------------------------------------===//
  // Decisions
  //===--------------------------------------------------------------------===//

  /// Is a row of the result so short that a vector would often reach into the next one, and does that
  /// lie behind it in memory?
  bool isNarrow() {
    auto count = columns.getConstant();
    return count && *count % tile.lanes != 0 && *count < tile.width() && contraction.rowLabel >= 0 &&
           innermostAxis(graph::tensorType(contraction.result).getSizes()) >= 0 &&
           contraction.rowLabel == labelBefore(contraction.laneLabel);
  }
  /// The label of the axis of the result before that of `label`, leaving out axes of size 1.
  int64_t labelBefore(int64_t label) {
    int64_t before = -1;
    for (int64_t candidate : contraction.out) {
      if (candidate == label)
        break;
      if (!contraction.sizeOf(candidate).isConstant(1))
        before = candidate;
    }
    return before;
  }

  /// A row of a panel costs about what one element of another kernel does.
  SizeAttr workPerTile() {
    int64_t tileRows = std::min(rows.getConstant().value_or(blocking.rowsPerTile),
                                blocking.rowsPerTile);
    return SizeAttr::product(schedule.getContext(), contraction.sizesOf(contraction.summed))
        .mul(schedule.constant(tileRows * blocking.panelsPerTile));
  }

  /// Returns how many bytes.
  int64_t reserveScratch() {
    Scratch scratch(kernel, elementType);
    int64_t blocks = shape.isOneBlock ? 1
                                      : blocking.rowsPerTile / tile.rows * blocking.panelsPerTile;
    int64_t elements = blocks * tile.rows * tile.width();
    if (mayBeOneRow)
      elements = std::max(elements, oneRow().width());
    sums = scratch.reserve(elements);
    // Storing rows may write a vector too many.
    if (isFlat)
      flatSums = scratch.reserve(blocking.rowsPerTile * *columns.getConstant() + tile.width());
    operands.reserve(scratch);
    return scratch.bytes();
  }
  OneRow oneRow() { return {schedule, contraction, blocking.panelsPerTile * tile.width()}; }

  //===--------------------------------------------------------------------===//
  // Loops
  //===--------------------------------------------------------------------===//

  Value valueOf(int64_t label) { return index.point(label).index[0]; }

  /// Where share `number` of `count` begins, when they are as equal as whole `units` can be: so
  /// that tiles, which threads share by number, are equal work.
  Value beginOfShare(Value number, SizeAttr count, SizeAttr units) {
    if (count.isConstant(1)) // 0 or 1
      return kernel.mul(number, kernel.size(units));
    return kernel.div(kernel.mul(number, kernel.size(units)), kernel.size(count));
  }
  Range shareOf(Value number, SizeAttr count, SizeAttr units) {
    return {beginOfShare(number, count, units),
            beginOfShare(kernel.add(number, kernel.index(1)), count, units)};
  }

  void emitTile() {
    tilePanels = shareOf(valueOf(contraction.laneLabel), tilesAlongColumns, panels);
    tileRows = {kernel.index(0), kernel.index(1)};
    if (contraction.rowLabel >= 0) {
      Range share =
          shareOf(valueOf(contraction.rowLabel), tilesAlongRows, rows.divCeil(tile.rows));
      Value step = kernel.index(tile.rows);
      tileRows = {kernel.mul(share.first, step),
                  kernel.min(kernel.mul(share.end, step), kernel.size(rows))};
    }
    if (!mayBeOneRow)
      return emitBlocks();
    // Decided by a size when the kernel runs.
    kernel.ifThen(
        kernel.equal(kernel.size(rows), kernel.index(1)),
        [&] {
          Value width = kernel.index(tile.width());
          oneRow().emitColumns(
              index, kernel.mul(tilePanels.first, width),
              kernel.min(kernel.mul(tilePanels.end, width), kernel.size(columns)), 0);
        },
        [&] { emitBlocks(); });
  }

  void emitBlocks() {
    forEachDepthBlock([&](const DepthBlock &block) {
      operands.packLeft(block, tileRows);
      kernel.forRange(tilePanels.first, tilePanels.end, 1, [&](Value panel) {
        firstColumn = kernel.mul(panel, kernel.index(tile.width()));
        columnCount =
            kernel.min(kernel.sub(kernel.size(columns), firstColumn), kernel.index(tile.width()));
        Streams vectors = operands.right(block, firstColumn);
        kernel.forRange(tileRows.first, tileRows.end, tile.rows, [&](Value row) {
          prefetch(block, row);
          emitRegisterTile(block, panel, row, vectors);
        });
      });
    });
    if (isFlat)
      emitFlatEpilogue();
  }

  /// The number of a register tile's rows among those of the tile.
  Value numberOf(Value row) {
    return kernel.div(kernel.sub(row, tileRows.first), kernel.index(tile.rows));
  }

  /// Asks for memory that is needed after the register tile from `row` on: its share of the next
  /// panel, and what its epilogue reads.
  void prefetch(const DepthBlock &block, Value row) {
    operands.prefetchNextPanel(block, firstColumn, numberOf(row),
                               blocking.rowsPerTile / tile.rows);
    SmallVector<unsigned> buffers = largeBuffersOfEpilogue();
    if (buffers.empty())
      return;
    auto askFor = [&] {
      for (unsigned r = 0; r < tile.rows; ++r)
        for (unsigned v = 0; v < tile.vectors; v += schedule.target.vectorsPerCacheLine()) {
          setPlace(kernel.add(row, kernel.index(r)), int64_t(v) * tile.lanes);
          for (unsigned i : buffers)
            kernel.prefetch(kernel.buffer(i),
                            kernel.position(kernel.buffer(i).layout,
                                            index.point(contraction.out).index,
                                            graph::tensorType(contraction.result).getSizes()));
        }
    };
    ifLast(block, askFor);
  }
  /// What the epilogue probably reads element by element and not from a cache.
  SmallVector<unsigned> largeBuffersOfEpilogue() {
    SmallVector<unsigned> buffers;
    for (BlockArgument argument : schedule.source.getArguments())
      if (argument != contraction.left.tensor && argument != contraction.right.tensor &&
          graph::tensorType(argument).getSizes() ==
              graph::tensorType(contraction.result).getSizes() &&
          schedule.isLarge(argument))
        buffers.push_back(argument.getArgNumber());
    return buffers;
  }

  /// At least one block, so that the epilogue of an empty sum is reached.
  void forEachDepthBlock(function_ref<void(const DepthBlock &)> body) {
    if (shape.isOneBlock)
      return body({kernel.index(0), kernel.size(shape.depth), Value(), Value()});
    Value one = kernel.index(1), zero = kernel.index(0);
    SmallVector<Value> outer;
    Value isEmpty = kernel.equal(
        kernel.size(SizeAttr::product(schedule.getContext(),
                                      contraction.sizesOf(contraction.summed))),
        zero);
    std::function<void(Value, Value)> nest = [&](Value isFirst, Value isLast) {
      auto both = [&](Value x, Value y) { return x ? kernel.logicalAnd(x, y) : y; };
      bool isInner = outer.size() == contraction.outerSummed.size();
      Value extent = isInner ? kernel.size(shape.depth)
                             : kernel.size(contraction.sizeOf(
                                   contraction.outerSummed[outer.size()]));
      int64_t step = isInner ? blocking.depthPerBlock : 1;
      kernel.forRange(zero, kernel.max(extent, one), step, [&](Value i) {
        Value first = both(isFirst, kernel.equal(i, zero));
        Value next = kernel.add(i, kernel.index(step));
        Value last = both(isLast, kernel.lessThan(kernel.sub(extent, one), next));
        if (!isInner) {
          index.set(contraction.outerSummed[outer.size()], i);
          outer.push_back(i);
          nest(first, last);
          outer.pop_back();
          return;
        }
        Value count = kernel.min(kernel.sub(extent, i), kernel.index(step));
        Value none = kernel.arithmetic().select(isEmpty, zero, count);
        body({i, none, first, last});
      });
    };
    nest(Value(), Value());
  }

  /// Decided here if there is one block, else when the kernel runs.
  void ifLast(const DepthBlock &block, function_ref<void()> then,
              function_ref<void()> otherwise = nullptr) {
    if (block.isLast)
      kernel.ifThen(block.isLast, then, otherwise);
    else
      then();
  }

  //===--------------------------------------------------------------------===//
  // Register tiles
  //===--------------------------------------------------------------------===//

  void emitRegisterTile(const DepthBlock &block, Value panel, Value row, const Streams &vectors) {
    Arithmetic a = kernel.arithmetic();
    Value origin = kernel.index(0);
    if (!shape.isOneBlock) {
      Value number = kernel.add(kernel.mul(kernel.sub(panel, tilePanels.first),
                                           kernel.index(blocking.rowsPerTile / tile.rows)),
                                numberOf(row));
      origin = kernel.mul(number, kernel.index(tile.rows * tile.width()));
    }
    SmallVector<Value> zeros(tile.rows * tile.vectors,
                             a.broadcast(a.constant(0, elementType), tile.lanes));
    SmallVector<Value> initial = zeros;
    if (block.isFirst)
      initial = kernel.ifThen(
          block.isFirst, ValueRange(zeros).getTypes(), [&] { return zeros; },
          [&] { return loadSums(origin); });
    SmallVector<Value> result = addProducts(block, row, vectors, initial);
    auto finish = [&] {
      if (isFlat)
        storeFlat(row, result);
      else
        emitEpilogueOfTile(origin, row, result);
    };
    ifLast(block, finish, [&] { storeSums(origin, result); });
  }

  /// Rows that all exist are at equal distances: few registers hold where they are.
  SmallVector<Value> addProducts(const DepthBlock &block, Value row, const Streams &vectors,
                                 ArrayRef<Value> initial) {
    auto addTo = [&](Value last) {
      return multiplyAdd(kernel, operands.left(block, tileRows, row, last), vectors, shape.all,
                         block.count, initial);
    };
    if (!shape.repeatsRows)
      return addTo(Value());
    Value last = kernel.sub(kernel.sub(tileRows.end, kernel.index(1)), row);
    return kernel.ifThen(
        kernel.lessThan(last, kernel.index(tile.rows - 1)), ValueRange(initial).getTypes(),
        [&] { return addTo(last); }, [&] { return addTo(Value()); });
  }

  Value sumPosition(Value origin, unsigned i) {
    return kernel.add(origin, kernel.index(int64_t(i) * tile.lanes));
  }
  SmallVector<Value> loadSums(Value origin) {
    SmallVector<Value> values;
    for (unsigned i = 0; i < tile.rows * tile.vectors; ++i)
      values.push_back(kernel.loadLanes(sums, sumPosition(origin, i), shape.all));
    return values;
  }
  void storeSums(Value origin, ArrayRef<Value> values) {
    for (auto [i, value] : llvm::enumerate(values))
      kernel.storeLanes(sums, sumPosition(origin, i), value, shape.all);
  }

  /// Rows one behind the other; what lies beyond the columns is overwritten by the next row.
  void storeFlat(Value row, ArrayRef<Value> values) {
    for (unsigned r = 0; r < tile.rows; ++r) {
      Value at = kernel.sub(kernel.add(row, kernel.index(r)), tileRows.first);
      Value origin = kernel.mul(at, kernel.size(columns));
      for (unsigned v = 0; v < tile.vectors; ++v)
        kernel.storeLanes(flatSums, sumPosition(origin, v), values[r * tile.vectors + v],
                          shape.all);
    }
  }
  void emitFlatEpilogue() {
    Value count = kernel.mul(kernel.sub(tileRows.end, tileRows.first), kernel.size(columns));
    setRow(tileRows.first);
    index.set(contraction.laneLabel, kernel.index(0));
    Value first = kernel.linearize(index.point(contraction.out).index,
                                   graph::tensorType(contraction.result).getSizes());
    kernel.forLanes(kernel.index(0), count, std::nullopt, tile.lanes, {},
                    [&](Value i, const Lanes &lanes, ValueRange) {
                      Point point{{kernel.add(first, i)}, 0, /*isLinear=*/true};
                      emitEpilogue(schedule, contraction, point, lanes,
                                   kernel.loadLanes(flatSums, i, shape.all));
                      return SmallVector<Value>();
                    });
  }

  /// A short epilogue of a whole tile is done on the registers; else row by row from memory.
  void emitEpilogueOfTile(Value origin, Value row, ArrayRef<Value> values) {
    Value count = kernel.min(kernel.sub(tileRows.end, row), kernel.index(tile.rows));
    auto fromMemory = [&] {
      storeSums(origin, values);
      kernel.forRange(kernel.index(0), count, 1, [&](Value i) {
        setRow(kernel.add(row, i));
        emitEpilogueOfRow(kernel.add(origin, kernel.mul(i, kernel.index(tile.width()))));
      });
    };
    if (!isLight)
      return fromMemory();
    Value isWhole = kernel.equal(count, kernel.index(tile.rows));
    if (!shape.isAlwaysWhole)
      isWhole = kernel.logicalAnd(isWhole,
                                  kernel.equal(columnCount, kernel.index(tile.width())));
    kernel.ifThen(isWhole, [&] { emitEpilogueOfRegisters(row, values); }, fromMemory);
  }

  void setRow(Value row) {
    if (contraction.rowLabel >= 0)
      index.set(contraction.rowLabel, row);
  }

  /// `column` of the panel at hand.
  void setPlace(Value row, int64_t column) {
    setRow(row);
    index.set(contraction.laneLabel, kernel.add(firstColumn, kernel.index(column)));
  }

  void emitEpilogueOfRegisters(Value row, ArrayRef<Value> values) {
    for (unsigned r = 0; r < tile.rows; ++r) {
      for (unsigned v = 0; v < tile.vectors; ++v) {
        setPlace(kernel.add(row, kernel.index(r)), int64_t(v) * tile.lanes);
        emitEpilogue(schedule, contraction, index.point(contraction.out, contraction.laneLabel),
                     shape.all, values[r * tile.vectors + v]);
      }
    }
  }

  void emitEpilogueOfRow(Value origin) {
    std::optional<int64_t> count;
    if (shape.isAlwaysWhole)
      count = tile.width();
    kernel.forLanes(kernel.index(0), columnCount, count, tile.lanes, {},
                    [&](Value column, const Lanes &lanes, ValueRange) {
                      Value sum = kernel.loadLanes(sums, kernel.add(origin, column), shape.all);
                      index.set(contraction.laneLabel, kernel.add(firstColumn, column));
                      emitEpilogue(schedule, contraction,
                                   index.point(contraction.out, contraction.laneLabel), lanes, sum);
                      return SmallVector<Value>();
                    });
  }

  Schedule &schedule;
  const Contraction &contraction;
  KernelBuilder &kernel;
  Type elementType;
  PanelShape shape;
  const Blocking &blocking;
  const RegisterTile &tile;
  const SizeAttr &rows, &columns;
  SizeAttr panels, tilesAlongColumns, tilesAlongRows;
  LabelIndex index; ///< of what is emitted at the moment
  PanelOperands operands;
  bool isLight;     ///< the epilogue
  bool isFlat;      ///< does the epilogue go over the memory of whole rows at once?
  bool mayBeOneRow; ///< is that worth code of its own?
  Memory sums, flatSums;
  Range tilePanels, tileRows;     ///< of the tile at hand
  Value firstColumn, columnCount; ///< of the panel at hand
};

} // namespace

FailureOr<EmittedKernel> emitPanels(Schedule &schedule, const Contraction &contraction) {
  return Panels(schedule, contraction).emit();
}

} // namespace tenon::cpu
