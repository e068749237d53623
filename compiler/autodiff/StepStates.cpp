// What a training step writes: parameters and the optimizer's states.
#include "compiler/autodiff/StepStates.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

Value StepStates::read(GraphBuilder &b, const Twine &slot, SizedTensorType type, double init) {
  std::string path = ("optimizer." + slot).str();
  if (!symbols.lookup(path)) {
    auto start = InitAttr::get(b.getContext(), "constant", init);
    symbols.insert(StateOp::create(declarations, b.getLoc(), path, type, start));
  }
  return b.read(path, type);
}

void StepStates::writeIf(GraphBuilder &b, Value condition) {
  for (auto [old, value] : pending)
    b.write(old.getDefiningOp<ReadOp>().getPath(), b.select(condition, value, old));
}

void StepStates::writeAll(GraphBuilder &b) {
  for (auto [old, value] : pending)
    b.write(old.getDefiningOp<ReadOp>().getPath(), value);
}
