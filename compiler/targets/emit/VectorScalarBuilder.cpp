//===- VectorScalarBuilder.cpp - Scalar bodies as code --------------------===//

#include "compiler/targets/emit/VectorScalarBuilder.h"
#include "compiler/targets/emit/Math.h"

using namespace mlir;
using tenon::graph::Scalar;

namespace tenon::emit {

Type VectorScalarBuilder::typeOf(Scalar x) const { return Arithmetic::elementType(unwrap(x)); }

Scalar VectorScalarBuilder::constant(double value, Type type) {
  return wrap(arithmetic.constant(value, type));
}
Scalar VectorScalarBuilder::constantInt(int64_t value, Type type) {
  return wrap(arithmetic.constantInt(value, type));
}

Scalar VectorScalarBuilder::add(Scalar a, Scalar b) {
  return wrap(arithmetic.add(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::sub(Scalar a, Scalar b) {
  return wrap(arithmetic.sub(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::mul(Scalar a, Scalar b) {
  return wrap(arithmetic.mul(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::div(Scalar a, Scalar b) {
  return wrap(arithmetic.div(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::max(Scalar a, Scalar b) {
  return wrap(arithmetic.max(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::min(Scalar a, Scalar b) {
  return wrap(arithmetic.min(unwrap(a), unwrap(b)));
}

Scalar VectorScalarBuilder::neg(Scalar x) { return wrap(arithmetic.neg(unwrap(x))); }
Scalar VectorScalarBuilder::abs(Scalar x) { return wrap(arithmetic.abs(unwrap(x))); }
Scalar VectorScalarBuilder::sqrt(Scalar x) { return wrap(arithmetic.sqrt(unwrap(x))); }
Scalar VectorScalarBuilder::floor(Scalar x) { return wrap(arithmetic.floor(unwrap(x))); }
Scalar VectorScalarBuilder::ceil(Scalar x) { return wrap(arithmetic.ceil(unwrap(x))); }
Scalar VectorScalarBuilder::round(Scalar x) { return wrap(arithmetic.roundEven(unwrap(x))); }
Scalar VectorScalarBuilder::exp(Scalar x) { return wrap(buildExp(arithmetic, unwrap(x))); }
Scalar VectorScalarBuilder::log(Scalar x) { return wrap(buildLog(arithmetic, unwrap(x))); }
Scalar VectorScalarBuilder::tanh(Scalar x) { return wrap(buildTanh(arithmetic, unwrap(x))); }
Scalar VectorScalarBuilder::erf(Scalar x) { return wrap(buildErf(arithmetic, unwrap(x))); }
Scalar VectorScalarBuilder::sin(Scalar x) { return wrap(buildSin(arithmetic, unwrap(x))); }
Scalar VectorScalarBuilder::cos(Scalar x) { return wrap(buildCos(arithmetic, unwrap(x))); }

Scalar VectorScalarBuilder::compare(graph::ComparePredicate predicate, Scalar a, Scalar b) {
  return wrap(arithmetic.compare(predicate, unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::select(Scalar condition, Scalar a, Scalar b) {
  return wrap(arithmetic.select(unwrap(condition), unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::logicalAnd(Scalar a, Scalar b) {
  return wrap(arithmetic.bitAnd(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::logicalOr(Scalar a, Scalar b) {
  return wrap(arithmetic.bitOr(unwrap(a), unwrap(b)));
}
Scalar VectorScalarBuilder::logicalNot(Scalar x) {
  Value value = unwrap(x);
  return wrap(arithmetic.bitXor(value, arithmetic.intLike(1, value)));
}
Scalar VectorScalarBuilder::convert(Scalar x, Type type) {
  return wrap(arithmetic.convert(unwrap(x), type));
}

} // namespace tenon::emit
