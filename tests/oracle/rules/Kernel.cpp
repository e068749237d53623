// Kernels: their bodies are graph ops, run in place.
#include "dialects/fuse/Fuse.h"
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::fuse;

namespace tenon::oracle {

static std::vector<Tensor> operandsOf(Operation *op, Frame &frame) {
  std::vector<Tensor> operands;
  for (Value operand : op->getOperands())
    operands.push_back(frame.get(operand));
  return operands;
}

static void setResults(Operation *op, Frame &frame, std::vector<Tensor> results) {
  for (auto [value, result] : llvm::zip(op->getResults(), results))
    frame.set(value, std::move(result));
}

static void launch(LaunchOp op, Frame &frame) {
  auto kernel = SymbolTable::lookupNearestSymbolFrom<FuncOp>(op, op.getKernelAttr());
  if (!kernel)
    return frame.fail(op, "no kernel @" + op.getKernel());
  Sizes sizes;
  auto names = kernel->getAttrOfType<ArrayAttr>(graph::sizesAttrName);
  for (auto [name, size] : llvm::zip(names.getAsRange<StringAttr>(), op.getSizes()))
    sizes[name.str()] = frame.evaluate(cast<graph::SizeAttr>(size));
  setResults(op, frame, frame.call(kernel.getBody().front(), operandsOf(op, frame), sizes,
                                   frame.site + op.getSite()));
}

void addKernelRules(RuleTable &table) {
  table.on<LaunchOp>(launch);
  table.on<KernelOp>([](KernelOp op, Frame &frame) {
    setResults(op, frame,
               frame.call(op.getBody().front(), operandsOf(op, frame), frame.getSizes(),
                          frame.site));
  });
}

} // namespace tenon::oracle
