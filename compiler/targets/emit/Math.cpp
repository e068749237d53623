//===- Math.cpp - Transcendental functions for f32 ------------------------===//
//
// The methods are the classical ones: argument reduction, then a polynomial (W. J. Cody and
// W. Waite, Software Manual for the Elementary Functions, 1980; J.-M. Muller, Elementary Functions,
// 3rd ed., 2016, chapters 3 and 11). The coefficients are minimax in relative error of the
// function, by Remez exchange in 40 digits, then rounded to f32; the intervals and the errors
// before rounding stand beside them.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/emit/Math.h"
#include "dialects/graph/Graph.h"
#include <cmath>

using namespace mlir;
using tenon::graph::ComparePredicate;

namespace tenon::emit {

/// ln 2 in two parts; the first has 9 bits, so that its product with an exponent is exact.
static constexpr double kLn2High = 0.693359375, kLn2Low = -2.12194440054690583e-4;

/// The polynomial with these coefficients, highest first.
static Value polynomial(const Arithmetic &a, Value x, ArrayRef<double> coefficients) {
  Value sum = a.floatLike(coefficients.front(), x);
  for (double coefficient : coefficients.drop_front())
    sum = a.mulAdd(sum, x, a.floatLike(coefficient, x));
  return sum;
}

/// The smaller of x and a bound, and the larger; NaN stays NaN.
static Value atMost(const Arithmetic &a, Value x, double bound) {
  Value limit = a.floatLike(bound, x);
  return a.select(a.compare(ComparePredicate::gt, x, limit), limit, x);
}
static Value atLeast(const Arithmetic &a, Value x, double bound) {
  Value limit = a.floatLike(bound, x);
  return a.select(a.compare(ComparePredicate::lt, x, limit), limit, x);
}

static Value toBits(const Arithmetic &a, Value x) {
  return a.bitcast(x, IntegerType::get(x.getContext(), 32));
}
static Value fromBits(const Arithmetic &a, Value bits) {
  return a.bitcast(bits, Float32Type::get(bits.getContext()));
}

/// `magnitude`, which is not negative, with the sign of x.
static Value withSignOf(const Arithmetic &a, Value magnitude, Value x) {
  Value sign =
      a.bitAnd(toBits(a, x), a.constantInt(INT32_MIN, IntegerType::get(x.getContext(), 32)));
  return fromBits(a, a.bitOr(toBits(a, magnitude), sign));
}

//===----------------------------------------------------------------------===//
// exp
//===----------------------------------------------------------------------===//

namespace {
/// e^x = mantissa * 2^exponent, the mantissa in [0.7, 1.42].
struct SplitExp {
  Value mantissa, exponent;
};
} // namespace

/// For |x| up to 2^21 or so.
static SplitExp splitExp(const Arithmetic &a, Value x) {
  // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
  const double shift = 0x1.8p23;
  Value shifted = a.mulAdd(x, a.floatLike(1.44269504088896341, x), a.floatLike(shift, x));
  Value n = a.sub(shifted, a.floatLike(shift, x));
  Value r = a.sub(x, a.mul(n, a.floatLike(kLn2High, x)));
  r = a.sub(r, a.mul(n, a.floatLike(kLn2Low, x)));

  // (e^r - 1 - r) / r^2 on [-0.350, 0.350]: 2^-28.2.
  Value p = polynomial(
      a, r, {0.00138131441249, 0.00836941883861, 0.0416684567965, 0.166665147914, 0.499999930507});
  Value mantissa = a.add(a.mulAdd(a.mul(p, r), r, r), a.floatLike(1, x));
  Value bits = toBits(a, shifted);
  return {mantissa, a.sub(bits, a.intLike(0x4B400000, bits))};
}

/// 2^n for n in [-126, 127].
static Value powerOfTwo(const Arithmetic &a, Value n) {
  return fromBits(a, a.shiftLeft(a.add(n, a.intLike(127, n)), 23));
}

Value buildExp(const Arithmetic &a, Value x) {
  // Beyond these bounds the result is infinite or zero all the same.
  SplitExp e = splitExp(a, atLeast(a, atMost(a, x, 89), -104.5));
  // In two steps, since the scale may overflow or be subnormal; only the last step rounds.
  Value half = a.shiftRight(e.exponent, 1);
  Value scaled = a.mul(e.mantissa, powerOfTwo(a, half));
  return a.mul(scaled, powerOfTwo(a, a.sub(e.exponent, half)));
}

/// e^x for |x| below 80.
static Value smallExp(const Arithmetic &a, Value x) {
  SplitExp e = splitExp(a, x);
  return a.mul(e.mantissa, powerOfTwo(a, e.exponent));
}

//===----------------------------------------------------------------------===//
// log
//===----------------------------------------------------------------------===//

Value buildLog(const Arithmetic &a, Value x) {
  Type f32 = Float32Type::get(x.getContext());
  // x = 2^e * m with m in [sqrt(1/2), sqrt(2)); subnormals are scaled first.
  Value isSubnormal = a.compare(ComparePredicate::lt, x, a.constant(0x1p-126, f32));
  Value bits = toBits(a, a.select(isSubnormal, a.mul(x, a.constant(0x1p23, f32)), x));
  Value e = a.shiftRight(a.sub(bits, a.intLike(0x3F3504F3, bits)), 23);
  Value m = fromBits(a, a.sub(bits, a.shiftLeft(e, 23)));
  e = a.add(a.convert(e, f32), a.select(isSubnormal, a.constant(-23, f32), a.constant(0, f32)));

  // (log(1 + f) - f + f^2/2) / f^3 on [-0.293, 0.414]: 2^-30.3.
  Value f = a.sub(m, a.constant(1, f32)), square = a.mul(f, f);
  Value p =
      polynomial(a, f,
                 {0.067466390839, -0.11675650314, 0.118881620583, -0.124055891522, 0.14219552423,
                  -0.166679958437, 0.200021186555, -0.250000095995, 0.333333126041});
  Value tail = a.mulAdd(e, a.constant(kLn2Low, f32), a.mul(a.mul(f, square), p));
  tail = a.sub(tail, a.mul(square, a.constant(0.5, f32)));
  Value y = a.mulAdd(e, a.constant(kLn2High, f32), a.add(f, tail));

  Value zero = a.constant(0, f32), infinity = a.constant(INFINITY, f32);
  Value special = a.select(a.compare(ComparePredicate::eq, x, zero), a.constant(-INFINITY, f32),
                           a.constant(NAN, f32));
  y = a.select(a.compare(ComparePredicate::eq, x, infinity), infinity, y);
  return a.select(a.compare(ComparePredicate::gt, x, zero), y, special);
}

//===----------------------------------------------------------------------===//
// tanh and erf
//===----------------------------------------------------------------------===//

Value buildTanh(const Arithmetic &a, Value x) {
  Value magnitude = a.abs(x), square = a.mul(x, x);
  // (tanh(x) - x) / x^3 in x^2 on [0, 0.625^2]: 2^-27.8.
  Value p = polynomial(
      a, square,
      {-0.00570498715756, 0.0206390874643, -0.0537397151849, 0.133314421999, -0.333332819421});
  Value small = a.mulAdd(a.mul(magnitude, square), p, magnitude);

  // 1 - 2 / (e^2x + 1); from 9.02 on that is 1.
  Value bounded = atMost(a, magnitude, 9.25);
  Value one = a.floatLike(1, x);
  Value large =
      a.sub(one, a.div(a.floatLike(2, x), a.add(smallExp(a, a.add(bounded, bounded)), one)));

  Value isSmall = a.compare(ComparePredicate::lt, magnitude, a.floatLike(0.625, x));
  return withSignOf(a, a.select(isSmall, small, large), x);
}

Value buildErf(const Arithmetic &a, Value x) {
  Value magnitude = a.abs(x), square = a.mul(x, x);
  // erf(x) / x - 1 in x^2 on [0, 0.9375^2]: 2^-30.9.
  Value p = polynomial(a, square,
                       {8.26746135299e-5, -0.000811807535117, 0.00519882984731, -0.0268584970777,
                        0.112836789688, -0.376126326381, 0.128379166521});
  Value small = a.mulAdd(magnitude, p, magnitude);

  // log(1 - erf(x)) on [0.9375, 3.95]: 2^-34.7 of erf; beyond erf is 1.
  Value bounded = atMost(a, magnitude, 3.95);
  Value q = polynomial(a, bounded,
                       {-2.13059295806e-5, 0.000436905839415, -0.00418293041575, 0.0251507665985,
                        -0.108328708125, -0.633302570009, -1.12953695098, 0.000179283052362});
  Value large = a.sub(a.floatLike(1, x), smallExp(a, q));

  Value isSmall = a.compare(ComparePredicate::lt, magnitude, a.floatLike(0.9375, x));
  return withSignOf(a, a.select(isSmall, small, large), x);
}

//===----------------------------------------------------------------------===//
// sin and cos
//===----------------------------------------------------------------------===//

/// sin(x + quarters * pi/2).
static Value buildCircular(const Arithmetic &a, Value x, int64_t quarters) {
  Type f64 = Float64Type::get(x.getContext()), f32 = Float32Type::get(x.getContext());
  // x = n pi/2 + rest in f64, pi/2 in two parts of which the first has 33 bits: for n below 2^20 its
  // product with n is exact, and what is left off is far below the last place of the rest.
  Value wide = a.convert(x, f64);
  Value n = a.roundEven(a.mul(wide, a.constant(0.63661977236758134, f64)));
  Value rest = a.sub(wide, a.mul(n, a.constant(0x1.921fb544p+0, f64)));
  rest = a.sub(rest, a.mul(n, a.constant(0x1.0b4611a626331p-34, f64)));
  Value r = a.convert(atLeast(a, atMost(a, rest, 0.7854), -0.7854), f32), square = a.mul(r, r);

  // (sin(r) - r) / r^3 in r^2 on [0, 0.7855^2]: 2^-28.0 of sin.
  Value p = polynomial(a, square, {-0.000195151987444, 0.00833216015187, -0.166666546001});
  Value sine = a.mulAdd(a.mul(r, square), p, r);
  // (cos(r) - 1 + r^2/2) / r^4 likewise: 2^-33.0 of cos.
  Value q = polynomial(a, square, {2.44330606293e-5, -0.00138873154273, 0.0416666456664});
  Value cosine = a.mulAdd(a.mul(square, square), q,
                          a.mulAdd(square, a.constant(-0.5, f32), a.constant(1, f32)));

  // n + quarters modulo 4, in f64 where it is exact however large n is; then in the low bits.
  Value turns = a.floor(a.mul(n, a.constant(0.25, f64)));
  Value quadrant = a.convert(a.sub(n, a.mul(turns, a.constant(4, f64))), f32);
  Value bits = toBits(a, a.add(quadrant, a.constant(0x1.8p23 + quarters, f32)));
  auto hasBit = [&](int64_t bit) {
    return a.compare(ComparePredicate::ne, a.bitAnd(bits, a.intLike(bit, bits)),
                     a.intLike(0, bits));
  };
  Value y = a.select(hasBit(1), cosine, sine);
  return a.select(hasBit(2), a.neg(y), y);
}

Value buildSin(const Arithmetic &a, Value x) {
  // Odd: the sign of x is put back, which keeps that of a zero.
  Value y = buildCircular(a, a.abs(x), 0), bits = toBits(a, x);
  return fromBits(a, a.bitXor(toBits(a, y), a.bitAnd(bits, a.intLike(INT32_MIN, bits))));
}

Value buildCos(const Arithmetic &a, Value x) { return buildCircular(a, x, 1); }

} // namespace tenon::emit
