// Kernels of matrices in panels against the same kernels of row-major ones. Padding is NaN, so that
// a result which depends on it shows.
#include "Patterns.h"

#include <limits>

using namespace tenon::test;

namespace {

/// A matrix [N, K] in memory.
struct Layout {
  const char *attribute; ///< empty: row-major
  int64_t lanes;
  bool isTransposed;

  int64_t stored(int64_t rows, int64_t columns) const {
    if (lanes == 0)
      return rows * columns;
    int64_t cut = isTransposed ? columns : rows, other = isTransposed ? rows : columns;
    return (cut + lanes - 1) / lanes * other * lanes;
  }
  int64_t position(int64_t n, int64_t k, int64_t rows, int64_t columns) const {
    if (lanes == 0)
      return n * columns + k;
    return isTransposed ? (k / lanes * rows + n) * lanes + k % lanes
                        : (n / lanes * columns + k) * lanes + n % lanes;
  }
  Array pack(const std::vector<float> &values, int64_t rows, int64_t columns) const {
    std::vector<float> out(stored(rows, columns), std::numeric_limits<float>::quiet_NaN());
    for (int64_t n = 0; n < rows; ++n)
      for (int64_t k = 0; k < columns; ++k)
        out[position(n, k, rows, columns)] = values[n * columns + k];
    return Array::of(out);
  }
  std::vector<float> unpack(Array &storage, int64_t rows, int64_t columns) const {
    std::vector<float> out;
    for (int64_t n = 0; n < rows; ++n)
      for (int64_t k = 0; k < columns; ++k)
        out.push_back(storage.data<float>()[position(n, k, rows, columns)]);
    return out;
  }
};

const Layout rowMajor = {"", 0, false};
const Layout packed16 = {" {fuse.layout = #fuse.layout<packed 16>}", 16, false};
const Layout packed4 = {" {fuse.layout = #fuse.layout<packed 4>}", 4, false};
const Layout transposed16 = {" {fuse.layout = #fuse.layout<packed_transposed 16>}", 16, true};

/// Kernels over x [b, k], d [b, n] and matrices w, m [n, k]: b, n, k are s0, s1, s2.
std::string kernels(const Layout &layout) {
  const std::string a = layout.attribute, x = "!graph.tensor<f32[s0, s2]>",
                    d = "!graph.tensor<f32[s0, s1]>", w = "!graph.tensor<f32[s1, s2]>",
                    row = "!graph.tensor<f32[s1]>", column = "!graph.tensor<f32[s2]>",
                    rows = "!graph.tensor<f32[s1, s1]>", columns = "!graph.tensor<f32[s2, s2]>",
                    one = "!graph.tensor<f32>", flat = "!graph.tensor<f32[s1*s2]>";
  auto function = [&](const char *name, int anchor, const std::string &arguments,
                      const std::string &results, const std::string &body,
                      const char *hints = "") {
    return std::string("fuse.func @") + name + "(" + arguments + ") -> (" + results +
           ") attributes {anchor = " + std::to_string(anchor) +
           " : i32, graph.sizes = [\"s0\", \"s1\", \"s2\"]" + hints + "} {\n" + body + "}\n";
  };
  const std::string update = "  %p = graph.mul %g, %m : " + w + "\n  %v = graph.sub %w, %p : " + w +
                             "\n  %q = graph.add %m, %g : " + w + "\n  fuse.return %v, %q : " + w +
                             ", " + w + "\n";
  return function("forward", 3, "%x: " + x + ", %w: " + w + a, d,
                  "  %y = graph.contract %x [0, 2], %w [1, 2] -> [0, 1] : " + x + ", " + w +
                      "\n  fuse.return %y : " + d + "\n") +
         function("backward", 3, "%d: " + d + ", %w: " + w + a, x,
                  "  %y = graph.contract %d [0, 1], %w [1, 2] -> [0, 2] : " + d + ", " + w +
                      "\n  fuse.return %y : " + x + "\n") +
         function("product_of_rows", 3, "%w: " + w + a + ", %m: " + w + a, rows,
                  "  %y = graph.contract %w [0, 1], %m [2, 1] -> [0, 2] : " + w + ", " + w +
                      "\n  fuse.return %y : " + rows + "\n") +
         // Register tiles of four rows, which lie in one panel.
         function("product_of_32_rows", 3, "%w: " + w + a + ", %m: " + w + a, rows,
                  "  %y = graph.contract %w [0, 1], %m [2, 1] -> [0, 2] : " + w + ", " + w +
                      "\n  fuse.return %y : " + rows + "\n",
                  ", graph.size_hints = {s1 = 32 : i64}") +
         function("product_of_columns", 3, "%w: " + w + a + ", %m: " + w + a, columns,
                  "  %y = graph.contract %w [0, 1], %m [0, 2] -> [1, 2] : " + w + ", " + w +
                      "\n  fuse.return %y : " + columns + "\n") +
         function("weight_gradient", 3,
                  "%d: " + d + ", %x: " + x + ", %w: " + w + a + ", %m: " + w + a,
                  w + a + ", " + w + a,
                  "  %g = graph.contract %d [0, 1], %x [0, 2] -> [1, 2] : " + d + ", " + x + "\n" +
                      update) +
         function("update", 0, "%g: " + w + a + ", %w: " + w + a + ", %m: " + w + a,
                  w + a + ", " + w + a, update) +
         function("update_mixed", 0, "%g: " + w + ", %w: " + w + a + ", %m: " + w + a,
                  w + a + ", " + w + a, update) +
         function("sums", 1, "%w: " + w + a, row,
                  "  %s = graph.sum %w [1] : " + w + "\n  fuse.return %s : " + row + "\n") +
         function("columns", 2, "%w: " + w + a, column,
                  "  %s = graph.sum %w [0] : " + w + "\n  fuse.return %s : " + column + "\n") +
         function("total", 1, "%w: " + w + a, one,
                  "  %s = graph.sum %w [0, 1] : " + w + "\n  fuse.return %s : " + one + "\n") +
         function("flat", 0, "%w: " + w + a, flat,
                  "  %r = graph.reshape %w : " + w + " -> " + flat +
                      "\n  %s = graph.neg %r : " + flat + "\n  fuse.return %s : " + flat + "\n") +
         function(
             "diagonal", 0, "%w: " + w + a, row,
             "  %i = graph.iota 0 : !graph.tensor<i32[s1]>\n  %e = graph.gather %w, %i axis 1 : " +
                 w + ", !graph.tensor<i32[s1]>\n  fuse.return %e : " + row + "\n") +
         function("noise", 0, "%w: " + w + a + ", %m: " + w + a, w + a + ", " + w + a,
                  "  %r = graph.random_bits 0 example <1> : !graph.tensor<i32[s1, s2]>\n"
                  "  %f = graph.convert %r : !graph.tensor<i32[s1, s2]> -> " +
                      w + "\n  %c = graph.constant 1.0e-9 : f32 -> " + w +
                      "\n  %g = graph.mul %f, %c : " + w + "\n" + update);
}

/// All results of all kernels, row-major.
std::map<std::string, std::vector<float>> resultsOf(KernelRunner &runner, const Layout &layout,
                                                    int64_t b, int64_t n, int64_t k) {
  std::map<std::string, int64_t> sizes = {{"s0", b}, {"s1", n}, {"s2", k}};
  std::map<std::string, std::vector<float>> out;
  auto x = [&] { return Array::of(pattern(b * k, 1)); };
  auto d = [&] { return Array::of(pattern(b * n, 2)); };
  auto matrix = [&](uint32_t seed) { return layout.pack(pattern(n * k, seed), n, k); };
  auto empty = [&] { return zeros<float>(layout.stored(n, k)); };
  auto plain = [&](const std::string &name, std::vector<Array> buffers) {
    runner.run(name, sizes, buffers);
    out[name] = buffers.back().values<float>();
  };
  auto updating = [&](const std::string &name, std::vector<Array> buffers) {
    buffers.push_back(empty());
    buffers.push_back(empty());
    runner.run(name, sizes, buffers);
    out[name + " w"] = layout.unpack(buffers[buffers.size() - 2], n, k);
    out[name + " m"] = layout.unpack(buffers.back(), n, k);
  };
  plain("forward", {x(), matrix(3), zeros<float>(b * n)});
  plain("backward", {d(), matrix(3), zeros<float>(b * k)});
  plain("product_of_rows", {matrix(3), matrix(4), zeros<float>(n * n)});
  plain("product_of_32_rows", {matrix(3), matrix(4), zeros<float>(n * n)});
  plain("product_of_columns", {matrix(3), matrix(4), zeros<float>(k * k)});
  updating("weight_gradient", {d(), x(), matrix(3), matrix(4)});
  updating("update", {matrix(5), matrix(3), matrix(4)});
  updating("update_mixed", {Array::of(pattern(n * k, 5)), matrix(3), matrix(4)});
  plain("sums", {matrix(3), zeros<float>(n)});
  plain("columns", {matrix(3), zeros<float>(k)});
  plain("total", {matrix(3), zeros<float>(1)});
  plain("flat", {matrix(3), zeros<float>(n * k)});
  plain("diagonal", {matrix(3), zeros<float>(n)});
  updating("noise", {matrix(3), matrix(4)});
  return out;
}

class Packed : public testing::TestWithParam<Layout> {};

TEST_P(Packed, GivesWhatRowMajorGives) {
  KernelRunner plain(kernels(rowMajor)), packed(kernels(GetParam()));
  for (int64_t b : {1, 2, 5, 33})
    for (int64_t n : {1, 15, 16, 17, 31, 40, 100})
      for (int64_t k : {1, 7, 16, 50}) {
        auto want = resultsOf(plain, rowMajor, b, n, k),
             got = resultsOf(packed, GetParam(), b, n, k);
        for (auto &[name, values] : want)
          expectNear(got[name], std::vector<double>(values.begin(), values.end()), 2e-5,
                     name + " b " + std::to_string(b) + " n " + std::to_string(n) + " k " +
                         std::to_string(k));
      }
}

/// Deep enough to be cut into blocks.
TEST_P(Packed, IsCutIntoBlocks) {
  KernelRunner plain(kernels(rowMajor)), packed(kernels(GetParam()));
  auto want = resultsOf(plain, rowMajor, 150, 1000, 24),
       got = resultsOf(packed, GetParam(), 150, 1000, 24);
  for (auto &[name, values] : want)
    expectNear(got[name], std::vector<double>(values.begin(), values.end()), 2e-4, name);
}

INSTANTIATE_TEST_SUITE_P(Layouts, Packed, testing::Values(packed16, packed4, transposed16));

} // namespace
