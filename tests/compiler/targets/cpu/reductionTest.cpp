// Kernels of the anchors rows and columns against plain loops.
#include "Patterns.h"
#include <climits>

using namespace tenon::test;

namespace {

TEST(Rows, Softmax) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[m, n]>) -> (!graph.tensor<f32[m, n]>, !graph.tensor<f32[m]>)
        attributes {anchor = 1 : i32, graph.sizes = ["m", "n"]} {
      %m = graph.reduce_max %x [1] : !graph.tensor<f32[m, n]>
      %b = graph.broadcast %m [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, n]>
      %d = graph.sub %x, %b : !graph.tensor<f32[m, n]>
      %e = graph.exp %d : !graph.tensor<f32[m, n]>
      %s = graph.sum %e [1] : !graph.tensor<f32[m, n]>
      %t = graph.broadcast %s [0] : !graph.tensor<f32[m]> -> !graph.tensor<f32[m, n]>
      %y = graph.div %e, %t : !graph.tensor<f32[m, n]>
      %l = graph.log %s : !graph.tensor<f32[m]>
      fuse.return %y, %l : !graph.tensor<f32[m, n]>, !graph.tensor<f32[m]>
    })");
  for (int64_t m : {0, 1, 3})
    for (int64_t n : {0, 1, 5, 8, 10, 16, 100}) {
      std::vector<float> x = pattern(m * n, 1);
      Array y = zeros<float>(m * n), l = zeros<float>(m);
      kernels.run("k", {{"m", m}, {"n", n}}, {Array::of(x), y, l});
      std::vector<double> wantY, wantL;
      for (int64_t i = 0; i < m; ++i) {
        double largest = -INFINITY, sum = 0;
        for (int64_t j = 0; j < n; ++j)
          largest = std::max<double>(largest, x[i * n + j]);
        for (int64_t j = 0; j < n; ++j)
          sum += std::exp(x[i * n + j] - largest);
        for (int64_t j = 0; j < n; ++j)
          wantY.push_back(std::exp(x[i * n + j] - largest) / sum);
        wantL.push_back(std::log(sum));
      }
      expectNear(y.values<float>(), wantY, 1e-6, "softmax");
      expectNear(l.values<float>(), wantL, 1e-6, "log of sum");
    }
}

TEST(Rows, ArgmaxTakesTheFirstOfTiesAndNan) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[m, n]>) -> (!graph.tensor<i32[m]>, !graph.tensor<f32[m]>)
        attributes {anchor = 1 : i32, graph.sizes = ["m", "n"]} {
      %a = graph.argmax %x [1] : !graph.tensor<f32[m, n]>
      %b = graph.reduce_min %x [1] : !graph.tensor<f32[m, n]>
      fuse.return %a, %b : !graph.tensor<i32[m]>, !graph.tensor<f32[m]>
    })");
  auto argmax = [&](std::vector<float> x) {
    Array a = zeros<int32_t>(1), b = zeros<float>(1);
    kernels.run("k", {{"m", 1}, {"n", int64_t(x.size())}}, {Array::of(x), a, b});
    return a.data<int32_t>()[0];
  };
  EXPECT_EQ(argmax({}), INT_MAX);
  EXPECT_EQ(argmax({-INFINITY}), 0);
  EXPECT_EQ(argmax({1, 3, 3, 2}), 1);
  EXPECT_EQ(argmax({1, 3, NAN, NAN, 9}), 2);
  for (int n : {7, 8, 9, 17, 40}) {
    std::vector<float> x(n, 1.0f);
    EXPECT_EQ(argmax(x), 0);
    for (int where = 0; where < n; ++where) {
      x.assign(n, 1.0f);
      x[where] = x[n - 1] = 2.0f;
      EXPECT_EQ(argmax(x), where);
      x[where] = NAN;
      EXPECT_EQ(argmax(x), where);
    }
  }
}

TEST(Rows, EverythingToOneNumber) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[m, n]>, %y: !graph.tensor<f32[m, n]>)
        -> (!graph.tensor<f32>, !graph.tensor<i64>) attributes {anchor = 1 : i32, graph.sizes = ["m", "n"]} {
      %d = graph.sub %x, %y : !graph.tensor<f32[m, n]>
      %q = graph.mul %d, %d : !graph.tensor<f32[m, n]>
      %s = graph.sum %q [0, 1] : !graph.tensor<f32[m, n]>
      %c = graph.size <m*n> : !graph.tensor<f32>
      %r = graph.div %s, %c : !graph.tensor<f32>
      %b = graph.compare lt %x, %y : !graph.tensor<f32[m, n]>
      %i = graph.convert %b : !graph.tensor<i1[m, n]> -> !graph.tensor<i64[m, n]>
      %t = graph.sum %i [0, 1] : !graph.tensor<i64[m, n]>
      fuse.return %r, %t : !graph.tensor<f32>, !graph.tensor<i64>
    })");
  for (int64_t m : {0, 1, 3, 50})
    for (int64_t n : {0, 1, 8, 13}) {
      std::vector<float> x = pattern(m * n, 1), y = pattern(m * n, 2);
      Array r = zeros<float>(1), t = zeros<int64_t>(1);
      kernels.run("k", {{"m", m}, {"n", n}}, {Array::of(x), Array::of(y), r, t});
      double sum = 0;
      int64_t count = 0;
      for (int64_t i = 0; i < m * n; ++i) {
        sum += (double(x[i]) - y[i]) * (double(x[i]) - y[i]);
        count += x[i] < y[i];
      }
      expectNear(r.values<float>(), {sum / (m * n)}, 1e-6, "mean square");
      EXPECT_EQ(t.data<int64_t>()[0], count);
    }
}

TEST(Rows, CrossEntropyGradientWithIota) {
  KernelRunner kernels(R"(
    fuse.func @k(%x: !graph.tensor<f32[m, 3]>, %label: !graph.tensor<i32[m]>) -> !graph.tensor<f32>
        attributes {anchor = 1 : i32, graph.sizes = ["m"]} {
      %i = graph.iota 1 : !graph.tensor<i32[m, 3]>
      %l = graph.broadcast %label [0] : !graph.tensor<i32[m]> -> !graph.tensor<i32[m, 3]>
      %c = graph.compare eq %i, %l : !graph.tensor<i32[m, 3]>
      %z = graph.constant 0.0 : f32 -> !graph.tensor<f32[m, 3]>
      %p = graph.select %c, %x, %z : !graph.tensor<f32[m, 3]>
      %s = graph.sum %p [0, 1] : !graph.tensor<f32[m, 3]>
      fuse.return %s : !graph.tensor<f32>
    })");
  for (int64_t m : {0, 1, 7, 30}) {
    std::vector<float> x = pattern(3 * m, 1);
    std::vector<int32_t> label;
    double want = 0;
    for (int64_t i = 0; i < m; ++i) {
      label.push_back(i % 3);
      want += x[3 * i + i % 3];
    }
    Array s = zeros<float>(1);
    kernels.run("k", {{"m", m}}, {Array::of(x), Array::of(label), s});
    expectNear(s.values<float>(), {want}, 1e-6, "sum");
  }
}

/// Sum and argmax over `axes` of a[m, n, p], as text, for both anchors.
std::string reduceText(const std::string &axes, const std::string &kept) {
  std::string type = "!graph.tensor<f32" + kept + ">", index = "!graph.tensor<i32" + kept + ">";
  auto function = [&](const char *name, const char *anchor) {
    return "fuse.func @" + std::string(name) + "(%x: !graph.tensor<f32[m, n, p]>) -> (" + type +
           ", " + index + ") attributes {anchor = " + anchor +
           " : i32, graph.sizes = [\"m\", \"n\", \"p\"]} {\n" + "  %s = graph.sum %x " + axes +
           " : !graph.tensor<f32[m, n, p]>\n" + "  %a = graph.argmax %x " + axes +
           " : !graph.tensor<f32[m, n, p]>\n" + "  fuse.return %s, %a : " + type + ", " + index +
           "\n}\n";
  };
  return function("rows", "1") + function("columns", "2");
}

TEST(Reductions, AnyAxes) {
  struct Case {
    const char *axes, *kept;
    bool reduced[3];
  };
  const Case cases[] = {{"[0]", "[n, p]", {1, 0, 0}}, {"[1]", "[m, p]", {0, 1, 0}},
                        {"[2]", "[m, n]", {0, 0, 1}}, {"[0, 1]", "[p]", {1, 1, 0}},
                        {"[0, 2]", "[n]", {1, 0, 1}}, {"[1, 2]", "[m]", {0, 1, 1}},
                        {"[0, 1, 2]", "", {1, 1, 1}}};
  for (const Case &c : cases) {
    // Every other case without optimisation, which must not change what is computed.
    KernelRunner kernels(reduceText(c.axes, c.kept), c.reduced[0] ? 0 : 3);
    for (int64_t m : {0, 1, 4})
      for (int64_t n : {1, 9})
        for (int64_t p : {0, 1, 3, 8, 21}) {
          int64_t extent[3] = {m, n, p};
          int64_t outStride[3], inStride[3], outCount = 1, inCount = 1;
          for (int axis = 2; axis >= 0; --axis) {
            outStride[axis] = c.reduced[axis] ? 0 : outCount;
            inStride[axis] = c.reduced[axis] ? inCount : 0;
            (c.reduced[axis] ? inCount : outCount) *= extent[axis];
          }
          std::vector<float> x = pattern(m * n * p, 1);
          std::vector<double> sum(outCount, 0), largest(outCount, -INFINITY);
          std::vector<int32_t> where(outCount, INT_MAX);
          for (int64_t i = 0; i < m * n * p; ++i) {
            int64_t at[3] = {i / (n * p), i / p % n, i % p}, to = 0, position = 0;
            for (int axis = 0; axis < 3; ++axis) {
              to += at[axis] * outStride[axis];
              position += at[axis] * inStride[axis];
            }
            sum[to] += x[i];
            if (x[i] > largest[to])
              largest[to] = x[i], where[to] = position;
          }
          for (const char *anchor : {"rows", "columns"}) {
            Array s = zeros<float>(outCount), a = zeros<int32_t>(outCount);
            kernels.run(anchor, {{"m", m}, {"n", n}, {"p", p}}, {Array::of(x), s, a}, 3);
            expectNear(s.values<float>(), sum, 2e-6, std::string(anchor) + c.axes);
            EXPECT_EQ(a.values<int32_t>(), where) << anchor << c.axes << m << ' ' << n << ' ' << p;
          }
        }
  }
}

TEST(Columns, BiasGradientWithWhatFollows) {
  KernelRunner kernels(R"(
    fuse.func @k(%dy: !graph.tensor<f32[m, n]>, %y: !graph.tensor<f32[m, n]>, %v: !graph.tensor<f32[n]>)
        -> !graph.tensor<f32[n]> attributes {anchor = 2 : i32, graph.sizes = ["m", "n"]} {
      %z = graph.constant 0.0 : f32 -> !graph.tensor<f32[m, n]>
      %c = graph.compare gt %y, %z : !graph.tensor<f32[m, n]>
      %d = graph.select %c, %dy, %z : !graph.tensor<f32[m, n]>
      %s = graph.sum %d [0] : !graph.tensor<f32[m, n]>
      %r = graph.add %s, %v : !graph.tensor<f32[n]>
      fuse.return %r : !graph.tensor<f32[n]>
    })");
  for (int64_t m : {0, 1, 32, 33})
    for (int64_t n : {0, 1, 7, 8, 100}) {
      std::vector<float> dy = pattern(m * n, 1), y = pattern(m * n, 2), v = pattern(n, 3);
      std::vector<double> want(v.begin(), v.end());
      for (int64_t i = 0; i < m * n; ++i)
        want[i % n] += y[i] > 0 ? dy[i] : 0;
      Array r = zeros<float>(n);
      kernels.run("k", {{"m", m}, {"n", n}}, {Array::of(dy), Array::of(y), Array::of(v), r});
      expectNear(r.values<float>(), want, 2e-6, "columns");
    }
}

} // namespace
