//===- ComputedOperand.cpp - Operands that no memory holds ----------------===//

#include "compiler/targets/cpu/ComputedOperand.h"
#include "compiler/targets/emit/ElementEmitter.h"
#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::FusionKind;

namespace tenon::cpu {

ComputedOperand::ComputedOperand(KernelBuilder &kernel, const Contraction &contraction,
                                 const LabelledTensor &operand, int64_t label, unsigned lanes)
    : kernel(kernel), contraction(contraction), operand(operand), label(label), lanes(lanes),
      along(chooseDirection()) {}

//===----------------------------------------------------------------------===//
// Direction
//===----------------------------------------------------------------------===//

namespace {

/// Counts what a tensor is computed from: 1 for each argument that has neighbours along a label next
/// to each other in memory, -1 for one that has them elsewhere.
class NeighbourCount {
public:
  NeighbourCount(KernelBuilder &kernel, int64_t label) : kernel(kernel), label(label) {}

  int of(Value value, ArrayRef<int64_t> labels) {
    if (!seen.insert(value).second)
      return 0;
    auto axis = llvm::find(labels, label) - labels.begin();
    bool hasLabel = axis < int64_t(labels.size());
    auto sizes = graph::tensorType(value).getSizes();
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (!hasLabel)
        return 0;
      Layout layout = kernel.buffer(argument.getArgNumber()).layout;
      return layout.strideOf(axis, sizes).isConstant(1) ? 1 : -1;
    }
    Operation *op = value.getDefiningOp();
    FusionKind kind = cast<graph::FusionInterface>(op).getFusionKind();
    if (kind == FusionKind::Elementwise) {
      int count = 0;
      for (Value operand : op->getOperands())
        count += of(operand, labels);
      return count;
    }
    if (kind == FusionKind::IndexMap) {
      SmallVector<int64_t> inner;
      for (int64_t from : cast<graph::IndexMapInterface>(op).getOperandAxes())
        inner.push_back(labels[from]);
      return of(op->getOperand(0), inner);
    }
    // Random bits come in fours of neighbours, and what is moved mostly stays next to its neighbours.
    bool isPlaced = kind != FusionKind::Source || isa<graph::RandomBitsOp>(op);
    if (!isPlaced || !hasLabel)
      return 0;
    return axis == innermostAxis(sizes) ? 1 : -1;
  }

private:
  KernelBuilder &kernel;
  int64_t label;
  llvm::SmallPtrSet<Value, 16> seen;
};

} // namespace

int ComputedOperand::score(int64_t candidate) const {
  return NeighbourCount(kernel, candidate).of(operand.tensor, operand.labels);
}

ComputedOperand::Along ComputedOperand::chooseDirection() const {
  bool hasSum = contraction.depthLabels.size() == 1;
  if (label < 0)
    return hasSum ? Along::Sum : Along::Nothing;
  // Vectors along the sum are transposed.
  return hasSum && score(contraction.depthLabels[0]) > score(label) ? Along::Sum : Along::Label;
}

//===----------------------------------------------------------------------===//
// Packing
//===----------------------------------------------------------------------===//

Value ComputedOperand::at(const LabelIndex &index, const Lanes &active, int64_t laneLabel) const {
  Value elements =
      ElementEmitter(kernel, active).at(operand.tensor, index.point(operand.labels, laneLabel));
  return active.count ? kernel.arithmetic().broadcast(elements, active.count) : elements;
}

void ComputedOperand::pack(LabelIndex index, Value firstStep, Value depth,
                           std::optional<int64_t> knownDepth, Value first, bool isWhole,
                           const PackedBlock &block) const {
  Value last, count;
  if (label >= 0) {
    Value extent = kernel.size(contraction.sizeOf(label));
    last = kernel.sub(extent, kernel.index(1));
    count = kernel.min(kernel.sub(extent, first), kernel.index(block.width));
  }
  auto setNumber = [&](unsigned i) {
    if (label < 0)
      return;
    Value number = kernel.add(first, kernel.index(i));
    index.set(label, isWhole ? number : kernel.min(number, last));
  };
  auto setStep = [&](Value k) {
    index.set(contraction.depthLabels,
              kernel.delinearize(kernel.add(firstStep, k),
                                 contraction.sizesOf(contraction.depthLabels)));
  };

  switch (along) {
  case Along::Sum:
    return packSteps(kernel, depth, knownDepth, block, lanes,
                     [&](Value k, unsigned i, const Lanes &active) {
                       setNumber(i);
                       index.set(contraction.depthLabels[0], kernel.add(firstStep, k));
                       return at(index, active, contraction.depthLabels[0]);
                     });
  case Along::Label:
    return packVectors(kernel, count, isWhole, depth, block, lanes,
                       [&](Value k, unsigned i, const Lanes &active) {
                         setStep(k);
                         setNumber(i);
                         return at(index, active, label);
                       });
  case Along::Nothing:
    return packElements(kernel, depth, block, lanes, [&](Value k, unsigned i) {
      setStep(k);
      setNumber(i);
      return at(index, Lanes(), -1);
    });
  }
}

void ComputedOperand::computeRows(LabelIndex index, Value firstStep, Value depth,
                                  std::optional<int64_t> knownDepth, Value row, Value endRow,
                                  const Memory &memory, Value origin, int64_t distance) const {
  Lanes all = Lanes::all(lanes);
  kernel.forRange(kernel.index(0), kernel.sub(endRow, row), 1, [&](Value r) {
    if (label >= 0)
      index.set(label, kernel.add(row, r));
    Value begin = kernel.add(origin, kernel.mul(r, kernel.index(distance)));
    kernel.forLanes(kernel.index(0), depth, knownDepth, lanes, {},
                    [&](Value k, const Lanes &active, ValueRange) {
                      index.set(contraction.depthLabels[0], kernel.add(firstStep, k));
                      kernel.storeLanes(memory, kernel.add(begin, k),
                                        at(index, active, contraction.depthLabels[0]), all);
                      return SmallVector<Value>();
                    });
  });
}

} // namespace tenon::cpu
