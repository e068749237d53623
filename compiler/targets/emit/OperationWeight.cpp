//===- OperationWeight.cpp - What an op's arithmetic takes ----------------===//

#include "compiler/targets/emit/OperationWeight.h"
#include "dialects/graph/Graph.h"

using namespace mlir;
using tenon::graph::Scalar;

namespace tenon::emit {

namespace {

/// A scalar is its type; what is built with it is counted. An operation that one instruction does at
/// full rate weighs 1, the others what they take on processors of these years.
class Scale final : public graph::ScalarBuilder {
public:
  double weight = 0;

  static Scalar ofType(Type type) { return Scalar(type.getAsOpaquePointer()); }
  Type typeOf(Scalar x) const override { return Type::getFromOpaquePointer(x.get()); }

  Scalar constant(double, Type type) override { return ofType(type); }
  Scalar constantInt(int64_t, Type type) override { return ofType(type); }
  Scalar add(Scalar a, Scalar) override { return count(a, 1); }
  Scalar sub(Scalar a, Scalar) override { return count(a, 1); }
  Scalar mul(Scalar a, Scalar) override { return count(a, 1); }
  Scalar div(Scalar a, Scalar) override { return count(a, 10); }
  Scalar max(Scalar a, Scalar) override { return count(a, 3); } // with NaN
  Scalar min(Scalar a, Scalar) override { return count(a, 3); }
  Scalar neg(Scalar x) override { return count(x, 1); }
  Scalar abs(Scalar x) override { return count(x, 1); }
  Scalar sqrt(Scalar x) override { return count(x, 12); }
  Scalar floor(Scalar x) override { return count(x, 2); }
  Scalar ceil(Scalar x) override { return count(x, 2); }
  Scalar round(Scalar x) override { return count(x, 2); }
  Scalar exp(Scalar x) override { return count(x, 18); }
  Scalar log(Scalar x) override { return count(x, 24); }
  Scalar tanh(Scalar x) override { return count(x, 28); }
  Scalar erf(Scalar x) override { return count(x, 44); }
  Scalar sin(Scalar x) override { return count(x, 42); }
  Scalar cos(Scalar x) override { return count(x, 40); }
  Scalar compare(graph::ComparePredicate, Scalar a, Scalar) override {
    count(a, 1);
    return ofType(IntegerType::get(typeOf(a).getContext(), 1));
  }
  Scalar select(Scalar, Scalar a, Scalar) override { return count(a, 1); }
  Scalar logicalAnd(Scalar a, Scalar) override { return count(a, 1); }
  Scalar logicalOr(Scalar a, Scalar) override { return count(a, 1); }
  Scalar logicalNot(Scalar x) override { return count(x, 1); }
  Scalar convert(Scalar, Type type) override { return count(ofType(type), 1); }

private:
  /// Wide elements take two registers.
  Scalar count(Scalar x, double operations) {
    Type type = typeOf(x);
    weight += type.isIntOrFloat() && type.getIntOrFloatBitWidth() > 32 ? 2 * operations : operations;
    return x;
  }
};

} // namespace

double operationWeight(Operation *op) {
  Scale scale;
  auto typeOf = [](Value value) {
    return Scale::ofType(graph::tensorType(value).getElementType());
  };
  if (isa<graph::RandomBitsOp>(op))
    return 53; // ten rounds, see Random.cpp
  if (auto body = dyn_cast<graph::ScalarBodyInterface>(op)) {
    body.buildScalarBody(scale, llvm::map_to_vector(op->getOperands(), typeOf));
  } else if (auto reduction = dyn_cast<graph::ReductionInterface>(op)) {
    Scalar index = Scale::ofType(IntegerType::get(op->getContext(), 32));
    SmallVector<Scalar> lifted = reduction.buildLift(scale, typeOf(op->getOperand(0)), index);
    reduction.buildMerge(scale, lifted, lifted);
  }
  return scale.weight;
}

} // namespace tenon::emit
