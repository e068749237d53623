//===- PanelOperands.h - How panels get their operands ----------*- C++ -*-===//
//
// The micro-kernel reads each operand where it lies, if neighbours in its memory are what is read
// one after the other, else from a packed copy: the left operand in strips of a register tile's
// rows, all strips of a tile's rows at once; the right one a panel at a time.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_PANELOPERANDS_H
#define TENON_COMPILER_TARGETS_CPU_PANELOPERANDS_H

#include "compiler/targets/cpu/ComputedOperand.h"
#include "compiler/targets/cpu/Contraction.h"
#include "compiler/targets/cpu/Packing.h"

namespace tenon::cpu {

/// How an operand gets to the micro-kernel.
enum class Reading {
  InPlace,      ///< where it lies
  InPanels,     ///< where it lies, in panels of rows or columns
  PackSteps,    ///< packed; steps of the sum are neighbours in memory
  PackPanels,   ///< packed; it lies in panels of steps of the sum
  PackElements, ///< packed; rows or columns are neighbours in memory
  PackComputed, ///< packed; computed, or neighbours lie apart
  ComputeRows   ///< of the left operand: computed row by row into memory of its own
};

/// What is decided of a contraction before anything is emitted.
struct PanelShape {
  PanelShape(Schedule &schedule, const Contraction &contraction);

  graph::SizeAttr rows, columns, depth; ///< sizes of the row label, the lane label, the sum
  Reading leftReading, rightReading;
  Blocking blocking;
  RegisterTile tile;
  emit::Lanes all;    ///< a whole vector
  bool isAlwaysWhole; ///< does a panel never reach beyond the last column?
  bool copiesLeft;    ///< does a tile copy its rows of the left operand first?
  bool repeatsRows;   ///< does a register tile that reaches beyond the last row read it again?
  bool isOneBlock;    ///< is the sum never cut?
};

/// A block of the sum's depth.
struct DepthBlock {
  mlir::Value first, count;
  mlir::Value isFirst, isLast; ///< null: there is one block only
};

/// Neighbours along a label of the result.
struct Range {
  mlir::Value first, end;
};

/// Scratch memory as it is handed out.
class Scratch {
public:
  Scratch(emit::KernelBuilder &kernel, mlir::Type elementType)
      : kernel(kernel), elementType(elementType) {}
  /// Begins at a cache line.
  emit::Memory reserve(int64_t elements);
  int64_t bytes() const { return size; }

private:
  emit::KernelBuilder &kernel;
  mlir::Type elementType;
  int64_t size = 0;
};

class PanelOperands {
public:
  /// `index` holds the values of the labels of the result other than rows and columns whenever a
  /// function below is called; those of rows, columns and the depth are changed by them.
  PanelOperands(Schedule &schedule, const Contraction &contraction, const PanelShape &shape,
                LabelIndex &index);

  /// Takes the memory of the packed copies.
  void reserve(Scratch &scratch);

  /// Packs the left operand's rows, if it is packed. `rows` begin at a register tile.
  void packLeft(const DepthBlock &block, const Range &rows);
  /// A register tile's rows from `row` on, of which number `last` repeats; null: all exist, or what
  /// does not is 0 in a packed copy, padding in panels, or there the last row again. `rows` are
  /// those that were packed.
  Streams left(const DepthBlock &block, const Range &rows, mlir::Value row, mlir::Value last);

  /// The vectors of the panel that begins at a column; packs them if need be. Columns beyond the
  /// last repeat it, or are 0.
  Streams right(const DepthBlock &block, mlir::Value firstColumn);

  /// Asks the memory for part `number` of `parts` of the panel behind the one at `firstColumn`, if
  /// that panel is likely not to be in a cache of this processor's own.
  void prefetchNextPanel(const DepthBlock &block, mlir::Value firstColumn, mlir::Value number,
                         int64_t parts);

private:
  using Value = mlir::Value;
  void setStep(Value k);
  Streams inMemory(const LabelledTensor &operand, const DepthBlock &block);
  llvm::SmallVector<Value> origins(Value first, Value distance, Value last, unsigned count);
  Streams neighbours(const LabelledTensor &operand, const DepthBlock &block, int64_t label,
                     Value first, Value last, unsigned count);
  Streams inPanels(const LabelledTensor &operand, const DepthBlock &block, int64_t label, Value first,
                   int64_t step, Value last, unsigned count);
  int64_t elementsPerStrip() const;
  PackedBlock strip(const Range &rows, Value row);
  void computeStrip(const DepthBlock &block, const Range &rows, Value row);
  void packStrip(const DepthBlock &block, const Range &rows, Value row);
  void packRight(const DepthBlock &block, Value firstColumn, const PackedBlock &to);
  void packPanels(const DepthBlock &block, Value firstColumn, const PackedBlock &to);
  Streams vectorsInPlace(const DepthBlock &block, Value firstColumn);
  Streams vectorsInPanels(const DepthBlock &block, Value firstColumn);
  bool isRightFarAway() const;
  void prefetchPanelsOfSteps(const DepthBlock &block, Value firstColumn, Value begin, Value end);
  ComputedOperand computedLeft() const;
  ComputedOperand computedRight() const;
  /// The depth of a block, where it is known.
  std::optional<int64_t> knownDepth() const;

  Schedule &schedule;
  const Contraction &contraction;
  const PanelShape &shape;
  emit::KernelBuilder &kernel;
  const LabelledTensor &operandLeft, &operandRight;
  RegisterTile tile;
  LabelIndex &index;
  emit::Memory packedLeft, packedRight;
};

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_PANELOPERANDS_H
