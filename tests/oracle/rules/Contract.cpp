// Contraction: loops over all labels, those of the result outermost.
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

/// The entries of `index`, which follows `labels`, that an operand's labels pick.
static Shape pick(ArrayRef<int64_t> operandLabels, ArrayRef<int64_t> labels,
                  ArrayRef<int64_t> index) {
  Shape picked;
  for (int64_t label : operandLabels)
    picked.push_back(index[llvm::find(labels, label) - labels.begin()]);
  return picked;
}

static void contract(ContractOp op, Frame &frame) {
  const Tensor &a = frame.get(op.getA()), &b = frame.get(op.getB());
  Tensor y = frame.make(op.getY());

  std::vector<int64_t> labels(op.getOut().begin(), op.getOut().end());
  Shape extents = y.shape;
  for (auto [label, extent] : llvm::zip(op.getLhs(), a.shape))
    if (!llvm::is_contained(labels, label)) { // summed
      labels.push_back(label);
      extents.push_back(extent);
    }

  Tensor product(y.element, {});
  RealSum sum(frame, y);
  forEachIndex(extents, [&](ArrayRef<int64_t> index) {
    frame.put(product, 0, a.reals[a.offset(pick(op.getLhs(), labels, index))] *
                              b.reals[b.offset(pick(op.getRhs(), labels, index))]);
    sum.add(y.offset(index.take_front(y.shape.size())), product.reals[0]);
  });
  frame.set(op.getY(), std::move(y));
}

void addContractionRules(RuleTable &table) { table.on<ContractOp>(contract); }

} // namespace tenon::oracle
