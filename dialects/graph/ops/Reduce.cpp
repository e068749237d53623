// Reductions: monoids over some axes.
#include "dialects/graph/Graph.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;

using Scalars = SmallVector<Scalar>;
using Values = SmallVector<Value>;

static bool isAxisList(ArrayRef<int64_t> axes, int64_t rank) {
  return !axes.empty() && axes.front() >= 0 && axes.back() < rank &&
         std::adjacent_find(axes.begin(), axes.end(), std::greater_equal<>()) == axes.end();
}

static LogicalResult verifyAxes(Operation *op, ArrayRef<int64_t> axes, Value x) {
  if (!isAxisList(axes, tensorType(x).rank()))
    return op->emitOpError("(C1) axes must be ascending axes of ") << x.getType();
  return success();
}

/// The type of x without the axes (C2).
static LogicalResult inferReduced(std::optional<Location> loc, Value x, ArrayRef<int64_t> axes,
                                  Type elementType, SmallVectorImpl<Type> &types) {
  auto type = dyn_cast<SizedTensorType>(x.getType());
  if (!type || !isAxisList(axes, type.rank()))
    return emitOptionalError(loc, "(C1) axes must be ascending axes of ", x.getType());
  SmallVector<SizeAttr> kept;
  for (auto [axis, size] : llvm::enumerate(type.getSizes()))
    if (!llvm::is_contained(axes, int64_t(axis)))
      kept.push_back(size);
  types.push_back(SizedTensorType::get(elementType ? elementType : type.getElementType(), kept));
  return success();
}

static SmallVector<int64_t> keptAxes(ArrayRef<int64_t> axes, int64_t rank) {
  SmallVector<int64_t> kept;
  for (int64_t axis = 0; axis < rank; ++axis)
    if (!llvm::is_contained(axes, axis))
      kept.push_back(axis);
  return kept;
}

/// A value of the reduced shape, repeated along the reduced axes.
static Value broadcastBack(GraphBuilder &b, Value reduced, Value x, ArrayRef<int64_t> axes) {
  SizedTensorType type = tensorType(x).withElementType(tensorType(reduced).getElementType());
  return b.broadcast(reduced, type, keptAxes(axes, type.rank()));
}

// ---- sum --------------------------------------------------------------------------------------

LogicalResult SumOp::verify() { return verifyAxes(*this, getAxes(), getX()); }
LogicalResult SumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  return inferReduced(loc, adaptor.getX(), adaptor.getAxes(), Type(), types);
}
Values SumOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {broadcastBack(b, dy[0], getX(), getAxes())};
}
Scalars SumOp::buildIdentity(ScalarBuilder &b) {
  return {b.constant(0, tensorType(getX()).getElementType())};
}
Scalars SumOp::buildLift(ScalarBuilder &, Scalar x, Scalar) { return {x}; }
Scalars SumOp::buildMerge(ScalarBuilder &b, ArrayRef<Scalar> left, ArrayRef<Scalar> right) {
  return {b.add(left[0], right[0])};
}
unsigned SumOp::getResultAccumulator() { return 0; }

// ---- Extremes ---------------------------------------------------------------------------------

/// The least (sign -1) or largest (sign 1) value of a type.
static Scalar extreme(ScalarBuilder &b, Type type, int sign) {
  if (isa<FloatType>(type))
    return b.constant(sign * INFINITY, type);
  int64_t largest = type.isInteger(32) ? INT32_MAX : INT64_MAX;
  return b.constantInt(sign > 0 ? largest : -largest - 1, type);
}

/// dy at the element that `argmax` of `keys` names, else zero.
static Value scatterToFirst(GraphBuilder &b, Value keys, ArrayRef<int64_t> axes, Value x, Value dy) {
  SizedTensorType indexType = tensorType(x).withElementType(b.getBuilder().getI32Type());
  // The row-major position within the axes, as argmax counts it.
  Value position;
  SizeAttr stride = SizeAttr::constant(b.getContext(), 1);
  for (int64_t axis : llvm::reverse(axes)) {
    Value index = b.iota(indexType, axis);
    if (position)
      index = b.add(b.mul(index, b.size(stride, indexType.getElementType())), position);
    position = index;
    stride = stride.mul(indexType.getSizes()[axis]);
  }
  Value winner = ArgmaxOp::create(b.getBuilder(), b.getLoc(), keys, axes);
  Value wins = b.compare(ComparePredicate::eq, position, broadcastBack(b, winner, x, axes));
  Value spread = broadcastBack(b, dy, x, axes);
  return b.select(wins, spread, b.zero(spread));
}

LogicalResult ReduceMaxOp::verify() { return verifyAxes(*this, getAxes(), getX()); }
LogicalResult ReduceMaxOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferReduced(loc, adaptor.getX(), adaptor.getAxes(), Type(), types);
}
Values ReduceMaxOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {scatterToFirst(b, getX(), getAxes(), getX(), dy[0])};
}
Scalars ReduceMaxOp::buildIdentity(ScalarBuilder &b) {
  return {extreme(b, tensorType(getX()).getElementType(), -1)};
}
Scalars ReduceMaxOp::buildLift(ScalarBuilder &, Scalar x, Scalar) { return {x}; }
Scalars ReduceMaxOp::buildMerge(ScalarBuilder &b, ArrayRef<Scalar> left, ArrayRef<Scalar> right) {
  return {b.max(left[0], right[0])};
}
unsigned ReduceMaxOp::getResultAccumulator() { return 0; }

LogicalResult ReduceMinOp::verify() { return verifyAxes(*this, getAxes(), getX()); }
LogicalResult ReduceMinOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferReduced(loc, adaptor.getX(), adaptor.getAxes(), Type(), types);
}
Values ReduceMinOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {scatterToFirst(b, b.neg(getX()), getAxes(), getX(), dy[0])};
}
Scalars ReduceMinOp::buildIdentity(ScalarBuilder &b) {
  return {extreme(b, tensorType(getX()).getElementType(), 1)};
}
Scalars ReduceMinOp::buildLift(ScalarBuilder &, Scalar x, Scalar) { return {x}; }
Scalars ReduceMinOp::buildMerge(ScalarBuilder &b, ArrayRef<Scalar> left, ArrayRef<Scalar> right) {
  return {b.min(left[0], right[0])};
}
unsigned ReduceMinOp::getResultAccumulator() { return 0; }

// ---- argmax -----------------------------------------------------------------------------------

LogicalResult ArgmaxOp::verify() { return verifyAxes(*this, getAxes(), getX()); }
LogicalResult ArgmaxOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferReduced(loc, adaptor.getX(), adaptor.getAxes(), IntegerType::get(context, 32), types);
}
Values ArgmaxOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalars ArgmaxOp::buildIdentity(ScalarBuilder &b) {
  Type type = tensorType(getX()).getElementType();
  return {extreme(b, type, -1), extreme(b, IntegerType::get(getContext(), 32), 1)};
}
Scalars ArgmaxOp::buildLift(ScalarBuilder &, Scalar x, Scalar index) { return {x, index}; }
Scalars ArgmaxOp::buildMerge(ScalarBuilder &b, ArrayRef<Scalar> left, ArrayRef<Scalar> right) {
  auto is = [&](ComparePredicate p, Scalar x, Scalar y) { return b.compare(p, x, y); };
  Scalar x = left[0], y = right[0];
  Scalar xNan = is(ComparePredicate::ne, x, x), yNan = is(ComparePredicate::ne, y, y);
  Scalar greater = is(ComparePredicate::gt, y, x), equal = is(ComparePredicate::eq, y, x);
  Scalar onlyRightNan = b.logicalAnd(yNan, b.logicalNot(xNan)), bothNan = b.logicalAnd(xNan, yNan);
  Scalar larger = b.logicalOr(greater, onlyRightNan);
  Scalar same = b.logicalOr(equal, bothNan);
  Scalar earlier = b.logicalAnd(same, is(ComparePredicate::lt, right[1], left[1]));
  Scalar takeRight = b.logicalOr(larger, earlier);
  return {b.select(takeRight, y, x), b.select(takeRight, right[1], left[1])};
}
unsigned ArgmaxOp::getResultAccumulator() { return 1; }
