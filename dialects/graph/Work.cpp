// Work of ops: contractions by their sizes, the rest by running their scalar bodies on a counter.
#include "dialects/graph/Work.h"

#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

namespace {

/// A scalar is its type; building it counts what it costs.
class CountingBuilder final : public ScalarBuilder {
public:
  int64_t count = 0;

  static Scalar ofType(Type type) { return Scalar(type.getAsOpaquePointer()); }
  Type typeOf(Scalar x) const override { return Type::getFromOpaquePointer(x.get()); }
  Scalar constant(double, Type type) override { return ofType(type); }
  Scalar constantInt(int64_t, Type type) override { return ofType(type); }

  Scalar add(Scalar a, Scalar) override { return costs(1, a); }
  Scalar sub(Scalar a, Scalar) override { return costs(1, a); }
  Scalar mul(Scalar a, Scalar) override { return costs(1, a); }
  Scalar div(Scalar a, Scalar) override { return costs(8, a); }
  Scalar max(Scalar a, Scalar) override { return costs(1, a); }
  Scalar min(Scalar a, Scalar) override { return costs(1, a); }
  Scalar neg(Scalar x) override { return costs(1, x); }
  Scalar abs(Scalar x) override { return costs(1, x); }
  Scalar sqrt(Scalar x) override { return costs(8, x); }
  Scalar floor(Scalar x) override { return costs(1, x); }
  Scalar ceil(Scalar x) override { return costs(1, x); }
  Scalar round(Scalar x) override { return costs(1, x); }
  Scalar exp(Scalar x) override { return costs(20, x); }
  Scalar log(Scalar x) override { return costs(24, x); }
  Scalar tanh(Scalar x) override { return costs(28, x); }
  Scalar erf(Scalar x) override { return costs(32, x); }
  Scalar sin(Scalar x) override { return costs(32, x); }
  Scalar cos(Scalar x) override { return costs(32, x); }

  Scalar compare(ComparePredicate, Scalar a, Scalar) override {
    return costs(1, ofType(IntegerType::get(typeOf(a).getContext(), 1)));
  }
  Scalar select(Scalar, Scalar a, Scalar) override { return costs(1, a); }
  Scalar logicalAnd(Scalar a, Scalar) override { return costs(1, a); }
  Scalar logicalOr(Scalar a, Scalar) override { return costs(1, a); }
  Scalar logicalNot(Scalar x) override { return costs(1, x); }
  Scalar convert(Scalar x, Type type) override {
    return typeOf(x) == type ? x : costs(1, ofType(type));
  }

private:
  Scalar costs(int64_t operations, Scalar result) {
    count += operations;
    return result;
  }
};

SizeAttr perElement(int64_t operations, Value tensor) {
  return SizeAttr::constant(tensor.getContext(), operations).mul(tensorType(tensor).numElements());
}

SizeAttr contractionFlops(ContractOp op) {
  SmallVector<SizeAttr> sizes(tensorType(op.getA()).getSizes());
  for (auto [label, size] : llvm::zip(op.getRhs(), tensorType(op.getB()).getSizes()))
    if (!llvm::is_contained(op.getLhs(), label))
      sizes.push_back(size);
  sizes.push_back(SizeAttr::constant(op.getContext(), 2));
  return SizeAttr::product(op.getContext(), sizes);
}

SizeAttr reductionFlops(ReductionInterface op, Value operand) {
  CountingBuilder counter;
  Scalar x = CountingBuilder::ofType(tensorType(operand).getElementType());
  Scalar index = CountingBuilder::ofType(IntegerType::get(op.getContext(), 32));
  SmallVector<Scalar> left = op.buildIdentity(counter);
  op.buildMerge(counter, left, op.buildLift(counter, x, index));
  return perElement(counter.count, operand);
}

SizeAttr elementwiseFlops(ScalarBodyInterface op) {
  CountingBuilder counter;
  SmallVector<Scalar> elements;
  for (Value operand : op->getOperands())
    elements.push_back(CountingBuilder::ofType(tensorType(operand).getElementType()));
  op.buildScalarBody(counter, elements);
  return perElement(counter.count, op->getResult(0));
}

/// Booleans take a byte.
SizeAttr bytesOf(Value tensor) {
  return perElement((tensorType(tensor).getElementTypeBitWidth() + 7) / 8, tensor);
}

SizeAttr plus(SizeAttr sum, SizeAttr more) { return sum && more ? sum.add(more) : SizeAttr(); }

} // namespace

SizeAttr tenon::graph::countFlops(Operation &op) {
  if (auto contract = dyn_cast<ContractOp>(op))
    return contractionFlops(contract);
  if (auto reduction = dyn_cast<ReductionInterface>(op))
    return reductionFlops(reduction, op.getOperand(0));
  if (auto body = dyn_cast<ScalarBodyInterface>(op))
    return elementwiseFlops(body);
  return SizeAttr::constant(op.getContext(), 0);
}

Work tenon::graph::countWork(Block &body) {
  MLIRContext *context = body.getTerminator()->getContext();
  Work work{SizeAttr::constant(context, 0), SizeAttr::constant(context, 0)};
  for (Operation &op : body.without_terminator())
    work.flops = plus(work.flops, countFlops(op));
  for (Value argument : body.getArguments())
    work.bytes = plus(work.bytes, bytesOf(argument));
  for (Value result : body.getTerminator()->getOperands())
    work.bytes = plus(work.bytes, bytesOf(result));
  return work;
}
