// Work of ops: contractions by their sizes, the rest by running their scalar bodies on a counter.
#include "dialects/graph/Work.h"

#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

namespace {

/// A scalar is its type; building it counts what it takes. The weights are about the vector
/// instructions of processors of these years; what one instruction does at full rate weighs 1.
class OperationCounter final : public ScalarBuilder {
public:
  ElementWork work;

  static Scalar ofType(Type type) { return Scalar(type.getAsOpaquePointer()); }
  Type typeOf(Scalar x) const override { return Type::getFromOpaquePointer(x.get()); }
  Scalar constant(double, Type type) override { return ofType(type); }
  Scalar constantInt(int64_t, Type type) override { return ofType(type); }

  Scalar add(Scalar a, Scalar) override { return count(1, a); }
  Scalar sub(Scalar a, Scalar) override { return count(1, a); }
  Scalar mul(Scalar a, Scalar) override { return count(1, a); }
  Scalar div(Scalar a, Scalar) override { return count(10, a); }
  Scalar max(Scalar a, Scalar) override { return count(3, a); } // with NaN and signs of zero
  Scalar min(Scalar a, Scalar) override { return count(3, a); }
  Scalar neg(Scalar x) override { return count(1, x); }
  Scalar abs(Scalar x) override { return count(1, x); }
  Scalar sqrt(Scalar x) override { return count(12, x); }
  Scalar floor(Scalar x) override { return count(2, x); }
  Scalar ceil(Scalar x) override { return count(2, x); }
  Scalar round(Scalar x) override { return count(2, x); }
  Scalar exp(Scalar x) override { return count(18, x); }
  Scalar log(Scalar x) override { return count(24, x); }
  Scalar tanh(Scalar x) override { return count(28, x); }
  Scalar erf(Scalar x) override { return count(44, x); }
  Scalar sin(Scalar x) override { return count(42, x); }
  Scalar cos(Scalar x) override { return count(40, x); }

  Scalar compare(ComparePredicate, Scalar a, Scalar) override {
    count(1, a);
    return ofType(IntegerType::get(typeOf(a).getContext(), 1));
  }
  Scalar select(Scalar, Scalar a, Scalar) override { return count(1, a); }
  Scalar logicalAnd(Scalar a, Scalar) override { return count(1, a); }
  Scalar logicalOr(Scalar a, Scalar) override { return count(1, a); }
  Scalar logicalNot(Scalar x) override { return count(1, x); }
  Scalar convert(Scalar, Type type) override { return count(1, ofType(type)); }

private:
  Scalar count(int64_t operations, Scalar x) {
    work.operations += operations;
    work.vectorOperations += typeOf(x).getIntOrFloatBitWidth() > 32 ? 2 * operations : operations;
    return x;
  }
};

/// Of `graph.random_bits`: ten rounds of Philox for eight elements.
constexpr int64_t kRandomBitsWeight = 53;

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

/// Booleans take a byte.
SizeAttr bytesOf(Value tensor) {
  return perElement((tensorType(tensor).getElementTypeBitWidth() + 7) / 8, tensor);
}

} // namespace

ElementWork tenon::graph::workPerElement(Operation *op) {
  if (isa<RandomBitsOp>(op))
    return {kRandomBitsWeight, kRandomBitsWeight};
  OperationCounter counter;
  auto elementOf = [](Value tensor) {
    return OperationCounter::ofType(tensorType(tensor).getElementType());
  };
  if (auto body = dyn_cast<ScalarBodyInterface>(op)) {
    body.buildScalarBody(counter, llvm::map_to_vector(op->getOperands(), elementOf));
  } else if (auto reduction = dyn_cast<ReductionInterface>(op)) {
    Scalar index = OperationCounter::ofType(IntegerType::get(op->getContext(), 32));
    SmallVector<Scalar> lifted = reduction.buildLift(counter, elementOf(op->getOperand(0)), index);
    reduction.buildMerge(counter, lifted, lifted);
  }
  return counter.work;
}

SizeAttr tenon::graph::countFlops(Operation *op) {
  if (auto contract = dyn_cast<ContractOp>(op))
    return contractionFlops(contract);
  int64_t operations = workPerElement(op).operations;
  if (operations == 0)
    return SizeAttr::constant(op->getContext(), 0);
  return perElement(operations, isa<ReductionInterface>(op) ? op->getOperand(0) : op->getResult(0));
}

Work tenon::graph::countWork(Block &body) {
  MLIRContext *context = body.getTerminator()->getContext();
  Work work{SizeAttr::constant(context, 0), SizeAttr::constant(context, 0)};
  for (Operation &op : body.without_terminator())
    work.flops = work.flops.add(countFlops(&op));
  for (Value argument : body.getArguments())
    work.bytes = work.bytes.add(bytesOf(argument));
  for (Value result : body.getTerminator()->getOperands())
    work.bytes = work.bytes.add(bytesOf(result));
  return work;
}
