#include "tests/oracle/Compare.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include <cfloat>
#include <cmath>

using namespace llvm;

namespace tenon::oracle {

static std::string describe(const Tensor &tensor, int64_t i, const std::string &actual,
                            const std::string &expected) {
  std::string shape;
  for (int64_t extent : tensor.shape)
    shape += (shape.empty() ? "" : ", ") + std::to_string(extent);
  return ("element " + Twine(i) + " of " + nameOf(tensor.element) + "[" + shape + "] is " + actual +
          ", not " + expected)
      .str();
}

static std::string text(double value) {
  std::string buffer;
  raw_string_ostream(buffer) << format("%.17g", value);
  return buffer;
}

static std::string typeDifference(const Tensor &actual, const Tensor &expected) {
  return actual.element == expected.element && actual.shape == expected.shape
             ? ""
             : "the result has another type";
}

static std::string intDifference(const Tensor &actual, const Tensor &expected) {
  for (int64_t i = 0; i < actual.count(); ++i)
    if (actual.ints[i] != expected.ints[i])
      return describe(actual, i, std::to_string(actual.ints[i]), std::to_string(expected.ints[i]));
  return "";
}

/// Whether two floats are the same infinity, or both NaN, or both finite.
static bool sameKind(double a, double b) {
  if (std::isfinite(a) && std::isfinite(b))
    return true;
  return a == b || (std::isnan(a) && std::isnan(b));
}

static double largestError(const Tensor &a, const Tensor &b) {
  double largest = 0;
  for (int64_t i = 0; i < a.count(); ++i)
    if (std::isfinite(a.reals[i]) && std::isfinite(b.reals[i]))
      largest = std::max(largest, std::fabs(a.reals[i] - b.reals[i]));
  return largest;
}

static double largestMagnitude(const Tensor &tensor) {
  double largest = 0;
  for (double real : tensor.reals)
    if (std::isfinite(real))
      largest = std::max(largest, std::fabs(real));
  return largest;
}

std::string difference(const Tensor &actual, const Tensor &exact, const Tensor &real,
                       Tolerance tolerance, double largest) {
  std::string types = typeDifference(actual, exact);
  if (!types.empty() || !actual.real())
    return types.empty() ? intDifference(actual, exact) : types;

  double step = actual.element == Element::F32 ? FLT_TRUE_MIN : DBL_TRUE_MIN;
  bool byTensor = tolerance == Tolerance::Tensor;
  double worst = byTensor ? largestError(exact, real) : 0;
  largest = std::max(largest, largestMagnitude(real));
  for (int64_t i = 0; i < actual.count(); ++i) {
    double a = actual.reals[i], e = exact.reals[i], r = real.reals[i];
    if (!sameKind(a, e))
      return describe(actual, i, text(a), text(e));
    if (!std::isfinite(e) || !std::isfinite(r))
      continue;
    if (a == 0 && e == 0 && r == 0 && std::signbit(a) != std::signbit(e))
      return describe(actual, i, text(a), text(e));
    double error = byTensor ? worst : std::fabs(e - r);
    double allowed = 4 * error + 1e-6 * (byTensor ? largest : std::fabs(r)) + 2 * step;
    if (!(std::fabs(a - r) <= allowed))
      return describe(actual, i, text(a), text(r) + " +- " + text(allowed));
  }
  return "";
}

std::string difference(const Tensor &actual, const Tensor &expected) {
  std::string types = typeDifference(actual, expected);
  if (!types.empty() || !actual.real())
    return types.empty() ? intDifference(actual, expected) : types;
  double largest = largestMagnitude(expected);
  for (int64_t i = 0; i < actual.count(); ++i) {
    double a = actual.reals[i], e = expected.reals[i];
    if (!sameKind(a, e) || (std::isfinite(e) && std::fabs(a - e) > 1e-9 * largest))
      return describe(actual, i, text(a), text(e));
  }
  return "";
}

} // namespace tenon::oracle
