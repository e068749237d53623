// Pointwise kernels against plain loops.
#include "Patterns.h"
#include <climits>

using namespace tenon::test;

namespace {

const int64_t kCounts[] = {0, 1, 3, 7, 8, 9, 16, 31, 1023, 1024, 1025, 5000};

TEST(Pointwise, OneShape) {
  KernelRunner kernels(R"(
    fuse.func @k(%a: !graph.tensor<f32[n, 2]>, %b: !graph.tensor<f32[n, 2]>, %s: !graph.tensor<f32>)
        -> (!graph.tensor<f32[n, 2]>, !graph.tensor<f32[n, 2]>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %t = graph.broadcast %s [] : !graph.tensor<f32> -> !graph.tensor<f32[n, 2]>
      %p = graph.mul %a, %b : !graph.tensor<f32[n, 2]>
      %q = graph.add %p, %t : !graph.tensor<f32[n, 2]>
      %r = graph.sub %a, %b : !graph.tensor<f32[n, 2]>
      fuse.return %q, %r : !graph.tensor<f32[n, 2]>, !graph.tensor<f32[n, 2]>
    })");
  for (int64_t n : kCounts) {
    std::vector<float> a = pattern(2 * n, 1), b = pattern(2 * n, 2);
    Array q = zeros<float>(2 * n), r = zeros<float>(2 * n);
    kernels.run("k", {{"n", n}}, {Array::of(a), Array::of(b), Array::of<float>({0.5f}), q, r}, 3);
    std::vector<double> wantQ, wantR;
    for (int64_t i = 0; i < 2 * n; ++i) {
      wantQ.push_back(double(a[i]) * b[i] + 0.5);
      wantR.push_back(float(a[i] - b[i]));
    }
    expectNear(q.values<float>(), wantQ, 1e-6, "q");
    expectNear(r.values<float>(), wantR, 0, "r");
  }
}

TEST(Pointwise, ResultInPlaceOfAnArgument) {
  KernelRunner kernels(R"(
    fuse.func @k(%a: !graph.tensor<f32[n]>, %b: !graph.tensor<f32[n]>)
        -> (!graph.tensor<f32[n]>, !graph.tensor<f32[n]>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %p = graph.add %a, %b : !graph.tensor<f32[n]>
      %q = graph.sub %a, %b : !graph.tensor<f32[n]>
      fuse.return %p, %q : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
    })");
  for (int64_t n : kCounts) {
    std::vector<float> a = pattern(n, 1), b = pattern(n, 2);
    Array x = Array::of(a), y = Array::of(b);
    kernels.run("k", {{"n", n}}, {x, y, x, y});
    std::vector<double> sums, differences;
    for (int64_t i = 0; i < n; ++i) {
      sums.push_back(float(a[i] + b[i]));
      differences.push_back(float(a[i] - b[i]));
    }
    expectNear(x.values<float>(), sums, 0, "sums");
    expectNear(y.values<float>(), differences, 0, "differences");
  }
}

TEST(Pointwise, BroadcastRowsAndColumns) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[m, n]>, %row: !graph.tensor<f32[n]>, %column: !graph.tensor<f32[m]>)
        -> !graph.tensor<f32[m, n]> attributes {anchor = 0 : i32, graph.sizes = ["m", "n"]} {
      %r = graph.broadcast %row [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[m, n]>
      %c = graph.broadcast %column [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, n]>
      %p = graph.add %x, %r : !graph.tensor<f32[m, n]>
      %y = graph.sub %p, %c : !graph.tensor<f32[m, n]>
      fuse.return %y : !graph.tensor<f32[m, n]>
    })");
  for (int64_t m : {0, 1, 2, 5})
    for (int64_t n : {0, 1, 5, 8, 9, 16, 23}) {
      std::vector<float> x = pattern(m * n, 1), row = pattern(n, 2), column = pattern(m, 3);
      Array y = zeros<float>(m * n);
      kernels.run("k", {{"m", m}, {"n", n}}, {Array::of(x), Array::of(row), Array::of(column), y});
      std::vector<double> want;
      for (int64_t i = 0; i < m * n; ++i)
        want.push_back(float(float(x[i] + row[i % n]) - column[i / n]));
      expectNear(y.values<float>(), want, 0, "y");
    }
}

TEST(Pointwise, TransposeAndReshape) {
  KernelRunner kernels(R"(
    fuse.func @transpose(%x: !graph.tensor<f32[m, n]>) -> !graph.tensor<f32[n, m]>
        attributes {anchor = 0 : i32, graph.sizes = ["m", "n"]} {
      %t = graph.transpose %x [1, 0] : !graph.tensor<f32[m, n]>
      %y = graph.neg %t : !graph.tensor<f32[n, m]>
      fuse.return %y : !graph.tensor<f32[n, m]>
    }
    fuse.func @reshape(%x: !graph.tensor<f32[m, n]>, %row: !graph.tensor<f32[n]>) -> !graph.tensor<f32[n, m]>
        attributes {anchor = 0 : i32, graph.sizes = ["m", "n"]} {
      %b = graph.broadcast %row [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[m, n]>
      %s = graph.add %x, %b : !graph.tensor<f32[m, n]>
      %r = graph.reshape %s : !graph.tensor<f32[m, n]> -> !graph.tensor<f32[n, m]>
      %a = graph.reshape %x : !graph.tensor<f32[m, n]> -> !graph.tensor<f32[n, m]>
      %y = graph.mul %r, %a : !graph.tensor<f32[n, m]>
      fuse.return %y : !graph.tensor<f32[n, m]>
    })");
  for (int64_t m : {1, 2, 9, 16})
    for (int64_t n : {1, 3, 8, 17}) {
      std::vector<float> x = pattern(m * n, 1), row = pattern(n, 2);
      Array t = zeros<float>(m * n), r = zeros<float>(m * n);
      kernels.run("transpose", {{"m", m}, {"n", n}}, {Array::of(x), t});
      kernels.run("reshape", {{"m", m}, {"n", n}}, {Array::of(x), Array::of(row), r});
      std::vector<double> wantT, wantR;
      for (int64_t i = 0; i < m * n; ++i) {
        wantT.push_back(-x[i % m * n + i / m]);
        wantR.push_back(float(float(x[i] + row[i % n]) * x[i]));
      }
      expectNear(t.values<float>(), wantT, 0, "transpose");
      expectNear(r.values<float>(), wantR, 0, "reshape");
    }
}

TEST(Pointwise, Scalars) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32>, %y: !graph.tensor<i64>) -> (!graph.tensor<f32>, !graph.tensor<f64>, !graph.tensor<i64>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %e = graph.exp %x : !graph.tensor<f32>
      %n = graph.size <2*n + 1> : !graph.tensor<f64>
      %t = graph.step total_steps : !graph.tensor<i64>
      %u = graph.add %t, %y : !graph.tensor<i64>
      fuse.return %e, %n, %u : !graph.tensor<f32>, !graph.tensor<f64>, !graph.tensor<i64>
    })");
  Array e = zeros<float>(1), n = zeros<double>(1), u = zeros<int64_t>(1);
  StepFields step;
  step.total_steps = 1000000000000;
  kernels.run("k", {{"n", 20}}, {Array::of<float>({0}), Array::of<int64_t>({5}), e, n, u}, 2, step);
  EXPECT_EQ(e.data<float>()[0], 1.0f);
  EXPECT_EQ(n.data<double>()[0], 41.0);
  EXPECT_EQ(u.data<int64_t>()[0], 1000000000005);
}

TEST(Pointwise, BooleansAreBytes) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[n]>, %y: !graph.tensor<f32[n]>, %m: !graph.tensor<i1[n]>)
        -> (!graph.tensor<i1[n]>, !graph.tensor<f32[n]>) attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %c = graph.compare lt %x, %y : !graph.tensor<f32[n]>
      %d = graph.not %m : !graph.tensor<i1[n]>
      %e = graph.and %c, %d : !graph.tensor<i1[n]>
      %f = graph.or %e, %m : !graph.tensor<i1[n]>
      %s = graph.select %f, %x, %y : !graph.tensor<f32[n]>
      fuse.return %f, %s : !graph.tensor<i1[n]>, !graph.tensor<f32[n]>
    })");
  for (int64_t n : kCounts) {
    std::vector<float> x = pattern(n, 1), y = pattern(n, 2);
    std::vector<uint8_t> m(n);
    for (int64_t i = 0; i < n; ++i)
      m[i] = i % 3 == 0;
    Array f = zeros<uint8_t>(n), s = zeros<float>(n);
    kernels.run("k", {{"n", n}}, {Array::of(x), Array::of(y), Array::of(m), f, s});
    for (int64_t i = 0; i < n; ++i) {
      ASSERT_EQ(f.data<uint8_t>()[i], m[i] || x[i] < y[i]) << i;
      ASSERT_EQ(s.data<float>()[i], m[i] || x[i] < y[i] ? x[i] : y[i]) << i;
    }
  }
}

TEST(Pointwise, ExtremesOfMinAndMax) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[n]>, %y: !graph.tensor<f32[n]>)
        -> (!graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %a = graph.max %x, %y : !graph.tensor<f32[n]>
      %b = graph.min %x, %y : !graph.tensor<f32[n]>
      %c = graph.sign %x : !graph.tensor<f32[n]>
      %d = graph.round %x : !graph.tensor<f32[n]>
      fuse.return %a, %b, %c, %d : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
    })");
  std::vector<float> x = {0.0f, -0.0f, NAN, 1.0f, -INFINITY, 2.5f, -3.5f, 0.5f, 1e30f};
  std::vector<float> y = {-0.0f, 0.0f, 1.0f, NAN, 3.0f, 1.0f, 2.0f, 7.0f, -1e30f};
  int64_t n = x.size();
  Array a = zeros<float>(n), b = zeros<float>(n), c = zeros<float>(n), d = zeros<float>(n);
  kernels.run("k", {{"n", n}}, {Array::of(x), Array::of(y), a, b, c, d});
  expectNear(a.values<float>(), {0, 0, NAN, NAN, 3, 2.5, 2, 7, 1e30f}, 0, "max");
  expectNear(b.values<float>(), {0, 0, NAN, NAN, -INFINITY, 1, -3.5, 0.5, -1e30f}, 0, "min");
  expectNear(c.values<float>(), {0, 0, NAN, 1, -1, 1, -1, 1, 1}, 0, "sign");
  expectNear(d.values<float>(), {0, 0, NAN, 1, -INFINITY, 2, -4, 0, 1e30f}, 0, "round");
  EXPECT_TRUE(std::signbit(c.data<float>()[1]));
}

/// NaN comes through also where the other operand is a known number.
TEST(Pointwise, MinAndMaxWithANumber) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[n]>)
        -> (!graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %one = graph.constant 1.0 : f32 -> !graph.tensor<f32[n]>
      %a = graph.max %one, %x : !graph.tensor<f32[n]>
      %b = graph.max %x, %one : !graph.tensor<f32[n]>
      %c = graph.min %one, %x : !graph.tensor<f32[n]>
      %d = graph.min %x, %one : !graph.tensor<f32[n]>
      fuse.return %a, %b, %c, %d : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
    })");
  std::vector<float> x = {0.0f, 2.0f, NAN, 1.0f, -INFINITY, INFINITY, -NAN, 0.5f, -1e30f};
  int64_t n = x.size();
  Array a = zeros<float>(n), b = zeros<float>(n), c = zeros<float>(n), d = zeros<float>(n);
  kernels.run("k", {{"n", n}}, {Array::of(x), a, b, c, d});
  std::vector<double> larger = {1, 2, NAN, 1, 1, INFINITY, NAN, 1, 1};
  std::vector<double> smaller = {0, 1, NAN, 1, -INFINITY, 1, NAN, 0.5, -1e30f};
  expectNear(a.values<float>(), larger, 0, "max(1, x)");
  expectNear(b.values<float>(), larger, 0, "max(x, 1)");
  expectNear(c.values<float>(), smaller, 0, "min(1, x)");
  expectNear(d.values<float>(), smaller, 0, "min(x, 1)");
}

TEST(Pointwise, Conversions) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[n]>, %z: !graph.tensor<f64[n]>)
        -> (!graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>, !graph.tensor<i64[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>)
        attributes {anchor = 0 : i32, graph.sizes = ["n"]} {
      %a = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
      %b = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i64[n]>
      %c = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i1[n]>
      %d = graph.convert %z : !graph.tensor<f64[n]> -> !graph.tensor<i64[n]>
      %e = graph.convert %z : !graph.tensor<f64[n]> -> !graph.tensor<f32[n]>
      %f = graph.convert %d : !graph.tensor<i64[n]> -> !graph.tensor<f32[n]>
      fuse.return %a, %b, %c, %d, %e, %f : !graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>, !graph.tensor<i64[n]>, !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
    })");
  std::vector<float> x = {NAN,   1e10f, -1e10f, 1e30f,         -1e30f,  2.9f,
                          -2.9f, 0,     -0.0f,  2147483648.0f, INFINITY};
  std::vector<double> z = {NAN, 1e10,     -1e10, 1e30, -1e30, 2.9, -2.9, 0.1, 9223372036854775807.0,
                           0,   -INFINITY};
  int64_t n = x.size();
  Array a = zeros<int32_t>(n), b = zeros<int64_t>(n), c = zeros<uint8_t>(n), d = zeros<int64_t>(n),
        e = zeros<float>(n), f = zeros<float>(n);
  kernels.run("k", {{"n", n}}, {Array::of(x), Array::of(z), a, b, c, d, e, f});
  EXPECT_EQ(a.values<int32_t>(), (std::vector<int32_t>{0, INT_MAX, INT_MIN, INT_MAX, INT_MIN, 2, -2,
                                                       0, 0, INT_MAX, INT_MAX}));
  EXPECT_EQ(b.values<int64_t>(),
            (std::vector<int64_t>{0, 10000000000, -10000000000, LLONG_MAX, LLONG_MIN, 2, -2, 0, 0,
                                  2147483648, LLONG_MAX}));
  EXPECT_EQ(c.values<uint8_t>(), (std::vector<uint8_t>{1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1}));
  std::vector<int64_t> integers = {0,  10000000000, -10000000000, LLONG_MAX, LLONG_MIN, 2,
                                   -2, 0,           LLONG_MAX,    0,         LLONG_MIN};
  EXPECT_EQ(d.values<int64_t>(), integers);
  for (int64_t i = 0; i < n; ++i) {
    EXPECT_TRUE(e.data<float>()[i] == float(z[i]) || std::isnan(z[i]));
    EXPECT_EQ(f.data<float>()[i], float(integers[i]));
  }
}

TEST(Pointwise, IotaAndMixedWidths) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f64[m, 5]>, %label: !graph.tensor<i32[m]>, %shift: !graph.tensor<f64[5]>)
        -> !graph.tensor<f32[m, 5]> attributes {anchor = 0 : i32, graph.sizes = ["m"]} {
      %i = graph.iota 1 : !graph.tensor<i32[m, 5]>
      %l = graph.broadcast %label [0] : !graph.tensor<i32[m]> -> !graph.tensor<i32[m, 5]>
      %c = graph.compare eq %i, %l : !graph.tensor<i32[m, 5]>
      %s = graph.broadcast %shift [1] : !graph.tensor<f64[5]> -> !graph.tensor<f64[m, 5]>
      %d = graph.sub %x, %s : !graph.tensor<f64[m, 5]>
      %r = graph.select %c, %d, %x : !graph.tensor<f64[m, 5]>
      %y = graph.convert %r : !graph.tensor<f64[m, 5]> -> !graph.tensor<f32[m, 5]>
      fuse.return %y : !graph.tensor<f32[m, 5]>
    })");
  std::vector<double> x, shift = {0.1, 0.2, 0.3, 0.4, 0.5};
  std::vector<int32_t> label = {0, 4, 2, 7};
  for (int i = 0; i < 20; ++i)
    x.push_back(i * 1.1);
  Array y = zeros<float>(20);
  kernels.run("k", {{"m", 4}}, {Array::of(x), Array::of(label), Array::of(shift), y});
  std::vector<double> want;
  for (int i = 0; i < 20; ++i)
    want.push_back(float(label[i / 5] == i % 5 ? x[i] - shift[i % 5] : x[i]));
  expectNear(y.values<float>(), want, 0, "y");
}

} // namespace
