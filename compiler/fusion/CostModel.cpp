// The roofline.
#include "compiler/fusion/CostModel.h"
#include "compiler/fusion/Grouping.h"
#include "compiler/fusion/Operands.h"
#include "compiler/targets/emit/ElementEmitter.h"
#include "dialects/graph/SizeHints.h"
#include "dialects/graph/Work.h"
#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

Bound Cost::bound() const {
  if (launchNs > workNs())
    return Bound::Launch;
  return computeNs >= memoryNs ? Bound::Computation : Bound::Bandwidth;
}

CostModel::CostModel(const targets::TargetInfo &target, Operation *function)
    : target(target), function(function) {}

int64_t CostModel::valueOf(graph::SizeAttr size) const {
  std::optional<int64_t> value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
    return graph::sizeHint(function, name).value_or(kUnknownSize);
  });
  return std::max<int64_t>(value.value_or(kUnknownSize), 0);
}

std::optional<int64_t> CostModel::expected(graph::SizeAttr size) const {
  return size.evaluate([&](StringRef name) { return graph::sizeHint(function, name); });
}

double CostModel::elementsOf(Value tensor) const {
  double elements = 1;
  for (graph::SizeAttr size : graph::tensorType(tensor).getSizes())
    elements *= valueOf(size);
  return elements;
}

double CostModel::bytesOf(Value tensor) const {
  unsigned bits = graph::tensorType(tensor).getElementType().getIntOrFloatBitWidth();
  return elementsOf(tensor) * llvm::divideCeil(bits, 8);
}

double CostModel::operationsPerElement(Operation *op) const {
  if (auto contraction = dyn_cast<graph::ContractOp>(op)) {
    double depth = 1;
    auto sizes = graph::tensorType(contraction.getA()).getSizes();
    for (auto [label, size] : llvm::zip_equal(contraction.getLhs(), sizes))
      if (!llvm::is_contained(contraction.getOut(), label))
        depth *= valueOf(size);
    bool isWide = graph::tensorType(contraction.getY()).getElementTypeBitWidth() > 32;
    return isWide ? 2 * depth : depth; // of a vector of 32-bit elements
  }
  return graph::workPerElement(op).vectorOperations;
}

double CostModel::operationsOf(Operation *op) const {
  if (op->getNumResults() == 0)
    return 0;
  bool isReduction = isa<graph::ReductionInterface>(op);
  return operationsPerElement(op) * elementsOf(isReduction ? op->getOperand(0) : op->getResult(0));
}

/// The shape that lanes run over, a row at a time; none if the kernel is cut otherwise.
static ArrayRef<graph::SizeAttr> rowwiseShape(fuse::KernelOp kernel) {
  Block &body = kernel.getBody().front();
  switch (kernel.getAnchor()) {
  case fuse::Anchor::rows:
  case fuse::Anchor::columns:
    for (Operation &op : body)
      if (isa<graph::ReductionInterface>(op))
        return graph::tensorType(op.getOperand(0)).getSizes();
    return {};
  case fuse::Anchor::pointwise: {
    auto results = body.getTerminator()->getOperands();
    bool isLinear = llvm::all_of(results, [](Value x) { return emit::isLinearizable(x); });
    return isLinear ? ArrayRef<graph::SizeAttr>() : graph::tensorType(results[0]).getSizes();
  }
  default:
    return {};
  }
}

double CostModel::emptyLanes(fuse::KernelOp kernel) const {
  return emptyLanes(rowwiseShape(kernel));
}

double CostModel::emptyLanes(ArrayRef<graph::SizeAttr> shape) const {
  double lanes = target.vectorElements(32);
  for (graph::SizeAttr size : llvm::reverse(shape))
    if (!size.isConstant(1)) {
      double length = std::max<int64_t>(valueOf(size), 1);
      return std::ceil(length / lanes) * lanes / length;
    }
  return 1;
}

Cost CostModel::costOf(double operations, double bytes) const {
  Cost cost;
  cost.operations = operations;
  cost.bytes = bytes;
  cost.computeNs = operations / (target.vectorElements(32) * target.vectorOpsPerCycle * target.gigahertz);
  double bandwidth = target.memoryBytesPerNs;
  cost.level = "memory";
  if (bytes <= target.l1Bytes)
    bandwidth = target.l1BytesPerNs, cost.level = "L1";
  else if (bytes <= target.l2Bytes)
    bandwidth = target.l2BytesPerNs, cost.level = "L2";
  else if (bytes <= target.l3Bytes)
    bandwidth = target.l3BytesPerNs, cost.level = "L3";
  cost.memoryNs = bytes / bandwidth;
  return cost;
}

Cost CostModel::costOf(fuse::KernelOp kernel) const {
  Cost cost;
  if (kernel.getAnchor() == fuse::Anchor::multi_tensor) {
    for (auto member : kernel.getBody().getOps<fuse::KernelOp>())
      cost.operations += costOf(member).operations;
  } else {
    ArrayRef<graph::SizeAttr> rowwise = rowwiseShape(kernel);
    double empty = emptyLanes(kernel);
    for (Operation &op : kernel.getBody().front().without_terminator()) {
      bool isReduction = isa<graph::ReductionInterface>(op);
      Value elements = isReduction ? op.getOperand(0) : op.getResult(0);
      bool isRowwise = graph::tensorType(elements).getSizes() == rowwise;
      cost.operations += operationsOf(&op) * timesPacked(op.getResult(0), *this) *
                         (isRowwise ? empty : 1);
      if (auto contraction = dyn_cast<graph::ContractOp>(op))
        cost.operations += packingOperations(contraction, *this);
    }
  }
  double bytes = 0;
  for (Value input : kernel.getInputs())
    bytes += bytesOf(input);
  for (Value output : kernel.getOutputs())
    bytes += bytesOf(output);
  cost = costOf(cost.operations, bytes);
  cost.launchNs = target.launchNs;
  return cost;
}

Cost CostModel::costAlone(Operation *op) const {
  llvm::SetVector<Operation *> cloned;
  llvm::SetVector<Value> inputs;
  SmallVector<Value> reached(op->getOperands());
  while (!reached.empty()) {
    Value value = reached.pop_back_val();
    Operation *def = value.getDefiningOp();
    if (!def || !isCloned(def))
      inputs.insert(value);
    else if (cloned.insert(def))
      llvm::append_range(reached, def->getOperands());
  }
  double operations = operationsOf(op), bytes = bytesOf(op->getResult(0));
  if (isa<graph::ReductionInterface>(op))
    operations *= emptyLanes(graph::tensorType(op->getOperand(0)).getSizes());
  for (Operation *source : cloned)
    operations += operationsOf(source);
  for (Value input : inputs)
    bytes += bytesOf(input);
  Cost cost = costOf(operations, bytes);
  cost.launchNs = target.launchNs;
  return cost;
}
