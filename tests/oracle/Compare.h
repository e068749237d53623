// When a computed tensor counts as equal to what it should be.
#ifndef TENON_TESTS_ORACLE_COMPARE_H
#define TENON_TESTS_ORACLE_COMPARE_H

#include "tests/oracle/Interpreter.h"

namespace tenon::oracle {

/// How the interpreter's own rounding error bounds that of compiled code.
enum class Tolerance {
  Element, ///< each element by itself: for elementwise ops
  Tensor   ///< the worst element of the tensor and the largest partial sum: for sums
};

/// Compares compiled code's `actual` with the interpreter's results in both precisions:
/// integers and booleans must be equal; infinities and NaN must be where `exact` has them; other
/// floats may be off from `real` by 4 times the error of `exact`, plus 1e-6 relative and, at the
/// bottom of the number range, two steps of the type. `largest` is what an error is relative to with
/// Tolerance::Tensor, if it is more than the largest element.
/// Returns an empty text, or the first difference.
std::string difference(const Tensor &actual, const Tensor &exact, const Tensor &real,
                       Tolerance tolerance, double largest);

/// Compares two results of the interpreter in double precision, such as before and after a pass:
/// 1e-9 of the largest element.
std::string difference(const Tensor &actual, const Tensor &expected);

} // namespace tenon::oracle

#endif
