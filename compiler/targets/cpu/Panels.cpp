//===- Panels.cpp - Contractions with lanes along the result --------------===//
//
// A tile is a block of rows times a few panels of columns; labels of the result that are neither
// are fixed. For each block of the sum's depth the rows are packed if they do not lie well, then
// panel by panel the right operand, then the micro-kernel goes through the rows. Sums stay in
// registers over a block of depth and in scratch memory from one block to the next; the last block
// ends with the epilogue. Rows and columns beyond the edge repeat the last one, or are zero, and are
// not stored, so one micro-kernel does for all of them.
//
// The products of one element are always added in the order of the sum, however it is cut.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Contraction.h"
#include "compiler/targets/cpu/MicroKernel.h"
#include "compiler/targets/cpu/OneRow.h"
#include "compiler/targets/cpu/Packing.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

/// With fewer rows than this, a copy of a panel costs more than it saves.
static constexpr int64_t kRowsWorthPacking = 16;
/// A left operand that is read across its memory may be this deep before it is packed.
static constexpr int64_t kDepthWorthPacking = 48;
/// Keeps what follows in scratch memory aligned to cache lines.
static constexpr int64_t kAlignment = 64;

namespace {

/// How an operand gets to the micro-kernel.
enum class Reading {
  InPlace,          ///< where it lies
  InPanels,         ///< where it lies, in panels of columns
  PackSteps,        ///< packed; steps of the sum are neighbours in memory
  PackPanels,       ///< packed; it lies in panels of steps of the sum
  PackElements,     ///< packed; rows or columns are neighbours in memory
  PackComputed      ///< packed; computed or gathered one by one
};

/// A block of the sum's depth.
struct DepthBlock {
  Value first, count;
  Value isFirst, isLast; ///< null: there is one block only
};

class Panels {
public:
  Panels(Schedule &schedule, const Contraction &contraction)
      : schedule(schedule), contraction(contraction), kernel(schedule.kernel),
        left(contraction.left), right(contraction.right), elementType(contraction.elementType()),
        bytes(elementType.getIntOrFloatBitWidth() / 8),
        columns(contraction.sizeOf(contraction.laneLabel)),
        rows(contraction.rowLabel < 0 ? schedule.constant(1)
                                      : contraction.sizeOf(contraction.rowLabel)),
        depth(contraction.depth()) {
    Extents extents{schedule.expected(rows), schedule.expected(columns), schedule.expected(depth)};
    chooseReadings(extents);
    if (rightReading == Reading::InPanels)
      extents.columnsPerPanel = right.layout.lanes;
    blocking = chooseBlocking(schedule.target, bytes * 8, extents,
                              /*packsLeft=*/leftReading != Reading::InPlace);
    tile = blocking.tile;
    all.count = tile.lanes;
    auto knownColumns = columns.getConstant(), knownDepth = depth.getConstant();
    isAlwaysWhole = knownColumns && *knownColumns % tile.width() == 0;
    isOneBlock = contraction.outerSummed.empty() && knownDepth &&
                 *knownDepth <= blocking.depthPerBlock;
    isLight = isLightEpilogue(schedule);
    isFlat = isNarrow() && isAllRowMajor() && llvm::all_of(schedule.results, [&](Value result) {
               return isLinearizable(result, contraction.result);
             });
    mayBeOneRow = extents.rows.value_or(1) == 1 && OneRow::isPossible(schedule, contraction);
  }

  FailureOr<EmittedKernel> emit() {
    // Outer labels, then the block of rows and the panels in the places of their labels.
    SmallVector<SizeAttr> tiles = contraction.sizesOf(contraction.out);
    panels = columns.divCeil(tile.width());
    for (auto [label, size] : llvm::zip(contraction.out, tiles)) {
      if (label == contraction.laneLabel)
        size = panels.divCeil(blocking.panelsPerTile);
      if (label == contraction.rowLabel)
        size = rows.divCeil(blocking.rowsPerTile);
    }
    int64_t scratch = reserveScratch();
    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value number) {
      index.set(contraction.out, kernel.delinearize(number, tiles));
      emitTile();
    });
    return schedule.finish(SizeAttr::product(schedule.getContext(), tiles), workPerTile(),
                           schedule.constant(scratch));
  }

private:
  //===--------------------------------------------------------------------===//
  // Decisions
  //===--------------------------------------------------------------------===//

  void chooseReadings(const Extents &extents) {
    bool isDeep = extents.depth.value_or(kDepthWorthPacking + 1) > kDepthWorthPacking;
    bool leftIsAcross = contraction.rowLabel >= 0 && !contraction.depthLabels.empty() &&
                        left.isInMemory() && left.strideOf(contraction.rowLabel).isConstant(1);
    leftReading = !left.isInMemory()         ? Reading::PackComputed
                  : leftIsAcross && isDeep ? Reading::PackElements
                                             : Reading::InPlace;

    unsigned lanes = schedule.target.vectorElements(bytes * 8);
    if (right.isPackedAlong(contraction.laneLabel, lanes)) {
      rightReading = Reading::InPanels;
      return;
    }
    if (contraction.depthLabels.size() == 1 && contraction.outerSummed.empty() &&
        right.isPackedAlong(contraction.depthLabels[0], lanes)) {
      rightReading = Reading::PackPanels;
      return;
    }
    bool alongColumns = right.strideOf(contraction.laneLabel).isConstant(1);
    bool alongDepth = contraction.depthStride(right).isConstant(1);
    if (!right.isInMemory() || !(alongColumns || alongDepth))
      rightReading = Reading::PackComputed;
    else if (!alongColumns)
      rightReading = Reading::PackSteps;
    else if (extents.rows.value_or(kRowsWorthPacking) < kRowsWorthPacking)
      rightReading = Reading::InPlace;
    else
      rightReading = Reading::PackElements;
  }

  /// Is a row of the result so short that a vector would often reach into the next one, and does that
  /// lie behind it in memory?
  bool isNarrow() {
    auto count = columns.getConstant();
    return count && *count % tile.lanes != 0 && *count < tile.width() && contraction.rowLabel >= 0 &&
           innermostAxis(graph::tensorType(contraction.result).getSizes()) >= 0 &&
           contraction.rowLabel == labelBefore(contraction.laneLabel);
  }
  /// Does what the epilogue reads and writes lie row-major?
  bool isAllRowMajor() {
    for (unsigned i = 0; i < schedule.bufferCount(); ++i) {
      bool isOperand = i < schedule.source.getNumArguments() &&
                       (schedule.source.getArgument(i) == left.tensor ||
                        schedule.source.getArgument(i) == right.tensor);
      if (!isOperand && kernel.buffer(i).layout.isPacked())
        return false;
    }
    return true;
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

  int64_t reserveScratch() {
    int64_t offset = 0;
    auto reserve = [&](int64_t elements) {
      Memory memory = kernel.scratch(kernel.index(offset), elementType, kernel.index(elements));
      offset += llvm::alignTo(elements * bytes, kAlignment);
      return memory;
    };
    int64_t blocks = isOneBlock ? 1
                                : blocking.rowsPerTile / tile.rows * blocking.panelsPerTile;
    int64_t elements = blocks * tile.rows * tile.width();
    if (mayBeOneRow)
      elements = std::max(elements, OneRow(schedule, contraction, blocking.panelsPerTile * tile.width()).width());
    sums = reserve(elements);
    // Storing rows and packing may write a vector too many.
    if (isFlat)
      flatSums = reserve(blocking.rowsPerTile * *columns.getConstant() + tile.width());
    if (leftReading != Reading::InPlace)
      packedLeft = reserve(blocking.rowsPerTile * blocking.depthPerBlock + tile.lanes);
    packedRight = reserve(tile.width() * blocking.depthPerBlock);
    return offset;
  }

  //===--------------------------------------------------------------------===//
  // Loops
  //===--------------------------------------------------------------------===//

  Value valueOf(int64_t label) { return index.point(label).index[0]; }

  void emitTile() {
    Value panelsPerTile = kernel.index(blocking.panelsPerTile);
    firstPanel = kernel.mul(valueOf(contraction.laneLabel), panelsPerTile);
    endPanel = kernel.min(kernel.add(firstPanel, panelsPerTile), kernel.size(panels));
    firstRow = kernel.index(0);
    endRow = kernel.index(1);
    if (contraction.rowLabel >= 0) {
      Value rowsPerTile = kernel.index(blocking.rowsPerTile);
      firstRow = kernel.mul(valueOf(contraction.rowLabel), rowsPerTile);
      endRow = kernel.min(kernel.add(firstRow, rowsPerTile), kernel.size(rows));
    }
    if (!mayBeOneRow)
      return emitBlocks();
    // Decided by a size when the kernel runs.
    kernel.ifThen(
        kernel.equal(kernel.size(rows), kernel.index(1)),
        [&] {
          Value width = kernel.index(tile.width());
          OneRow(schedule, contraction, blocking.panelsPerTile * tile.width())
              .emitColumns(index, kernel.mul(firstPanel, width),
                           kernel.min(kernel.mul(endPanel, width), kernel.size(columns)), 0);
        },
        [&] { emitBlocks(); });
  }

  void emitBlocks() {
    forEachDepthBlock([&](const DepthBlock &block) {
      if (leftReading != Reading::InPlace)
        kernel.forRange(firstRow, endRow, tile.rows, [&](Value row) { packLeft(block, row); });
      kernel.forRange(firstPanel, endPanel, 1, [&](Value panel) {
        firstColumn = kernel.mul(panel, kernel.index(tile.width()));
        columnCount =
            kernel.min(kernel.sub(kernel.size(columns), firstColumn), kernel.index(tile.width()));
        Streams vectors = findRight(block);
        kernel.forRange(firstRow, endRow, tile.rows,
                        [&](Value row) { emitRegisterTile(block, panel, row, vectors); });
      });
    });
    if (isFlat)
      emitFlatEpilogue();
  }

  /// At least one block, so that the epilogue of an empty sum is reached.
  void forEachDepthBlock(function_ref<void(const DepthBlock &)> body) {
    if (isOneBlock)
      return body({kernel.index(0), kernel.size(depth), Value(), Value()});
    Value one = kernel.index(1), zero = kernel.index(0);
    SmallVector<Value> outer;
    Value isEmpty = kernel.equal(
        kernel.size(SizeAttr::product(schedule.getContext(),
                                      contraction.sizesOf(contraction.summed))),
        zero);
    std::function<void(Value, Value)> nest = [&](Value isFirst, Value isLast) {
      auto both = [&](Value x, Value y) { return x ? kernel.logicalAnd(x, y) : y; };
      bool isInner = outer.size() == contraction.outerSummed.size();
      Value extent = isInner ? kernel.size(depth)
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

  //===--------------------------------------------------------------------===//
  // Operands
  //===--------------------------------------------------------------------===//

  /// Fixes the labels of the depth at step `k`.
  void setStep(Value k) {
    index.set(contraction.depthLabels,
              kernel.delinearize(k, contraction.sizesOf(contraction.depthLabels)));
  }

  /// The memory of an operand and the position of step `block.first` for the index at hand.
  Streams inMemory(const LabelledTensor &operand, const DepthBlock &block) {
    for (int64_t label : contraction.depthLabels)
      index.set(label, kernel.index(0));
    SizeAttr stride = contraction.depthStride(operand);
    Value origin = operand.positionAt(kernel, index);
    origin = kernel.add(origin, kernel.mul(block.first, kernel.size(stride)));
    return {operand.memory(kernel), {origin}, kernel.size(stride)};
  }

  /// Streams for neighbours along a label: from `first` on, none beyond the last of `extent`.
  Streams neighbours(const LabelledTensor &operand, const DepthBlock &block, int64_t label,
                     Value first, SizeAttr extent, unsigned count) {
    if (label < 0)
      return inMemory(operand, block);
    index.set(label, kernel.index(0));
    Streams streams = inMemory(operand, block);
    Value origin = streams.origins[0], stride = kernel.size(operand.strideOf(label));
    Value last = kernel.sub(kernel.size(extent), kernel.index(1));
    streams.origins.clear();
    for (unsigned i = 0; i < count; ++i) {
      Value at = kernel.min(kernel.add(first, kernel.index(i)), last);
      streams.origins.push_back(kernel.add(origin, kernel.mul(at, stride)));
    }
    return streams;
  }

  void packComputed(const LabelledTensor &operand, const DepthBlock &block, int64_t label,
                    Value first, SizeAttr extent, const PackedBlock &to) {
    Value last = kernel.sub(kernel.size(extent), kernel.index(1));
    SmallVector<Value> numbers;
    for (unsigned i = 0; i < to.width; ++i)
      numbers.push_back(kernel.min(kernel.add(first, kernel.index(i)), last));
    packElements(kernel, block.count, to, tile.lanes, [&](Value k, unsigned i) {
      setStep(kernel.add(block.first, k));
      if (label >= 0)
        index.set(label, numbers[i]);
      return ElementEmitter(kernel, Lanes()).at(operand.tensor, index.point(operand.labels));
    });
  }

  PackedBlock packedLeftAt(Value row) {
    Value at = kernel.mul(kernel.sub(row, firstRow), kernel.index(blocking.depthPerBlock));
    return {packedLeft, at, tile.rows};
  }

  void packLeft(const DepthBlock &block, Value row) {
    PackedBlock to = packedLeftAt(row);
    if (leftReading == Reading::PackComputed)
      return packComputed(left, block, contraction.rowLabel, row, rows, to);
    index.set(contraction.rowLabel, row);
    Value count = kernel.min(kernel.sub(kernel.size(rows), row), kernel.index(tile.rows));
    packNeighbouringElements(kernel, inMemory(left, block), count, /*isWhole=*/false, block.count,
                             to, tile.lanes);
  }

  Streams findLeft(const DepthBlock &block, Value row) {
    if (leftReading != Reading::InPlace)
      return packedLeftAt(row).streams(kernel, 1);
    return neighbours(left, block, contraction.rowLabel, row, rows, tile.rows);
  }

  void packRight(const DepthBlock &block, const PackedBlock &to) {
    if (rightReading == Reading::PackComputed)
      return packComputed(right, block, contraction.laneLabel, firstColumn, columns, to);
    if (rightReading == Reading::PackPanels)
      return packPanels(block, to);
    if (rightReading == Reading::PackSteps)
      return packNeighbouringSteps(kernel,
                                   neighbours(right, block, contraction.laneLabel, firstColumn,
                                              columns, tile.width()),
                                   block.count, isOneBlock ? depth.getConstant() : std::nullopt, to,
                                   tile.lanes);
    index.set(contraction.laneLabel, firstColumn);
    packNeighbouringElements(kernel, inMemory(right, block), columnCount, isAlwaysWhole,
                             block.count, to, tile.lanes);
  }

  /// The vectors of the panel at hand in a right operand that lies in panels of columns. There is
  /// memory up to whole vectors; beyond, the last vector is repeated.
  Streams vectorsInPanels(const DepthBlock &block) {
    Streams streams{right.memory(kernel), {}, {}};
    SizeAttr last = columns.divCeil(tile.lanes).sub(schedule.constant(1));
    Value lastVector = kernel.mul(kernel.size(last), kernel.index(tile.lanes));
    for (unsigned v = 0; v < tile.vectors; ++v) {
      Value column = kernel.add(firstColumn, kernel.index(int64_t(v) * tile.lanes));
      index.set(contraction.laneLabel, isAlwaysWhole ? column : kernel.min(column, lastVector));
      Streams one = inMemory(right, block);
      streams.origins.push_back(one.origins[0]);
      streams.stride = one.stride;
    }
    return streams;
  }

  /// Packs a right operand that lies in panels of steps, one of them after the other.
  void packPanels(const DepthBlock &block, const PackedBlock &to) {
    Value lanes = kernel.index(right.layout.lanes), width = kernel.index(to.width);
    Value last = kernel.sub(kernel.size(columns), kernel.index(1));
    Value end = kernel.add(block.first, block.count);
    Value endOfPanels = kernel.div(kernel.add(end, kernel.index(right.layout.lanes - 1)), lanes);
    kernel.forRange(kernel.div(block.first, lanes), endOfPanels, 1, [&](Value panel) {
      Value begin = kernel.mul(panel, lanes), next = kernel.add(begin, lanes);
      begin = kernel.max(begin, block.first); // a block may begin inside a panel
      Streams streams{right.memory(kernel), {}, kernel.index(1)};
      setStep(begin);
      for (unsigned i = 0; i < to.width; ++i) {
        index.set(contraction.laneLabel,
                  kernel.min(kernel.add(firstColumn, kernel.index(i)), last));
        streams.origins.push_back(right.positionAt(kernel, index));
      }
      PackedBlock part = to;
      part.origin = kernel.add(to.origin, kernel.mul(kernel.sub(begin, block.first), width));
      packNeighbouringSteps(kernel, streams, kernel.sub(kernel.min(next, end), begin),
                            std::nullopt, part, tile.lanes);
    });
  }

  /// The vectors of the panel at hand.
  Streams findRight(const DepthBlock &block) {
    if (rightReading == Reading::InPanels)
      return vectorsInPanels(block);
    PackedBlock packed{packedRight, kernel.index(0), unsigned(tile.width())};
    Streams streams = packed.streams(kernel, tile.lanes);
    if (rightReading != Reading::InPlace) {
      packRight(block, packed);
      return streams;
    }
    index.set(contraction.laneLabel, firstColumn);
    Streams inPlace = inMemory(right, block);
    for (unsigned v = 1; v < tile.vectors; ++v)
      inPlace.origins.push_back(
          kernel.add(inPlace.origins[0], kernel.index(int64_t(v) * tile.lanes)));
    if (isAlwaysWhole)
      return inPlace;
    // A panel that reaches beyond the last column is packed.
    Value isWhole = kernel.equal(columnCount, kernel.index(tile.width()));
    kernel.ifThen(isWhole, [] {}, [&] { packRight(block, packed); });
    Arithmetic a = kernel.arithmetic();
    streams.memory.row = a.select(isWhole, inPlace.memory.row, streams.memory.row);
    streams.stride = a.select(isWhole, inPlace.stride, streams.stride);
    for (auto [origin, other] : llvm::zip(streams.origins, inPlace.origins))
      origin = a.select(isWhole, other, origin);
    return streams;
  }

  //===--------------------------------------------------------------------===//
  // Register tiles
  //===--------------------------------------------------------------------===//

  void emitRegisterTile(const DepthBlock &block, Value panel, Value row, const Streams &vectors) {
    Arithmetic a = kernel.arithmetic();
    Value origin = kernel.index(0);
    if (!isOneBlock) {
      Value number = kernel.add(
          kernel.mul(kernel.sub(panel, firstPanel),
                     kernel.index(blocking.rowsPerTile / tile.rows)),
          kernel.div(kernel.sub(row, firstRow), kernel.index(tile.rows)));
      origin = kernel.mul(number, kernel.index(tile.rows * tile.width()));
    }
    SmallVector<Value> zeros(tile.rows * tile.vectors,
                             a.broadcast(a.constant(0, elementType), tile.lanes));
    SmallVector<Value> initial = zeros;
    if (block.isFirst)
      initial = kernel.ifThen(
          block.isFirst, ValueRange(zeros).getTypes(), [&] { return zeros; },
          [&] { return loadSums(origin); });
    SmallVector<Value> result =
        multiplyAdd(kernel, findLeft(block, row), vectors, all, block.count, initial);
    auto finish = [&] {
      if (isFlat)
        storeFlat(row, result);
      else
        emitEpilogueOfTile(origin, row, result);
    };
    if (!block.isLast)
      return finish();
    kernel.ifThen(
        block.isLast, finish,
        [&] { storeSums(origin, result); });
  }

  Value sumPosition(Value origin, unsigned i) {
    return kernel.add(origin, kernel.index(int64_t(i) * tile.lanes));
  }
  SmallVector<Value> loadSums(Value origin) {
    SmallVector<Value> values;
    for (unsigned i = 0; i < tile.rows * tile.vectors; ++i)
      values.push_back(kernel.loadLanes(sums, sumPosition(origin, i), all));
    return values;
  }
  void storeSums(Value origin, ArrayRef<Value> values) {
    for (auto [i, value] : llvm::enumerate(values))
      kernel.storeLanes(sums, sumPosition(origin, i), value, all);
  }

  /// Rows one behind the other; what lies beyond the columns is overwritten by the next row.
  void storeFlat(Value row, ArrayRef<Value> values) {
    for (unsigned r = 0; r < tile.rows; ++r) {
      Value at = kernel.sub(kernel.add(row, kernel.index(r)), firstRow);
      Value origin = kernel.mul(at, kernel.size(columns));
      for (unsigned v = 0; v < tile.vectors; ++v)
        kernel.storeLanes(flatSums, sumPosition(origin, v), values[r * tile.vectors + v], all);
    }
  }
  void emitFlatEpilogue() {
    Value count = kernel.mul(kernel.sub(endRow, firstRow), kernel.size(columns));
    setRow(firstRow);
    index.set(contraction.laneLabel, kernel.index(0));
    Value first = kernel.linearize(index.point(contraction.out).index,
                                   graph::tensorType(contraction.result).getSizes());
    kernel.forLanes(kernel.index(0), count, std::nullopt, tile.lanes, {},
                    [&](Value i, const Lanes &lanes, ValueRange) {
                      Point point{{kernel.add(first, i)}, 0, /*isLinear=*/true};
                      emitEpilogue(schedule, contraction, point, lanes,
                                   kernel.loadLanes(flatSums, i, all));
                      return SmallVector<Value>();
                    });
  }

  /// A short epilogue of a whole tile is done on the registers; else row by row from memory.
  void emitEpilogueOfTile(Value origin, Value row, ArrayRef<Value> values) {
    Value count = kernel.min(kernel.sub(endRow, row), kernel.index(tile.rows));
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
    if (!isAlwaysWhole)
      isWhole = kernel.logicalAnd(isWhole,
                                  kernel.equal(columnCount, kernel.index(tile.width())));
    kernel.ifThen(isWhole, [&] { emitEpilogueOfRegisters(row, values); }, fromMemory);
  }

  void setRow(Value row) {
    if (contraction.rowLabel >= 0)
      index.set(contraction.rowLabel, row);
  }

  void emitEpilogueOfRegisters(Value row, ArrayRef<Value> values) {
    for (unsigned r = 0; r < tile.rows; ++r) {
      setRow(kernel.add(row, kernel.index(r)));
      for (unsigned v = 0; v < tile.vectors; ++v) {
        index.set(contraction.laneLabel,
                  kernel.add(firstColumn, kernel.index(int64_t(v) * tile.lanes)));
        emitEpilogue(schedule, contraction, index.point(contraction.out, contraction.laneLabel),
                     all, values[r * tile.vectors + v]);
      }
    }
  }

  void emitEpilogueOfRow(Value origin) {
    std::optional<int64_t> count;
    if (isAlwaysWhole)
      count = tile.width();
    kernel.forLanes(kernel.index(0), columnCount, count, tile.lanes, {},
                    [&](Value column, const Lanes &lanes, ValueRange) {
                      Value sum = kernel.loadLanes(sums, kernel.add(origin, column), all);
                      index.set(contraction.laneLabel, kernel.add(firstColumn, column));
                      emitEpilogue(schedule, contraction,
                                   index.point(contraction.out, contraction.laneLabel), lanes, sum);
                      return SmallVector<Value>();
                    });
  }

  Schedule &schedule;
  const Contraction &contraction;
  KernelBuilder &kernel;
  const LabelledTensor &left, &right;
  Type elementType;
  int64_t bytes;                 ///< of an element
  SizeAttr columns, rows, depth; ///< sizes of the lane label, the row label, the sum
  SizeAttr panels;
  Reading leftReading, rightReading;
  Blocking blocking;
  RegisterTile tile;
  Lanes all;          ///< a whole vector
  bool isAlwaysWhole; ///< does a panel never reach beyond the last column?
  bool isOneBlock;    ///< is the sum never cut?
  bool isLight;       ///< the epilogue
  bool isFlat;        ///< does the epilogue go over the memory of whole rows at once?
  bool mayBeOneRow;   ///< is that worth code of its own?
  Memory sums, flatSums, packedLeft, packedRight;
  Value firstPanel, endPanel, firstRow, endRow; ///< of the tile at hand
  Value firstColumn, columnCount;               ///< of the panel at hand
  LabelIndex index;                             ///< of what is emitted at the moment
};

} // namespace

FailureOr<EmittedKernel> emitPanels(Schedule &schedule, const Contraction &contraction) {
  return Panels(schedule, contraction).emit();
}

} // namespace tenon::cpu
