//===- Arithmetic.cpp - Arithmetic on scalars and vectors -----------------===//

#include "compiler/targets/emit/Arithmetic.h"
#include "dialects/graph/Graph.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"
#include <cmath>

using namespace mlir;
using tenon::graph::ComparePredicate;

namespace tenon::emit {

static bool isFloat(Value x) { return isa<FloatType>(getElementTypeOrSelf(x)); }

static arith::FastMathFlagsAttr contract(OpBuilder &builder) {
  return arith::FastMathFlagsAttr::get(builder.getContext(), arith::FastMathFlags::contract);
}

Type Arithmetic::elementType(Value x) { return getElementTypeOrSelf(x); }

Type Arithmetic::withElementType(Type like, Type element) {
  if (auto vector = dyn_cast<VectorType>(like))
    return VectorType::get(vector.getShape(), element);
  return element;
}

unsigned Arithmetic::lanesOf(Value x) {
  auto vector = dyn_cast<VectorType>(x.getType());
  return vector ? vector.getNumElements() : 0;
}

//===----------------------------------------------------------------------===//
// Constants and lanes
//===----------------------------------------------------------------------===//

Value Arithmetic::constant(double value, Type elementType) const {
  if (auto type = dyn_cast<FloatType>(elementType))
    return arith::ConstantOp::create(builder, loc, FloatAttr::get(type, value));
  return constantInt(int64_t(value), elementType);
}

Value Arithmetic::constantInt(int64_t value, Type elementType) const {
  if (elementType.isInteger(1))
    return arith::ConstantOp::create(builder, loc, builder.getBoolAttr(value != 0));
  return arith::ConstantOp::create(builder, loc, IntegerAttr::get(elementType, value));
}

Value Arithmetic::broadcast(Value x, unsigned lanes) const {
  if (lanes == 0 || isa<VectorType>(x.getType()))
    return x;
  return vector::BroadcastOp::create(builder, loc, VectorType::get({lanes}, x.getType()), x);
}

void Arithmetic::unify(Value &a, Value &b) const {
  a = broadcast(a, lanesOf(b));
  b = broadcast(b, lanesOf(a));
}

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

Value Arithmetic::add(Value a, Value b) const {
  unify(a, b);
  if (isFloat(a))
    return arith::AddFOp::create(builder, loc, a, b, contract(builder));
  return arith::AddIOp::create(builder, loc, a, b);
}

Value Arithmetic::sub(Value a, Value b) const {
  unify(a, b);
  if (isFloat(a))
    return arith::SubFOp::create(builder, loc, a, b, contract(builder));
  return arith::SubIOp::create(builder, loc, a, b);
}

Value Arithmetic::mul(Value a, Value b) const {
  unify(a, b);
  if (isFloat(a))
    return arith::MulFOp::create(builder, loc, a, b, contract(builder));
  return arith::MulIOp::create(builder, loc, a, b);
}

/// Is x known, and not NaN?
static bool isNumber(Value x) {
  if (auto broadcast = x.getDefiningOp<vector::BroadcastOp>())
    x = broadcast.getSource();
  APFloat value(0.0);
  return matchPattern(x, m_ConstantFloat(&value)) && !value.isNaN();
}

/// `number` if it compares so with x, else x: also where x is NaN. One instruction, where the maximum
/// of two unknowns takes three.
static Value numberOr(OpBuilder &builder, Location loc, arith::CmpFPredicate predicate,
                      Value number, Value x) {
  Value isNumber = arith::CmpFOp::create(builder, loc, predicate, number, x);
  return arith::SelectOp::create(builder, loc, isNumber, number, x);
}

Value Arithmetic::max(Value a, Value b) const {
  unify(a, b);
  if (isNumber(a))
    return numberOr(builder, loc, arith::CmpFPredicate::OGT, a, b);
  if (isNumber(b))
    return numberOr(builder, loc, arith::CmpFPredicate::OGT, b, a);
  if (isFloat(a))
    return arith::MaximumFOp::create(builder, loc, a, b);
  return arith::MaxSIOp::create(builder, loc, a, b);
}

Value Arithmetic::min(Value a, Value b) const {
  unify(a, b);
  if (isNumber(a))
    return numberOr(builder, loc, arith::CmpFPredicate::OLT, a, b);
  if (isNumber(b))
    return numberOr(builder, loc, arith::CmpFPredicate::OLT, b, a);
  if (isFloat(a))
    return arith::MinimumFOp::create(builder, loc, a, b);
  return arith::MinSIOp::create(builder, loc, a, b);
}

Value Arithmetic::neg(Value x) const {
  if (isFloat(x))
    return arith::NegFOp::create(builder, loc, x);
  return sub(intLike(0, x), x);
}

Value Arithmetic::abs(Value x) const {
  if (isFloat(x))
    return math::AbsFOp::create(builder, loc, x);
  return max(x, neg(x));
}

static arith::CmpFPredicate floatPredicate(ComparePredicate predicate) {
  switch (predicate) {
  case ComparePredicate::eq:
    return arith::CmpFPredicate::OEQ;
  case ComparePredicate::ne:
    return arith::CmpFPredicate::UNE;
  case ComparePredicate::lt:
    return arith::CmpFPredicate::OLT;
  case ComparePredicate::le:
    return arith::CmpFPredicate::OLE;
  case ComparePredicate::gt:
    return arith::CmpFPredicate::OGT;
  case ComparePredicate::ge:
    return arith::CmpFPredicate::OGE;
  }
  llvm_unreachable("unknown predicate");
}

/// Booleans are compared as 0 and 1, other integers with their sign.
static arith::CmpIPredicate intPredicate(ComparePredicate predicate, bool isBool) {
  switch (predicate) {
  case ComparePredicate::eq:
    return arith::CmpIPredicate::eq;
  case ComparePredicate::ne:
    return arith::CmpIPredicate::ne;
  case ComparePredicate::lt:
    return isBool ? arith::CmpIPredicate::ult : arith::CmpIPredicate::slt;
  case ComparePredicate::le:
    return isBool ? arith::CmpIPredicate::ule : arith::CmpIPredicate::sle;
  case ComparePredicate::gt:
    return isBool ? arith::CmpIPredicate::ugt : arith::CmpIPredicate::sgt;
  case ComparePredicate::ge:
    return isBool ? arith::CmpIPredicate::uge : arith::CmpIPredicate::sge;
  }
  llvm_unreachable("unknown predicate");
}

Value Arithmetic::compare(ComparePredicate predicate, Value a, Value b) const {
  unify(a, b);
  if (isFloat(a))
    return arith::CmpFOp::create(builder, loc, floatPredicate(predicate), a, b);
  bool isBool = elementType(a).isInteger(1);
  return arith::CmpIOp::create(builder, loc, intPredicate(predicate, isBool), a, b);
}

Value Arithmetic::select(Value condition, Value a, Value b) const {
  unify(a, b);
  unsigned lanes = lanesOf(condition);
  a = broadcast(a, lanes);
  b = broadcast(b, lanes); // a scalar condition selects whole vectors
  return arith::SelectOp::create(builder, loc, condition, a, b);
}

//===----------------------------------------------------------------------===//
// Floating point
//===----------------------------------------------------------------------===//

Value Arithmetic::div(Value a, Value b) const {
  unify(a, b);
  return arith::DivFOp::create(builder, loc, a, b);
}
Value Arithmetic::sqrt(Value x) const { return math::SqrtOp::create(builder, loc, x); }
Value Arithmetic::floor(Value x) const { return math::FloorOp::create(builder, loc, x); }
Value Arithmetic::ceil(Value x) const { return math::CeilOp::create(builder, loc, x); }
Value Arithmetic::roundEven(Value x) const { return math::RoundEvenOp::create(builder, loc, x); }

//===----------------------------------------------------------------------===//
// Integers, bits, conversions
//===----------------------------------------------------------------------===//

Value Arithmetic::bitAnd(Value a, Value b) const {
  unify(a, b);
  return arith::AndIOp::create(builder, loc, a, b);
}
Value Arithmetic::bitOr(Value a, Value b) const {
  unify(a, b);
  return arith::OrIOp::create(builder, loc, a, b);
}
Value Arithmetic::bitXor(Value a, Value b) const {
  unify(a, b);
  return arith::XOrIOp::create(builder, loc, a, b);
}
Value Arithmetic::shiftLeft(Value x, int64_t bits) const {
  Value amount = broadcast(intLike(bits, x), lanesOf(x));
  return arith::ShLIOp::create(builder, loc, x, amount);
}
Value Arithmetic::shiftRight(Value x, int64_t bits) const {
  Value amount = broadcast(intLike(bits, x), lanesOf(x));
  return arith::ShRSIOp::create(builder, loc, x, amount);
}
Value Arithmetic::shiftRightUnsigned(Value x, int64_t bits) const {
  Value amount = broadcast(intLike(bits, x), lanesOf(x));
  return arith::ShRUIOp::create(builder, loc, x, amount);
}
Value Arithmetic::bitcast(Value x, Type elementType) const {
  return arith::BitcastOp::create(builder, loc, withElementType(x.getType(), elementType), x);
}

/// Truncates toward zero and saturates; NaN gives 0. The conversion itself only ever sees numbers
/// that fit, since others have no defined result.
Value Arithmetic::floatToInt(Value x, IntegerType to) const {
  int64_t largest = to.isInteger(32) ? INT32_MAX : INT64_MAX;
  Value low = floatLike(-std::ldexp(1.0, to.getWidth() - 1), x);
  Value high = floatLike(std::ldexp(1.0, to.getWidth() - 1), x);
  Value isLow = compare(ComparePredicate::lt, x, low);
  Value isHigh = compare(ComparePredicate::ge, x, high);
  Value fits =
      bitAnd(compare(ComparePredicate::ge, x, low), compare(ComparePredicate::lt, x, high));
  Value safe = select(fits, x, floatLike(0, x));
  Value result = arith::FPToSIOp::create(builder, loc, withElementType(x.getType(), to), safe);
  result = select(isHigh, constantInt(largest, to), result);
  return select(isLow, constantInt(-largest - 1, to), result);
}

Value Arithmetic::convert(Value x, Type to) const {
  Type from = elementType(x);
  if (from == to)
    return x;
  Type type = withElementType(x.getType(), to);
  if (to.isInteger(1))
    return compare(ComparePredicate::ne, x, constant(0, from));
  if (auto integer = dyn_cast<IntegerType>(to)) {
    if (isa<FloatType>(from))
      return floatToInt(x, integer);
    if (from.isInteger(1))
      return arith::ExtUIOp::create(builder, loc, type, x);
    if (from.getIntOrFloatBitWidth() < integer.getWidth())
      return arith::ExtSIOp::create(builder, loc, type, x);
    return arith::TruncIOp::create(builder, loc, type, x);
  }
  if (from.isInteger(1))
    return arith::UIToFPOp::create(builder, loc, type, x);
  if (isa<IntegerType>(from))
    return arith::SIToFPOp::create(builder, loc, type, x);
  if (from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth())
    return arith::ExtFOp::create(builder, loc, type, x);
  return arith::TruncFOp::create(builder, loc, type, x);
}

} // namespace tenon::emit
