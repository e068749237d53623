//===- Contract.cpp - Kernels around one contraction ----------------------===//

#include "compiler/targets/cpu/Contraction.h"
#include "compiler/targets/cpu/OneRow.h"
#include "dialects/graph/Work.h"

using namespace mlir;
using tenon::emit::ElementEmitter;
using tenon::emit::Point;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

static LabelledTensor operandOf(Schedule &schedule, Value tensor, ArrayRef<int64_t> labels) {
  auto argument = dyn_cast<BlockArgument>(tensor);
  return {tensor, labels,
          argument ? schedule.kernel.buffer(argument.getArgNumber()).layout : emit::Layout()};
}

bool LabelledTensor::isPackedAlong(int64_t label, unsigned lanes) const {
  return layout.isPacked() && labels[layout.cutAxis] == label && layout.lanes % lanes == 0;
}

SizeAttr LabelledTensor::strideOf(int64_t label) const {
  auto axis = llvm::find(labels, label) - labels.begin();
  return layout.strideOf(axis, graph::tensorType(tensor).getSizes());
}

emit::Memory LabelledTensor::memory(emit::KernelBuilder &kernel) const {
  return kernel.buffer(cast<BlockArgument>(tensor).getArgNumber());
}

Value LabelledTensor::positionAt(emit::KernelBuilder &kernel, const LabelIndex &index) const {
  return kernel.position(layout, index.point(labels).index, graph::tensorType(tensor).getSizes());
}

/// The axis of the contraction's result along which lanes should run; -1 if it is one element.
static int64_t laneAxisOf(Schedule &schedule, Value result) {
  ArrayRef<SizeAttr> sizes = graph::tensorType(result).getSizes();
  for (unsigned i = 0; i < schedule.results.size(); ++i) {
    emit::Layout layout = schedule.kernel.buffer(schedule.bufferOfResult(i)).layout;
    if (layout.isPacked() && !sizes[layout.cutAxis].isConstant(1))
      return layout.cutAxis;
  }
  return innermostAxis(sizes);
}

Contraction::Contraction(Schedule &schedule) {
  for (graph::ContractOp found : schedule.source.getBody().getOps<graph::ContractOp>()) {
    if (op)
      schedule.kernel.fail(found, "a kernel has one contraction only");
    op = found;
  }
  if (!op) {
    schedule.kernel.fail(schedule.source, "there is no contraction for the kernel's anchor");
    return;
  }
  result = op.getY();
  left = operandOf(schedule, op.getA(), op.getLhs());
  right = operandOf(schedule, op.getB(), op.getRhs());
  out = op.getOut();

  int64_t laneAxis = laneAxisOf(schedule, result);
  if (laneAxis >= 0) {
    laneLabel = out[laneAxis];
    if (!right.has(laneLabel))
      std::swap(left, right); // multiplication commutes
    else if (left.has(laneLabel))
      laneLabel = -1;
  }
  for (int64_t label : right.labels)
    if (!llvm::is_contained(out, label))
      summed.push_back(label);
  for (int64_t label : out)
    if (!right.has(label) && !sizeOf(label).isConstant(1))
      rowLabel = label;
  findDepth();
}

void Contraction::findDepth() {
  outerSummed = summed;
  while (!outerSummed.empty()) {
    int64_t label = outerSummed.back();
    bool isOneStep = llvm::all_of(llvm::ArrayRef({left, right}), [&](const LabelledTensor &operand) {
      return depthLabels.empty() || !operand.isInMemory() ||
             operand.strideOf(label) ==
                 operand.strideOf(depthLabels.front()).mul(sizeOf(depthLabels.front()));
    });
    if (!isOneStep)
      return;
    depthLabels.insert(depthLabels.begin(), label);
    outerSummed.pop_back();
  }
}

SizeAttr Contraction::depth() const {
  return SizeAttr::product(result.getContext(), sizesOf(depthLabels));
}

SizeAttr Contraction::depthStride(const LabelledTensor &operand) const {
  return depthLabels.empty() ? SizeAttr::constant(result.getContext(), 0)
                             : operand.strideOf(depthLabels.back());
}

bool Contraction::hasPanelsOfSteps(unsigned lanes) const {
  return depthLabels.size() == 1 && outerSummed.empty() &&
         right.isPackedAlong(depthLabels[0], lanes);
}

bool Contraction::isAlongDepth(unsigned lanes) const {
  auto isRow = [&](const LabelledTensor &operand) {
    return operand.isInMemory() && depthStride(operand).isConstant(1);
  };
  return isRow(left) && (isRow(right) || hasPanelsOfSteps(lanes));
}

SizeAttr Contraction::sizeOf(int64_t label) const {
  for (const LabelledTensor &operand : {left, right})
    for (auto [candidate, size] :
         llvm::zip(operand.labels, graph::tensorType(operand.tensor).getSizes()))
      if (candidate == label)
        return size;
  llvm_unreachable("a label that no operand has");
}

SmallVector<SizeAttr> Contraction::sizesOf(ArrayRef<int64_t> labels) const {
  return llvm::map_to_vector(labels, [&](int64_t label) { return sizeOf(label); });
}

Point LabelIndex::point(ArrayRef<int64_t> labels, int64_t laneLabel) const {
  Point point;
  for (auto [axis, label] : llvm::enumerate(labels)) {
    point.index.push_back(values.lookup(label));
    if (label == laneLabel)
      point.laneAxis = axis;
  }
  return point;
}

void emitEpilogue(Schedule &schedule, const Contraction &contraction, const Point &point,
                  const emit::Lanes &lanes, Value element) {
  ElementEmitter elements(schedule.kernel, lanes);
  elements.provide(contraction.result, point, element);
  schedule.emitResults(elements, point);
}

bool isLightEpilogue(const Schedule &schedule) {
  constexpr int kFewOps = 8;
  constexpr int64_t kFewOperations = 16; // of one op: a division, but no exponential
  int ops = 0;
  llvm::SmallPtrSet<Operation *, 16> operandOps; // of what the contraction computes while it packs
  for (Operation &op : llvm::reverse(schedule.results[0].getParentBlock()->without_terminator())) {
    if (isa<graph::ContractOp>(op) || operandOps.contains(&op)) {
      for (Value operand : op.getOperands())
        if (Operation *def = operand.getDefiningOp())
          operandOps.insert(def);
      continue;
    }
    if (cast<graph::FusionInterface>(op).getFusionKind() == graph::FusionKind::Elementwise) {
      if (graph::workPerElement(&op).operations > kFewOperations)
        return false;
      ++ops;
    }
  }
  return ops <= kFewOps;
}

/// Is one side a vector that every element of the result is a product with, and are both sides
/// contiguous along the sum? Then panels would only be transposed to be read once.
static bool isMatrixTimesVector(const Contraction &contraction) {
  if (contraction.rowLabel >= 0 || contraction.summed.empty())
    return false;
  return llvm::any_of(contraction.summed, [&](int64_t label) {
    return contraction.left.strideOf(label).isConstant(1) &&
           contraction.right.strideOf(label).isConstant(1);
  });
}

FailureOr<EmittedKernel> emitContract(Schedule &schedule) {
  Contraction contraction(schedule);
  if (!contraction.op)
    return schedule.finish(schedule.constant(0), schedule.constant(0));
  for (Value result : schedule.results)
    if (graph::tensorType(result).getSizes() != graph::tensorType(contraction.result).getSizes())
      schedule.kernel.fail(schedule.source, "a result does not have the contraction's shape");
  if (contraction.laneLabel < 0 || isMatrixTimesVector(contraction))
    return emitDotProducts(schedule, contraction);
  if (contraction.rowLabel < 0 && OneRow::isPossible(schedule, contraction))
    return emitOneRow(schedule, contraction);
  return emitPanels(schedule, contraction);
}

} // namespace tenon::cpu
