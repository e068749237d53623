// Elementwise ops: scalar meaning, gradient, algebra.
#include "dialects/graph/Graph.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;

using Values = SmallVector<Value>;

// ---- Folding ----------------------------------------------------------------------------------

/// Folds by the op's own scalar body when every operand is a constant.
static OpFoldResult foldConstants(Operation *op, ArrayRef<Attribute> operands) {
  std::unique_ptr<ScalarBuilder> folder = createConstantFolder();
  SmallVector<Scalar> scalars;
  for (Attribute operand : operands) {
    auto number = dyn_cast_or_null<TypedAttr>(operand);
    if (!number)
      return {};
    scalars.push_back(fromAttribute(*folder, number));
  }
  return toAttribute(*folder, cast<ScalarBodyInterface>(op).buildScalarBody(*folder, scalars));
}

static bool isNumber(Attribute attribute, double value) {
  if (auto number = dyn_cast_or_null<FloatAttr>(attribute))
    return number.getValue().bitwiseIsEqual(
        FloatAttr::get(number.getType(), value).getValue());
  if (auto number = dyn_cast_or_null<IntegerAttr>(attribute))
    return number.getValue().getSExtValue() == int64_t(value);
  return false;
}

OpFoldResult AddOp::fold(FoldAdaptor adaptor) {
  // x + -0.0 is x for every x; x + 0.0 is not, for x = -0.0.
  bool isInteger = !isa<FloatType>(tensorType(getY()).getElementType());
  if (isNumber(adaptor.getB(), isInteger ? 0.0 : -0.0))
    return getA();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult SubOp::fold(FoldAdaptor adaptor) {
  if (isNumber(adaptor.getB(), 0.0))
    return getA();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult MulOp::fold(FoldAdaptor adaptor) {
  if (isNumber(adaptor.getB(), 1.0))
    return getA();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult DivOp::fold(FoldAdaptor adaptor) {
  if (isNumber(adaptor.getB(), 1.0))
    return getA();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult SelectOp::fold(FoldAdaptor adaptor) {
  if (getA() == getB())
    return getA();
  if (auto condition = dyn_cast_or_null<IntegerAttr>(adaptor.getCondition()))
    return condition.getValue().isZero() ? getB() : getA();
  return {};
}
OpFoldResult ConvertOp::fold(FoldAdaptor adaptor) {
  if (getX().getType() == getY().getType())
    return getX();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult CheckedConvertOp::fold(FoldAdaptor) { return {}; } // its check is of the run
OpFoldResult NegOp::fold(FoldAdaptor adaptor) {
  if (auto inner = getX().getDefiningOp<NegOp>())
    return inner.getX();
  return foldConstants(*this, adaptor.getOperands());
}
OpFoldResult StopGradientOp::fold(FoldAdaptor adaptor) { return adaptor.getX(); }
OpFoldResult MaxOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult MinOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult AbsOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult SignOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult SqrtOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult ExpOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult LogOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult TanhOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult ErfOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult SinOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult CosOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult FloorOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult CeilOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult RoundOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult TruncOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult CompareOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult AndOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult OrOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }
OpFoldResult NotOp::fold(FoldAdaptor adaptor) { return foldConstants(*this, adaptor.getOperands()); }

// ---- Arithmetic -------------------------------------------------------------------------------

Values AddOp::buildGradient(GraphBuilder &b, ValueRange dy) { return {dy[0], dy[0]}; }
Scalar AddOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.add(x[0], x[1]); }

Values SubOp::buildGradient(GraphBuilder &b, ValueRange dy) { return {dy[0], b.neg(dy[0])}; }
Scalar SubOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.sub(x[0], x[1]); }

Values MulOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.mul(dy[0], getB()), b.mul(dy[0], getA())};
}
Scalar MulOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.mul(x[0], x[1]); }

Values DivOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.div(dy[0], getB()), b.neg(b.div(b.mul(dy[0], getY()), getB()))};
}
Scalar DivOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.div(x[0], x[1]); }

/// `dy` where the first operand wins (ties included), and `dy` elsewhere.
static Values splitAdjoint(GraphBuilder &b, Value firstWins, Value dy) {
  return {b.select(firstWins, dy, b.zero(dy)), b.select(firstWins, b.zero(dy), dy)};
}

// a >= b exactly where a >= max(a, b), for NaN and zeros of either sign too. The result is in memory
// more often than b: of relu(x) = max(0, x) the next layer reads it, and x need not be kept.
Values MaxOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return splitAdjoint(b, b.compare(ComparePredicate::ge, getA(), getY()), dy[0]);
}
Scalar MaxOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.max(x[0], x[1]); }

Values MinOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return splitAdjoint(b, b.compare(ComparePredicate::le, getA(), getY()), dy[0]);
}
Scalar MinOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.min(x[0], x[1]); }

Values NegOp::buildGradient(GraphBuilder &b, ValueRange dy) { return {b.neg(dy[0])}; }
Scalar NegOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.neg(x[0]); }

Values AbsOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.mul(dy[0], b.sign(getX()))};
}
Scalar AbsOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.abs(x[0]); }

Values SignOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar SignOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  Type type = b.typeOf(x[0]);
  Scalar zero = b.constant(0, type);
  // What is neither above nor below zero (zeros, NaN) stays itself.
  Scalar above = b.compare(ComparePredicate::gt, x[0], zero), one = b.constant(1, type);
  Scalar below = b.compare(ComparePredicate::lt, x[0], zero), minusOne = b.constant(-1, type);
  Scalar notAbove = b.select(below, minusOne, x[0]);
  return b.select(above, one, notAbove);
}

// ---- Functions --------------------------------------------------------------------------------

Values SqrtOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.div(b.mul(dy[0], 0.5), getY())};
}
Scalar SqrtOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.sqrt(x[0]); }

Values ExpOp::buildGradient(GraphBuilder &b, ValueRange dy) { return {b.mul(dy[0], getY())}; }
Scalar ExpOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.exp(x[0]); }

Values LogOp::buildGradient(GraphBuilder &b, ValueRange dy) { return {b.div(dy[0], getX())}; }
Scalar LogOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.log(x[0]); }

Values TanhOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  Value y = getY(); // the forward result: nothing is recomputed
  Value square = b.mul(y, y); // one op a statement: C++ leaves the order of arguments open
  return {b.mul(dy[0], b.sub(b.one(y), square))};
}
Scalar TanhOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.tanh(x[0]); }

Values ErfOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  const double twoOverSqrtPi = 1.1283791670955126;
  return {b.mul(dy[0], b.mul(b.exp(b.neg(b.mul(getX(), getX()))), twoOverSqrtPi))};
}
Scalar ErfOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.erf(x[0]); }

Values SinOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.mul(dy[0], b.cos(getX()))};
}
Scalar SinOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.sin(x[0]); }

Values CosOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  return {b.neg(b.mul(dy[0], b.sin(getX())))};
}
Scalar CosOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.cos(x[0]); }

// ---- Rounding ---------------------------------------------------------------------------------

Values FloorOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar FloorOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.floor(x[0]); }

Values CeilOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar CeilOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.ceil(x[0]); }

Values RoundOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar RoundOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.round(x[0]); }

Values TruncOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar TruncOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  Scalar isNegative = b.compare(ComparePredicate::lt, x[0], b.constant(0, b.typeOf(x[0])));
  return b.select(isNegative, b.ceil(x[0]), b.floor(x[0]));
}

// ---- Booleans, selection, conversion ----------------------------------------------------------

LogicalResult CompareOp::inferReturnTypes(MLIRContext *context, std::optional<Location>,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  types.push_back(tensorType(adaptor.getA()).withElementType(IntegerType::get(context, 1))); // C2
  return success();
}
Values CompareOp::buildGradient(GraphBuilder &, ValueRange) { return {Value(), Value()}; }
Scalar CompareOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.compare(getPredicate(), x[0], x[1]);
}

Values AndOp::buildGradient(GraphBuilder &, ValueRange) { return {Value(), Value()}; }
Scalar AndOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.logicalAnd(x[0], x[1]);
}
Values OrOp::buildGradient(GraphBuilder &, ValueRange) { return {Value(), Value()}; }
Scalar OrOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.logicalOr(x[0], x[1]);
}
Values NotOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar NotOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) { return b.logicalNot(x[0]); }

LogicalResult SelectOp::verify() {
  if (tensorType(getCondition()).getSizes() != tensorType(getY()).getSizes())
    return emitOpError("(C2) the condition is ")
           << getCondition().getType() << " for a result of " << getY().getType();
  return success();
}
ParseResult SelectOp::parse(OpAsmParser &parser, OperationState &result) {
  SmallVector<OpAsmParser::UnresolvedOperand, 3> operands;
  SMLoc loc = parser.getCurrentLocation();
  SizedTensorType type;
  if (parser.parseOperandList(operands, 3) || parser.parseOptionalAttrDict(result.attributes) ||
      parser.parseColonType(type))
    return failure();
  Type condition = type.withElementType(parser.getBuilder().getI1Type()); // C2
  result.addTypes(type);
  return parser.resolveOperands(operands, {condition, type, type}, loc, result.operands);
}
void SelectOp::print(OpAsmPrinter &printer) {
  printer << ' ' << getOperands();
  printer.printOptionalAttrDict((*this)->getAttrs());
  printer << " : " << getY().getType();
}
Values SelectOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  Values sides = splitAdjoint(b, getCondition(), dy[0]);
  return {Value(), sides[0], sides[1]};
}
Scalar SelectOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.select(x[0], x[1], x[2]);
}

LogicalResult ConvertOp::verify() {
  if (tensorType(getX()).getSizes() != tensorType(getY()).getSizes())
    return emitOpError("(C1) shapes differ: ") << getX().getType() << " and " << getY().getType();
  return success();
}
Values ConvertOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  Type from = tensorType(getX()).getElementType();
  return {isa<FloatType>(from) ? b.convert(dy[0], from) : Value()};
}
Scalar ConvertOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.convert(x[0], tensorType(getY()).getElementType());
}

LogicalResult CheckedConvertOp::verify() {
  if (tensorType(getX()).getSizes() != tensorType(getY()).getSizes())
    return emitOpError("(C1) shapes differ: ") << getX().getType() << " and " << getY().getType();
  if (!tensorType(getX()).getElementType().isF64())
    return emitOpError("(C2) wants f64, got ") << getX().getType();
  return success();
}
Values CheckedConvertOp::buildGradient(GraphBuilder &b, ValueRange dy) {
  bool isFloat = isa<FloatType>(tensorType(getY()).getElementType());
  return {isFloat ? b.convert(dy[0], tensorType(getX()).getElementType()) : Value()};
}
Scalar CheckedConvertOp::buildScalarBody(ScalarBuilder &b, ArrayRef<Scalar> x) {
  return b.convert(x[0], tensorType(getY()).getElementType());
}
Scalar CheckedConvertOp::buildCheck(ScalarBuilder &b, Scalar x, Scalar y) {
  Type f64 = b.typeOf(x), type = tensorType(getY()).getElementType();
  auto isAtMost = [&](Scalar a, double limit) {
    return b.compare(ComparePredicate::le, b.abs(a), b.constant(limit, b.typeOf(a)));
  };
  if (auto number = dyn_cast<FloatType>(type))
    return isAtMost(y, APFloat::getLargest(number.getFloatSemantics()).convertToDouble());
  // Back in f64 it is the same unless something was cut off. Beyond 2^53 that says nothing; i32 ends
  // before.
  Scalar isSame = b.compare(ComparePredicate::eq, b.convert(y, f64), x);
  return type.isInteger(64) ? b.logicalAnd(isSame, isAtMost(x, 0x1p53)) : isSame;
}

Values StopGradientOp::buildGradient(GraphBuilder &, ValueRange) { return {Value()}; }
Scalar StopGradientOp::buildScalarBody(ScalarBuilder &, ArrayRef<Scalar> x) { return x[0]; }
