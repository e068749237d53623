// The roofline.
#include "compiler/fusion/CostModel.h"
#include "compiler/fusion/Operands.h"
#include "dialects/graph/SizeHints.h"
#include "dialects/graph/Work.h"

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
    return depth;
  }
  return graph::workPerElement(op).vectorOperations;
}

double CostModel::operationsOf(Operation *op) const {
  if (op->getNumResults() == 0)
    return 0;
  bool isReduction = isa<graph::ReductionInterface>(op);
  return operationsPerElement(op) * elementsOf(isReduction ? op->getOperand(0) : op->getResult(0));
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
    for (Operation &op : kernel.getBody().front().without_terminator()) {
      cost.operations += operationsOf(&op) * timesPacked(op.getResult(0), *this);
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
