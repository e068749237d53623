// Follows the choices of compiler/targets/cpu: Contract.cpp for what the labels are, PanelOperands.cpp
// for how an operand is read, Panels.cpp for how often. Operations are fitted to measurements.
#include "compiler/fusion/Operands.h"
#include "compiler/targets/cpu/Blocking.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using graph::SizeAttr;
using llvm::divideCeil;

/// Of an element of a left operand that would be read in place: it is stored and read again.
static constexpr double kCopyOperations = 4;
/// Of one that would be packed anyway, but in whole vectors: the strips of rows that registers hold
/// are less than a vector wide.
static constexpr double kStripOperations = 3;

int64_t fusion::innermostAxis(ArrayRef<SizeAttr> sizes) {
  int64_t axis = int64_t(sizes.size()) - 1;
  while (axis >= 0 && sizes[axis].isConstant(1))
    --axis;
  return axis;
}

/// The axis of the result that lanes run along: that which a declaration in panels is cut along, or
/// the innermost; -1 if the result is one element.
static int64_t laneAxisOf(graph::ContractOp op) {
  ArrayRef<SizeAttr> sizes = graph::tensorType(op.getY()).getSizes();
  for (Value result : op->getParentOfType<fuse::KernelOp>().getOutputs())
    for (Operation *user : result.getUsers()) {
      auto write = dyn_cast<graph::WriteOp>(user);
      Operation *declaration =
          write ? SymbolTable::lookupNearestSymbolFrom(write, write.getPathAttr()) : nullptr;
      auto layout =
          declaration ? declaration->getAttrOfType<fuse::LayoutAttr>(fuse::kLayoutAttrName) : nullptr;
      if (layout && !sizes[layout.getCutAxis()].isConstant(1))
        return layout.getCutAxis();
    }
  return innermostAxis(sizes);
}

std::optional<OperandPacking> fusion::packingOf(graph::ContractOp op, unsigned number,
                                                const CostModel &costs, StringRef &reason) {
  ArrayRef<int64_t> labels[] = {op.getLhs(), op.getRhs()}, out = op.getOut();
  ArrayRef<SizeAttr> sizes = graph::tensorType(op.getY()).getSizes();
  auto has = [&](unsigned operand, int64_t label) {
    return llvm::is_contained(labels[operand], label);
  };

  int64_t laneAxis = laneAxisOf(op);
  reason = "a contraction to single elements reads its operands from memory";
  if (laneAxis < 0 || (has(0, out[laneAxis]) && has(1, out[laneAxis])))
    return std::nullopt;
  unsigned right = has(1, out[laneAxis]) ? 1 : 0;
  int64_t rowAxis = -1;
  for (auto [axis, label] : llvm::enumerate(out))
    if (!has(right, label) && !sizes[axis].isConstant(1))
      rowAxis = axis;
  reason = "a contraction with one row reads its operands from memory";
  if (rowAxis < 0)
    return std::nullopt;
  std::optional<int64_t> rows = costs.expected(sizes[rowAxis]);
  if (rows && *rows <= 1)
    return std::nullopt;
  reason = "nothing is known of the number of rows, and with one row it is read from memory";
  if (!rows)
    return std::nullopt;

  SizeAttr depthSize = SizeAttr::constant(op.getContext(), 1);
  for (auto [label, size] : llvm::zip_equal(labels[0], graph::tensorType(op.getA()).getSizes()))
    if (!llvm::is_contained(out, label))
      depthSize = depthSize.mul(size);
  std::optional<int64_t> columns = costs.expected(sizes[laneAxis]), depth = costs.expected(depthSize);
  bool isLeft = number != right;
  unsigned bits = graph::tensorType(op.getY()).getElementTypeBitWidth();
  cpu::Blocking blocking = cpu::chooseBlocking(costs.getTarget(), bits,
                                               {rows, columns, depth}, /*packsLeft=*/isLeft);

  OperandPacking packing;
  for (auto [axis, label] : llvm::enumerate(out))
    if (int64_t(axis) != laneAxis && int64_t(axis) != rowAxis && !has(number, label))
      packing.times *= costs.valueOf(sizes[axis]);
  if (!isLeft) {
    packing.times *= divideCeil(*rows, blocking.rowsPerTile);
    return packing;
  }
  int64_t panels = divideCeil(costs.valueOf(sizes[laneAxis]), blocking.tile.width());
  packing.times *= divideCeil(panels, blocking.panelsPerTile);
  bool isAcross = labels[number].back() == out[rowAxis];
  bool isPackedAnyway = isAcross && costs.valueOf(depthSize) > cpu::kDepthWorthPacking;
  packing.operations = isPackedAnyway ? kStripOperations : kCopyOperations;
  return packing;
}

double fusion::timesPacked(Value value, const CostModel &costs) {
  double times = 1;
  for (OpOperand &use : value.getUses()) {
    Operation *user = use.getOwner();
    StringRef reason;
    if (auto contraction = dyn_cast<graph::ContractOp>(user)) {
      if (auto packing = packingOf(contraction, use.getOperandNumber(), costs, reason))
        times = std::max(times, packing->times);
    } else if (isa<graph::IndexMapInterface, graph::ScalarBodyInterface>(user)) {
      times = std::max(times, timesPacked(user->getResult(0), costs));
    }
  }
  return times;
}

double fusion::packingOperations(graph::ContractOp op, const CostModel &costs) {
  double operations = 0;
  for (OpOperand &operand : op->getOpOperands()) {
    StringRef reason;
    if (isa<BlockArgument>(operand.get()))
      continue;
    if (auto packing = packingOf(op, operand.getOperandNumber(), costs, reason))
      operations += packing->times * packing->operations * costs.elementsOf(operand.get());
  }
  return operations;
}
