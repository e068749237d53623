//===- Arithmetic.h - Arithmetic on scalars and vectors ---------*- C++ -*-===//
//
// Short names for the operations of `arith` and `math` on numbers, where a value is a scalar or a
// vector of them. A scalar that meets a vector is repeated in all lanes. The fast-math flag
// `contract` stands on additions, subtractions and multiplications, and nothing else is relaxed.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_ARITHMETIC_H
#define TENON_COMPILER_TARGETS_EMIT_ARITHMETIC_H

#include "dialects/graph/ScalarBuilder.h"
#include "mlir/IR/Builders.h"

namespace tenon::emit {

class Arithmetic {
public:
  using Value = mlir::Value;
  using Type = mlir::Type;

  Arithmetic(mlir::OpBuilder &builder, mlir::Location loc) : builder(builder), loc(loc) {}

  mlir::OpBuilder &getBuilder() const { return builder; }
  mlir::Location getLoc() const { return loc; }

  /// The type of one lane.
  static Type elementType(Value x);
  /// The type of `like` with other lanes.
  static Type withElementType(Type like, Type element);
  /// Number of lanes; 0 for a scalar.
  static unsigned lanesOf(Value x);

  /// A scalar; floating-point values are rounded to the type.
  Value constant(double value, Type elementType) const;
  Value constantInt(int64_t value, Type elementType) const;
  /// The same in the element type of `like`.
  Value floatLike(double value, Value like) const { return constant(value, elementType(like)); }
  Value intLike(int64_t value, Value like) const { return constantInt(value, elementType(like)); }
  /// The scalar in all lanes; a vector, and anything if `lanes` is 0, stays itself.
  Value broadcast(Value x, unsigned lanes) const;

  // Numbers of either kind.
  Value add(Value a, Value b) const;
  Value sub(Value a, Value b) const;
  Value mul(Value a, Value b) const;
  Value max(Value a, Value b) const; ///< NaN if either is; of -0.0 and +0.0 either
  Value min(Value a, Value b) const;
  Value neg(Value x) const;
  Value abs(Value x) const;
  Value compare(graph::ComparePredicate predicate, Value a, Value b) const;
  Value select(Value condition, Value a, Value b) const;

  // Floating point.
  Value div(Value a, Value b) const;
  Value sqrt(Value x) const;
  Value floor(Value x) const;
  Value ceil(Value x) const;
  Value roundEven(Value x) const;
  /// a * b + c, in one rounding where the target has it.
  Value mulAdd(Value a, Value b, Value c) const { return add(mul(a, b), c); }

  // Integers and bits.
  Value bitAnd(Value a, Value b) const;
  Value bitOr(Value a, Value b) const;
  Value bitXor(Value a, Value b) const;
  Value shiftLeft(Value x, int64_t bits) const;
  Value shiftRight(Value x, int64_t bits) const; ///< keeps the sign
  Value shiftRightUnsigned(Value x, int64_t bits) const;
  Value bitcast(Value x, Type elementType) const;
  /// Between any two element types, as graph.convert says it.
  Value convert(Value x, Type elementType) const;

private:
  void unify(Value &a, Value &b) const;
  Value floatToInt(Value x, mlir::IntegerType to) const;

  mlir::OpBuilder &builder;
  mlir::Location loc;
};

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_ARITHMETIC_H
