// exp, log, tanh, erf, sin and cos against libm in f64: every 997th f32, and the special values.
#include "KernelRunner.h"
#include <cmath>
#include <cstring>
#include <gtest/gtest.h>

using tenon::test::Array;

namespace {

struct Function {
  const char *name;
  double (*exact)(double);
  double ulps; ///< the largest error allowed
  float bound = INFINITY; ///< finite arguments beyond it are left out

  bool takes(float x) const { return !(std::abs(x) > bound) || std::isinf(x); }
};

const Function kFunctions[] = {
    {"exp", std::exp, 1}, {"log", std::log, 1}, {"tanh", std::tanh, 2}, {"erf", std::erf, 2},
    {"sin", std::sin, 2, 0x1p20f}, {"cos", std::cos, 2, 0x1p20f}};

std::string kernelText() {
  std::string text;
  for (const Function &f : kFunctions)
    text += std::string("fuse.func @") + f.name +
            "(%x: !graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> attributes {anchor = 0 : i32, "
            "graph.sizes = [\"n\"]} {\n  %y = graph." +
            f.name +
            " %x : !graph.tensor<f32[n]>\n"
            "  fuse.return %y : !graph.tensor<f32[n]>\n}\n";
  return text;
}

float fromBits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/// The distance of y from `exact` in units in the last place of f32 at `exact`.
double ulpError(float y, double exact) {
  float rounded = float(exact);
  if (std::isnan(exact) || std::isnan(y))
    return std::isnan(exact) && std::isnan(y) ? 0 : INFINITY;
  if (std::isinf(rounded) || std::isinf(y))
    return rounded == y ? 0 : INFINITY;
  int exponent = exact == 0 ? -149 : std::max(std::ilogb(exact) - 23, -149);
  return std::abs(double(y) - exact) / std::ldexp(1.0, exponent);
}

TEST(Math, SweepOfAllExponents) {
  tenon::test::KernelRunner kernels(kernelText());
  std::vector<float> x;
  for (uint64_t bits = 0; bits < (uint64_t(1) << 32); bits += 997)
    x.push_back(fromBits(uint32_t(bits)));
  Array in = Array::of(x), out(x.size() * sizeof(float));
  for (const Function &f : kFunctions) {
    kernels.run(f.name, {{"n", int64_t(x.size())}}, {in, out});
    double worst = 0;
    float where = 0;
    for (size_t i = 0; i < x.size(); ++i)
      if (double error = ulpError(out.data<float>()[i], f.exact(x[i]));
          error > worst && f.takes(x[i]))
        worst = error, where = x[i];
    EXPECT_LE(worst, f.ulps) << f.name << " at " << where;
    printf("%s: %.3f ulp at %a\n", f.name, worst, where);
  }
}

TEST(Math, SpecialValues) {
  tenon::test::KernelRunner kernels(kernelText());
  const std::vector<float> x = {0.0f,   -0.0f,     INFINITY,  -INFINITY, NAN,      1e-45f,  -1e-45f,
                                1e-40f, 88.72283f, 88.72284f, -87.5f,    -103.97f, -104.0f, 1.0f,
                                3e38f,  -3e38f,    0.9375f,   0.625f,    3.95f,    9.2f};
  Array in = Array::of(x), out(x.size() * sizeof(float));
  for (const Function &f : kFunctions) {
    kernels.run(f.name, {{"n", int64_t(x.size())}}, {in, out});
    for (size_t i = 0; i < x.size(); ++i) {
      float y = out.data<float>()[i];
      double exact = f.exact(x[i]);
      if (!f.takes(x[i])) {
        EXPECT_LE(std::abs(y), 1) << f.name << '(' << x[i] << ')';
        continue;
      }
      EXPECT_LE(ulpError(y, exact), f.ulps) << f.name << '(' << x[i] << ") = " << y;
      if (!std::isnan(exact)) {
        EXPECT_EQ(std::signbit(y), std::signbit(exact)) << f.name << '(' << x[i] << ')';
      }
    }
  }
}

} // namespace
