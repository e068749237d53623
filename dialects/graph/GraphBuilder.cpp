#include "dialects/graph/GraphBuilder.h"
#include "dialects/graph/Graph.h"

using namespace mlir;
using namespace tenon::graph;

Value GraphBuilder::constant(double value, Type type) {
  Type elementType = cast<SizedTensorType>(type).getElementType();
  TypedAttr attribute = isa<FloatType>(elementType)
                            ? TypedAttr(builder.getFloatAttr(elementType, value))
                            : TypedAttr(builder.getIntegerAttr(elementType, int64_t(value)));
  return ConstantOp::create(builder, loc, type, attribute);
}

Value GraphBuilder::scalar(double value, Type elementType) {
  return constant(value, SizedTensorType::get(elementType, {}));
}

Value GraphBuilder::scalarLike(double value, Value like) {
  return scalar(value, tensorType(like).getElementType());
}

Value GraphBuilder::size(SizeAttr size, Type elementType) {
  return SizeOp::create(builder, loc, SizedTensorType::get(elementType, {}), size);
}

void GraphBuilder::unify(Value &a, Value &b) {
  if (tensorType(a).rank() == 0)
    a = splat(a, b);
  else if (tensorType(b).rank() == 0)
    b = splat(b, a);
}

#define TENON_GRAPH_BINARY(method, Op)                                                            \
  Value GraphBuilder::method(Value a, Value b) {                                                  \
    unify(a, b);                                                                                  \
    return Op::create(builder, loc, a, b);                                                        \
  }
TENON_GRAPH_BINARY(add, AddOp)
TENON_GRAPH_BINARY(sub, SubOp)
TENON_GRAPH_BINARY(mul, MulOp)
TENON_GRAPH_BINARY(div, DivOp)
TENON_GRAPH_BINARY(max, MaxOp)
TENON_GRAPH_BINARY(min, MinOp)
TENON_GRAPH_BINARY(logicalAnd, AndOp)
#undef TENON_GRAPH_BINARY

Value GraphBuilder::neg(Value x) { return NegOp::create(builder, loc, x); }
Value GraphBuilder::abs(Value x) { return AbsOp::create(builder, loc, x); }
Value GraphBuilder::sign(Value x) { return SignOp::create(builder, loc, x); }
Value GraphBuilder::exp(Value x) { return ExpOp::create(builder, loc, x); }
Value GraphBuilder::log(Value x) { return LogOp::create(builder, loc, x); }
Value GraphBuilder::sqrt(Value x) { return SqrtOp::create(builder, loc, x); }
Value GraphBuilder::tanh(Value x) { return TanhOp::create(builder, loc, x); }
Value GraphBuilder::sin(Value x) { return SinOp::create(builder, loc, x); }
Value GraphBuilder::cos(Value x) { return CosOp::create(builder, loc, x); }

Value GraphBuilder::compare(ComparePredicate predicate, Value a, Value b) {
  unify(a, b);
  return CompareOp::create(builder, loc, predicate, a, b);
}

Value GraphBuilder::select(Value condition, Value a, Value b) {
  unify(a, b);
  if (tensorType(condition).rank() == 0)
    condition = splat(condition, a);
  return SelectOp::create(builder, loc, a.getType(), condition, a, b);
}

Value GraphBuilder::convert(Value x, Type elementType) {
  if (tensorType(x).getElementType() == elementType)
    return x;
  return ConvertOp::create(builder, loc, tensorType(x).withElementType(elementType), x);
}

Value GraphBuilder::broadcast(Value x, SizedTensorType type, ArrayRef<int64_t> axes) {
  if (x.getType() == type)
    return x;
  return BroadcastOp::create(builder, loc, type, x, axes);
}

Value GraphBuilder::splat(Value scalar, Value like) {
  return broadcast(scalar, tensorType(like).withElementType(tensorType(scalar).getElementType()),
                   {});
}

Value GraphBuilder::reshape(Value x, ArrayRef<SizeAttr> sizes) {
  SizedTensorType type = tensorType(x).withSizes(sizes);
  if (x.getType() == type)
    return x;
  return ReshapeOp::create(builder, loc, type, x);
}

Value GraphBuilder::transpose(Value x, ArrayRef<int64_t> permutation) {
  if (llvm::is_sorted(permutation))
    return x;
  return TransposeOp::create(builder, loc, x, permutation);
}

Value GraphBuilder::iota(SizedTensorType type, int64_t axis) {
  return IotaOp::create(builder, loc, type, axis);
}

static ArrayAttr arrayOf(MLIRContext *context, ArrayRef<SizeAttr> sizes) {
  return ArrayAttr::get(context, llvm::to_vector_of<Attribute>(sizes));
}

Value GraphBuilder::slice(Value x, ArrayRef<SizeAttr> sizes, ArrayRef<SizeAttr> starts) {
  SizedTensorType type = tensorType(x).withSizes(sizes);
  if (x.getType() == type)
    return x;
  return SliceOp::create(builder, loc, type, x, arrayOf(getContext(), starts));
}

Value GraphBuilder::pad(Value x, ArrayRef<SizeAttr> sizes, ArrayRef<SizeAttr> low) {
  SizedTensorType type = tensorType(x).withSizes(sizes);
  if (x.getType() == type)
    return x;
  return PadOp::create(builder, loc, type, x, arrayOf(getContext(), low));
}

Value GraphBuilder::concat(ValueRange inputs, int64_t axis) {
  return ConcatOp::create(builder, loc, inputs, axis);
}

Value GraphBuilder::gather(Value x, Value ids, int64_t axis) {
  return GatherOp::create(builder, loc, x, ids, axis);
}

Value GraphBuilder::scatterAdd(Value x, Value ids, int64_t axis, ArrayRef<SizeAttr> sizes) {
  return ScatterAddOp::create(builder, loc, tensorType(x).withSizes(sizes), x, ids, axis);
}

Value GraphBuilder::sum(Value x, ArrayRef<int64_t> axes) {
  if (axes.empty())
    return x;
  return SumOp::create(builder, loc, x, axes);
}

Value GraphBuilder::sumAll(Value x) {
  return sum(x, llvm::to_vector(llvm::seq<int64_t>(0, tensorType(x).rank())));
}

Value GraphBuilder::argmax(Value x, int64_t axis) {
  return ArgmaxOp::create(builder, loc, x, ArrayRef<int64_t>(axis));
}

Value GraphBuilder::contract(Value a, Value b, ArrayRef<int64_t> lhs, ArrayRef<int64_t> rhs,
                             ArrayRef<int64_t> out) {
  return ContractOp::create(builder, loc, a, b, lhs, rhs, out);
}

Value GraphBuilder::read(StringRef path, SizedTensorType type) {
  return ReadOp::create(builder, loc, type, path);
}

void GraphBuilder::write(StringRef path, Value value) {
  WriteOp::create(builder, loc, path, value);
}
