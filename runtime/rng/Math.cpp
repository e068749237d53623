#include "runtime/rng/Math.h"

#include <cstdint>
#include <cstring>

namespace tenon::rt {

double portableLog(double x) {
  // x = 2^exponent * m with m in [sqrt(1/2), sqrt(2)).
  uint64_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffff) | 0x3ff0000000000000;
  double m;
  std::memcpy(&m, &bits, sizeof m);
  if (m > 1.4142135623730951) {
    m *= 0.5;
    ++exponent;
  }
  // log m = 2 artanh(s) = 2 (s + s^3/3 + s^5/5 + …), |s| <= 0.172, so 12 terms reach 1e-19.
  double s = (m - 1) / (m + 1);
  double square = s * s;
  double series = 0;
  for (int k = 23; k >= 3; k -= 2)
    series = (series + 1.0 / k) * square;
  // ln 2 in two parts: exponent * high is exact.
  constexpr double ln2High = 0x1.62e42fee00000p-1, ln2Low = 0x1.a39ef35793c76p-33;
  return exponent * ln2High + (2 * s + (2 * s * series + exponent * ln2Low));
}

namespace {

constexpr double twoPi = 6.283185307179586;

/// Taylor series, |x| <= pi/4: the first omitted terms are below 1e-17.
double cosNearZero(double x) {
  double square = x * x, term = 1, sum = 0;
  double terms[9];
  for (int k = 0; k < 9; ++k) {
    terms[k] = term;
    term *= -square / ((2 * k + 1) * (2 * k + 2));
  }
  for (int k = 8; k >= 0; --k) // small terms first
    sum += terms[k];
  return sum;
}

double sinNearZero(double x) {
  double square = x * x, term = x, sum = 0;
  double terms[9];
  for (int k = 0; k < 9; ++k) {
    terms[k] = term;
    term *= -square / ((2 * k + 2) * (2 * k + 3));
  }
  for (int k = 8; k >= 0; --k)
    sum += terms[k];
  return sum;
}

} // namespace

CosSin portableCosSinOfTurns(double turns) {
  // The nearest quarter turn is exact to subtract, and leaves at most an eighth of a turn.
  int quarter = static_cast<int>(turns * 4 + 0.5);
  double rest = (turns - quarter * 0.25) * twoPi;
  double c = cosNearZero(rest), s = sinNearZero(rest);
  switch (quarter & 3) {
  case 0:
    return {c, s};
  case 1:
    return {-s, c};
  case 2:
    return {-c, -s};
  default:
    return {s, -c};
  }
}

} // namespace tenon::rt
