// What a kernel computes, in the words that people use.
#include "compiler/schedule/KernelLabel.h"

#include "dialects/graph/Graph.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tenon::schedule {

static bool hasOperandOfKind(Operation &op, graph::FusionKind kind) {
  return llvm::any_of(op.getOperands(), [&](Value operand) {
    auto producer = operand.getDefiningOp<graph::FusionInterface>();
    return producer && producer.getFusionKind() == kind;
  });
}

static bool hasZeroOperand(Operation &op) {
  return llvm::any_of(op.getOperands(), [](Value operand) {
    auto constant = operand.getDefiningOp<graph::ConstantOp>();
    auto value = constant ? dyn_cast<FloatAttr>(constant.getValue()) : FloatAttr();
    return value && value.getValue().isZero();
  });
}

static StringRef wordFor(Operation &op) {
  if (isa<graph::AddOp>(op) && hasOperandOfKind(op, graph::FusionKind::IndexMap))
    return "bias";
  if (isa<graph::MaxOp>(op) && hasZeroOperand(op))
    return "relu";
  return op.getName().stripDialect();
}

/// Is this op arithmetic, as opposed to moving elements?
static bool computes(Operation &op) {
  auto fusion = dyn_cast<graph::FusionInterface>(op);
  if (!fusion)
    return true;
  graph::FusionKind kind = fusion.getFusionKind();
  return kind != graph::FusionKind::Source && kind != graph::FusionKind::IndexMap &&
         kind != graph::FusionKind::View;
}

std::string kernelLabel(fuse::FuncOp kernel) {
  constexpr size_t most = 6;
  llvm::SetVector<StringRef> words, movers;
  for (Operation &op : kernel.getBody().front().without_terminator())
    (computes(op) ? words : movers).insert(wordFor(op));
  ArrayRef<StringRef> chosen = words.empty() ? movers.getArrayRef() : words.getArrayRef();
  if (chosen.empty())
    return "copy";
  std::string label = llvm::join(chosen.take_front(most), "+");
  if (chosen.size() > most)
    label += "+" + std::to_string(chosen.size() - most) + " more";
  return label;
}

} // namespace tenon::schedule
