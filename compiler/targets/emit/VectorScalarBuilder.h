//===- VectorScalarBuilder.h - Scalar bodies as code ------------*- C++ -*-===//
//
// The ScalarBuilder of the code generators: a scalar of an op's body is a value of the kernel, one
// element or a vector of them. Elements that are the same in all lanes stay scalars until they meet
// a vector.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_VECTORSCALARBUILDER_H
#define TENON_COMPILER_TARGETS_EMIT_VECTORSCALARBUILDER_H

#include "compiler/targets/emit/Arithmetic.h"
#include "dialects/graph/ScalarBuilder.h"

namespace tenon::emit {

class VectorScalarBuilder final : public graph::ScalarBuilder {
public:
  using Scalar = graph::Scalar;

  VectorScalarBuilder(mlir::OpBuilder &builder, mlir::Location loc) : arithmetic(builder, loc) {}

  static Scalar wrap(mlir::Value x) { return Scalar(x.getAsOpaquePointer()); }
  static mlir::Value unwrap(Scalar x) { return mlir::Value::getFromOpaquePointer(x.get()); }

  mlir::Type typeOf(Scalar x) const override;
  Scalar constant(double value, mlir::Type type) override;
  Scalar constantInt(int64_t value, mlir::Type type) override;
  Scalar add(Scalar a, Scalar b) override;
  Scalar sub(Scalar a, Scalar b) override;
  Scalar mul(Scalar a, Scalar b) override;
  Scalar div(Scalar a, Scalar b) override;
  Scalar max(Scalar a, Scalar b) override;
  Scalar min(Scalar a, Scalar b) override;
  Scalar neg(Scalar x) override;
  Scalar abs(Scalar x) override;
  Scalar sqrt(Scalar x) override;
  Scalar floor(Scalar x) override;
  Scalar ceil(Scalar x) override;
  Scalar round(Scalar x) override;
  Scalar exp(Scalar x) override;
  Scalar log(Scalar x) override;
  Scalar tanh(Scalar x) override;
  Scalar erf(Scalar x) override;
  Scalar sin(Scalar x) override;
  Scalar cos(Scalar x) override;
  Scalar compare(graph::ComparePredicate predicate, Scalar a, Scalar b) override;
  Scalar select(Scalar condition, Scalar a, Scalar b) override;
  Scalar logicalAnd(Scalar a, Scalar b) override;
  Scalar logicalOr(Scalar a, Scalar b) override;
  Scalar logicalNot(Scalar x) override;
  Scalar convert(Scalar x, mlir::Type type) override;

private:
  Arithmetic arithmetic;
};

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_VECTORSCALARBUILDER_H
