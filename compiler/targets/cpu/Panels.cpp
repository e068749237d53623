//===- Panels.cpp - Contractions with lanes along the result --------------===//
//
// A tile is a panel of columns, a few vectors wide, times a block of rows; labels of the result that
// are neither are fixed. Where the right operand is not contiguous along the columns its panel is
// first packed into scratch memory. The micro-kernel computes a few rows of the panel at once in
// registers, over the whole sum; it leaves them in a small tile in scratch memory, from which the
// epilogue goes on row by row. Rows and columns beyond the edge repeat the last one and are not
// stored, so that there is one micro-kernel for all of them.
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

/// One vector of columns of a panel.
struct ColumnVector {
  Value first;  ///< index of the first column; beyond the edge, of the last column
  Lanes lanes;
  Value exists; ///< does it have a column of the result? null: always
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
    isPacked = !isa<BlockArgument>(contraction.right.tensor) ||
               !contraction.right.strideOf(contraction.laneLabel).isConstant(1);
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
    accumulators = kernel.scratch(kernel.index(0), elementType, kernel.index(tile.rows * tile.width()));
    SizeAttr panelElements = depth.mul(schedule.constant(tile.width()));
    if (isPacked)
      panel = kernel.scratch(kernel.index(tileBytes), elementType, kernel.size(panelElements));

    kernel.forRange(kernel.tileBegin(), kernel.tileEnd(), 1, [&](Value number) {
      index.set(contraction.out, kernel.delinearize(number, tiles));
      emitTile();
    });

    SizeAttr scratch = schedule.constant(tileBytes);
    if (isPacked)
      scratch = scratch.add(panelElements.mul(schedule.constant(bytes)));
    int64_t tileRows = std::min(rows.getConstant().value_or(kRowsPerTile), kRowsPerTile);
    // A vector of products costs what a vector of other elements does.
    SizeAttr work = depth.mul(schedule.constant(tileRows * tile.width()));
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

  void emitTile() {
    Value width = kernel.index(tile.width());
    LabelIndex place = index;
    Value firstColumn = kernel.mul(valueOf(contraction.laneLabel), width);
    Value rest = kernel.sub(kernel.size(columns), firstColumn);
    auto emit = [&](bool isWhole) {
      emitPanel(columnVectors(firstColumn, isWhole));
      index = place;
    };
    if (auto count = columns.getConstant(); count && *count % tile.width() == 0)
      return emit(true);
    kernel.ifThen(kernel.lessThan(rest, width), [&] { emit(false); }, [&] { emit(true); });
  }

  Value valueOf(int64_t label) { return index.point(label).index[0]; }

  SmallVector<ColumnVector> columnVectors(Value firstColumn, bool isWhole) {
    SmallVector<ColumnVector> vectors;
    Value count = kernel.size(columns), one = kernel.index(1), lanes = kernel.index(tile.lanes);
    for (unsigned v = 0; v < tile.vectors; ++v) {
      ColumnVector vector;
      vector.first = kernel.add(firstColumn, kernel.index(v * tile.lanes));
      vector.lanes.count = tile.lanes;
      if (!isWhole) {
        vector.exists = kernel.lessThan(vector.first, count);
        vector.first = kernel.min(vector.first, kernel.sub(count, one));
        Value active = kernel.min(kernel.sub(count, vector.first), lanes);
        vector.lanes = kernel.partial(tile.lanes, active);
      }
      vectors.push_back(vector);
    }
    return vectors;
  }

  void emitPanel(ArrayRef<ColumnVector> vectors) {
    if (isPacked)
      packPanel(vectors);
    if (contraction.rowLabel < 0)
      return emitRows(Value(), vectors);
    Value block = kernel.index(kRowsPerTile);
    Value from = kernel.mul(valueOf(contraction.rowLabel), block);
    Value to = kernel.min(kernel.add(from, block), kernel.size(rows));
    kernel.forRange(from, to, tile.rows, [&](Value firstRow) { emitRows(firstRow, vectors); });
  }

  /// The row-major position within the sum, given the summed labels' indices.
  Value depthPosition(ValueRange i) {
    return kernel.linearize(i, contraction.sizesOf(contraction.summed));
  }
  Value panelOffset(ValueRange i, unsigned vector) {
    return kernel.add(kernel.mul(depthPosition(i), kernel.index(tile.width())),
                      kernel.index(vector * tile.lanes));
  }

  Value rightElements(const ColumnVector &vector) {
    ElementEmitter elements(kernel, vector.lanes);
    index.set(contraction.laneLabel, vector.first);
    Value element = elements.at(contraction.right.tensor,
                                index.point(contraction.right.labels, contraction.laneLabel));
    return kernel.arithmetic().broadcast(element, tile.lanes);
  }

  void packPanel(ArrayRef<ColumnVector> vectors) {
    kernel.forEach(contraction.sizesOf(contraction.summed), {}, [&](ValueRange i, ValueRange) {
      index.set(contraction.summed, i);
      Lanes all;
      all.count = tile.lanes;
      for (auto [v, vector] : llvm::enumerate(vectors))
        kernel.storeLanes(panel, panelOffset(i, v), rightElements(vector), all);
      return SmallVector<Value>();
    });
  }

  void emitRows(Value firstRow, ArrayRef<ColumnVector> vectors) {
    SmallVector<Value> sums = microKernel(firstRow, vectors);
    Lanes all;
    all.count = tile.lanes;
    for (auto [i, sum] : llvm::enumerate(sums))
      kernel.storeLanes(accumulators, kernel.index(i * tile.lanes), sum, all);
    if (!firstRow)
      return emitRowEpilogue(kernel.index(0), vectors);
    Value count = kernel.min(kernel.sub(kernel.size(rows), firstRow), kernel.index(tile.rows));
    kernel.forRange(kernel.index(0), count, 1, [&](Value row) {
      index.set(contraction.rowLabel, kernel.add(firstRow, row));
      emitRowEpilogue(row, vectors);
    });
  }

  /// The sums of products of the register tile, row by row.
  SmallVector<Value> microKernel(Value firstRow, ArrayRef<ColumnVector> vectors) {
    Arithmetic a = kernel.arithmetic();
    SmallVector<Value> rowIndices;
    if (firstRow) {
      Value last = kernel.sub(kernel.size(rows), kernel.index(1));
      for (unsigned row = 0; row < tile.rows; ++row)
        rowIndices.push_back(row ? kernel.min(kernel.add(firstRow, kernel.index(row)), last) : firstRow);
    }
    Value zero = a.broadcast(a.constant(0, elementType), tile.lanes);
    SmallVector<Value> zeros(tile.rows * tile.vectors, zero);
    return kernel.forEach(
        contraction.sizesOf(contraction.summed), zeros, [&](ValueRange i, ValueRange carried) {
          index.set(contraction.summed, i);
          SmallVector<Value> rights, sums;
          for (auto [v, vector] : llvm::enumerate(vectors)) {
            Lanes all;
            all.count = tile.lanes;
            rights.push_back(isPacked ? kernel.loadLanes(panel, panelOffset(i, v), all)
                                      : rightElements(vector));
          }
          ElementEmitter elements(kernel, Lanes());
          for (unsigned row = 0; row < tile.rows; ++row) {
            if (firstRow)
              index.set(contraction.rowLabel, rowIndices[row]);
            Value left = elements.at(contraction.left.tensor, index.point(contraction.left.labels));
            for (Value right : rights)
              sums.push_back(a.mulAdd(left, right, carried[sums.size()]));
          }
          return sums;
        });
  }

  void emitRowEpilogue(Value row, ArrayRef<ColumnVector> vectors) {
    for (auto [v, vector] : llvm::enumerate(vectors)) {
      auto emit = [&, v = v, &vector = vector] {
        Lanes all;
        all.count = tile.lanes;
        Value offset = kernel.add(kernel.mul(row, kernel.index(tile.width())),
                                  kernel.index(v * tile.lanes));
        Value sum = kernel.loadLanes(accumulators, offset, all);
        index.set(contraction.laneLabel, vector.first);
        emitEpilogue(schedule, contraction, index.point(contraction.out, contraction.laneLabel),
                     vector.lanes, sum);
      };
      if (vector.exists)
        kernel.ifThen(vector.exists, emit);
      else
        emit();
    }
  }

  Schedule &schedule;
  const Contraction &contraction;
  KernelBuilder &kernel;
  Type elementType;
  SizeAttr columns, rows, depth; ///< sizes of the lane label, the row label, the sum
  RegisterTile tile;
  bool isPacked;
  Memory accumulators, panel;
  LabelIndex index; ///< of what is emitted at the moment
};

} // namespace

FailureOr<EmittedKernel> emitPanels(Schedule &schedule, const Contraction &contraction) {
  return Panels(schedule, contraction).emit();
}

} // namespace tenon::cpu
