// The scalar language in which elementwise ops and reductions say what they mean.
#ifndef TENON_DIALECTS_GRAPH_SCALARBUILDER_H
#define TENON_DIALECTS_GRAPH_SCALARBUILDER_H

#include "dialects/graph/Size.h"
#include "mlir/IR/BuiltinTypes.h"
#include <memory>

namespace tenon::graph {

enum class ComparePredicate : uint32_t;

/// A value of a ScalarBuilder: what it points to is the builder's own. Null means that the
/// builder cannot say the value (constant folding of a transcendental function); every operation
/// on null gives null.
class Scalar {
public:
  Scalar() = default;
  explicit Scalar(const void *impl) : impl(impl) {}
  explicit operator bool() const { return impl != nullptr; }
  const void *get() const { return impl; }

private:
  const void *impl = nullptr;
};

/// Builds scalar arithmetic. Floating point is IEEE, rounded to the operands' type; a code
/// generator may contract mul and add. Operands of a binary operation have one type.
class ScalarBuilder {
public:
  virtual ~ScalarBuilder();

  virtual mlir::Type typeOf(Scalar x) const = 0;
  /// `value` rounded to `type`; booleans are 0 and 1.
  virtual Scalar constant(double value, mlir::Type type) = 0;
  virtual Scalar constantInt(int64_t value, mlir::Type type) = 0;

  virtual Scalar add(Scalar a, Scalar b) = 0;
  virtual Scalar sub(Scalar a, Scalar b) = 0;
  virtual Scalar mul(Scalar a, Scalar b) = 0;
  virtual Scalar div(Scalar a, Scalar b) = 0; ///< floating point only
  /// NaN if either is NaN; -0.0 is less than +0.0.
  virtual Scalar max(Scalar a, Scalar b) = 0;
  virtual Scalar min(Scalar a, Scalar b) = 0;

  virtual Scalar neg(Scalar x) = 0;
  virtual Scalar abs(Scalar x) = 0;
  virtual Scalar sqrt(Scalar x) = 0;
  virtual Scalar floor(Scalar x) = 0;
  virtual Scalar ceil(Scalar x) = 0;
  virtual Scalar round(Scalar x) = 0; ///< to nearest, ties to even
  virtual Scalar exp(Scalar x) = 0;
  virtual Scalar log(Scalar x) = 0;
  virtual Scalar tanh(Scalar x) = 0;
  virtual Scalar erf(Scalar x) = 0;
  virtual Scalar sin(Scalar x) = 0;
  virtual Scalar cos(Scalar x) = 0;

  /// IEEE comparisons: all but `ne` are false when an operand is NaN.
  virtual Scalar compare(ComparePredicate predicate, Scalar a, Scalar b) = 0;
  virtual Scalar select(Scalar condition, Scalar a, Scalar b) = 0;
  virtual Scalar logicalAnd(Scalar a, Scalar b) = 0;
  virtual Scalar logicalOr(Scalar a, Scalar b) = 0;
  virtual Scalar logicalNot(Scalar x) = 0;
  /// Float to integer truncates toward zero and saturates, NaN gives 0; to boolean is `x != 0`.
  virtual Scalar convert(Scalar x, mlir::Type type) = 0;
};

/// Folds scalar bodies over splat constants. Transcendental functions are left to the target.
std::unique_ptr<ScalarBuilder> createConstantFolder();
/// A scalar of `folder` from and to a builtin attribute (FloatAttr, IntegerAttr).
Scalar fromAttribute(ScalarBuilder &folder, mlir::TypedAttr attribute);
mlir::TypedAttr toAttribute(ScalarBuilder &folder, Scalar x);

} // namespace tenon::graph

#endif
