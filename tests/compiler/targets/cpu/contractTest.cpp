// Kernels of the anchor contract against plain loops over the labels.
#include "Patterns.h"

using namespace tenon::test;

namespace {

using Labels = std::vector<int>;

std::string list(const Labels &labels) {
  std::string text = "[";
  for (size_t i = 0; i < labels.size(); ++i)
    text += (i ? ", " : "") + std::to_string(labels[i]);
  return text + "]";
}

/// The type of a tensor with these labels: size `s<label>`, or the constant in `fixed`.
std::string type(const std::string &element, const Labels &labels,
                 const std::map<int, int> &fixed) {
  std::string text = "!graph.tensor<" + element;
  for (size_t i = 0; i < labels.size(); ++i) {
    auto it = fixed.find(labels[i]);
    text += (i ? ", " : "[") +
            (it == fixed.end() ? "s" + std::to_string(labels[i]) : std::to_string(it->second));
  }
  return text + (labels.empty() ? ">" : "]>");
}

struct Spec {
  Labels lhs, rhs, out;
  std::map<int, int> fixed = {}; ///< sizes known when the kernel is compiled
};

/// y = the contraction, and z = max(y + v, 0) as an epilogue, v of the result's shape.
std::string text(const Spec &s, const std::string &element) {
  std::string a = type(element, s.lhs, s.fixed), b = type(element, s.rhs, s.fixed),
              y = type(element, s.out, s.fixed);
  return "fuse.func @k(%a: " + a + ", %b: " + b + ", %v: " + y + ") -> (" + y + ", " + y +
         ") attributes {anchor = 3 : i32, graph.sizes = [\"s0\", \"s1\", \"s2\", \"s3\"]} {\n" +
         "  %y = graph.contract %a " + list(s.lhs) + ", %b " + list(s.rhs) + " -> " + list(s.out) +
         " : " + a + ", " + b + "\n" + "  %p = graph.add %y, %v : " + y + "\n" +
         "  %zero = graph.constant 0.0 : " + element + " -> " + y + "\n" +
         "  %z = graph.max %p, %zero : " + y + "\n" + "  fuse.return %y, %z : " + y + ", " + y +
         "\n}\n";
}

template <class T>
void checkContraction(KernelRunner &kernels, const Spec &spec, std::vector<int64_t> sizes) {
  for (auto [label, size] : spec.fixed)
    sizes[label] = size;
  auto count = [&](const Labels &labels) {
    int64_t n = 1;
    for (int label : labels)
      n *= sizes[label];
    return n;
  };
  auto offset = [&](const Labels &labels, const int64_t *index) {
    int64_t at = 0;
    for (int label : labels)
      at = at * sizes[label] + index[label];
    return at;
  };
  auto convert = [](const std::vector<float> &x) { return std::vector<T>(x.begin(), x.end()); };
  std::vector<T> a = convert(pattern(count(spec.lhs), 1)), b = convert(pattern(count(spec.rhs), 2)),
                 v = convert(pattern(count(spec.out), 3));
  std::vector<double> want(count(spec.out), 0);
  int64_t extent[4], index[4];
  for (int label = 0; label < 4; ++label) {
    auto has = [&](const Labels &labels) {
      return std::find(labels.begin(), labels.end(), label) != labels.end();
    };
    extent[label] = has(spec.lhs) || has(spec.rhs) ? sizes[label] : 1;
  }
  for (index[0] = 0; index[0] < extent[0]; ++index[0])
    for (index[1] = 0; index[1] < extent[1]; ++index[1])
      for (index[2] = 0; index[2] < extent[2]; ++index[2])
        for (index[3] = 0; index[3] < extent[3]; ++index[3])
          want[offset(spec.out, index)] +=
              double(a[offset(spec.lhs, index)]) * b[offset(spec.rhs, index)];

  int64_t depth = 1; // errors grow with the terms of a sum
  for (int label = 0; label < 4; ++label)
    if (std::find(spec.out.begin(), spec.out.end(), label) == spec.out.end())
      depth *= extent[label];
  double tolerance = 3e-5 * std::max(1.0, depth / 100.0);

  Array y = zeros<T>(want.size()), z = zeros<T>(want.size());
  kernels.run("k", {{"s0", sizes[0]}, {"s1", sizes[1]}, {"s2", sizes[2]}, {"s3", sizes[3]}},
              {Array::of(a), Array::of(b), Array::of(v), y, z}, 3);
  for (size_t i = 0; i < want.size(); ++i) {
    std::string where =
        list(spec.lhs) + list(spec.rhs) + list(spec.out) + " element " + std::to_string(i) + " of";
    for (int64_t size : sizes)
      where += " " + std::to_string(size);
    ASSERT_NEAR(y.data<T>()[i], want[i], tolerance) << where;
    ASSERT_NEAR(z.data<T>()[i], std::max(want[i] + v[i], 0.0), tolerance) << where;
  }
}

TEST(Contract, MatricesOfAllLayouts) {
  for (Labels lhs : {Labels{0, 1}, Labels{1, 0}})
    for (Labels rhs : {Labels{1, 2}, Labels{2, 1}})
      for (Labels out : {Labels{0, 2}, Labels{2, 0}}) {
        Spec spec{lhs, rhs, out};
        KernelRunner kernels(text(spec, "f32"));
        for (int64_t m : {0, 1, 2, 6, 7, 13, 100})
          for (int64_t k : {0, 1, 9})
            for (int64_t n : {0, 1, 8, 15, 16, 17, 35})
              checkContraction<float>(kernels, spec, {m, k, n, 1});
      }
}

TEST(Contract, KnownSizes) {
  for (int m : {1, 2, 5, 32})
    for (int n : {1, 4, 8, 10, 16, 48})
      for (Labels rhs : {Labels{1, 2}, Labels{2, 1}}) {
        Spec spec{{0, 1}, rhs, {0, 2}, {{0, m}, {2, n}}};
        KernelRunner kernels(text(spec, "f32"));
        for (int64_t k : {0, 1, 10, 33})
          checkContraction<float>(kernels, spec, {0, k, 0, 1});
      }
}

/// Sizes around the borders of register tiles, strips packed together, panels, tiles and blocks of
/// depth.
TEST(Contract, Borders) {
  for (Spec spec : {Spec{{0, 1}, {1, 2}, {0, 2}}, Spec{{0, 1}, {2, 1}, {0, 2}},
                    Spec{{1, 0}, {1, 2}, {0, 2}}}) {
    KernelRunner kernels(text(spec, "f32"));
    for (int64_t m : {1, 3, 47, 48, 50, 97, 168, 169})
      for (int64_t n : {1, 31, 33, 64, 129, 257})
        for (int64_t k : {1, 47, 256, 257})
          checkContraction<float>(kernels, spec, {m, k, n, 1});
    for (int64_t k : {383, 384, 385, 767, 769, 1025})
      checkContraction<float>(kernels, spec, {7, k, 17, 1});
  }
}

/// Threads share tiles by number, so tiles must be equal work: each half of them, half the result.
TEST(Contract, TilesAreEqualShares) {
  for (Labels lhs : {Labels{0, 1}, Labels{1, 0}})
    for (auto [m, n] : {std::pair<int, int>{784, 1024}, {1024, 784}, {256, 1024}, {1000, 3000}}) {
      KernelRunner kernels(text({lhs, {1, 2}, {0, 2}, {{0, m}, {2, n}}}, "f32"));
      Array x = Array::of(std::vector<float>(4 * std::max(m, n), 1)),
            v = zeros<float>(int64_t(m) * n), y = zeros<float>(int64_t(m) * n);
      kernels.runPiece("k", {{"s0", m}, {"s1", 4}, {"s2", n}, {"s3", 1}}, {x, x, v, y, y}, 0, 2);
      std::vector<float> values = y.values<float>();
      double share = double(std::count(values.begin(), values.end(), 4.0f)) / values.size();
      EXPECT_NEAR(share, 0.5, 0.02) << list(lhs) << " " << m << " " << n;
    }
}

/// One row, known when the kernel is compiled or when it runs, and its groups of columns.
TEST(Contract, OneRow) {
  for (Labels rhs : {Labels{1, 2}, Labels{2, 1}})
    for (int n : {0, 1, 3, 8, 95, 96, 97, 100, 128, 260}) {
      Spec known{{0, 1}, rhs, {0, 2}, {{0, 1}, {2, n}}}, running{{0, 1}, rhs, {0, 2}, {{2, n}}};
      for (const Spec &spec : {known, running}) {
        KernelRunner kernels(text(spec, "f32"));
        for (int64_t k : {0, 1, 7, 16, 33, 100})
          checkContraction<float>(kernels, spec, {1, k, n, 1});
      }
    }
}

TEST(Contract, OtherRanks) {
  const Spec specs[] = {
      {{0, 1, 2}, {2, 3}, {0, 1, 3}},    // a linear layer on [batch, seq, k]
      {{0, 1, 2}, {0, 2, 3}, {0, 1, 3}}, // matrices of a batch
      {{0, 1, 2}, {0, 3, 2}, {0, 1, 3}}, // queries times keys
      {{0, 1, 2}, {0, 1, 3}, {2, 3}},    // a weight gradient over two summed axes
      {{0, 1}, {0, 1}, {0}},             // dot products
      {{0, 1}, {0, 1}, {}},              // all to one number
      {{0}, {1}, {0, 1}},                // outer product
      {{0, 1}, {0, 1}, {0, 1}},          // nothing summed
      {{0, 1}, {1}, {0}},                // matrix times vector
      {{1, 0}, {1}, {0}},                // the transposed one
      {{2, 0, 1}, {3, 1, 2}, {3, 0, 2}}, // a batch label innermost in the result
      {{0, 2, 1}, {3, 1}, {0, 3, 2}},    // left label innermost
  };
  for (const Spec &spec : specs) {
    KernelRunner kernels(text(spec, "f32"));
    for (std::vector<int64_t> sizes : {std::vector<int64_t>{2, 3, 4, 5},
                                       {1, 1, 1, 1},
                                       {3, 9, 17, 8},
                                       {7, 16, 3, 18},
                                       {0, 3, 2, 2},
                                       {2, 0, 3, 9},
                                       {2, 3, 0, 9}})
      checkContraction<float>(kernels, spec, sizes);
  }
}

TEST(Contract, Doubles) {
  for (const Spec &spec :
       {Spec{{0, 1}, {1, 2}, {0, 2}}, Spec{{0, 1}, {2, 1}, {0, 2}}, Spec{{0, 1}, {1}, {0}}}) {
    KernelRunner kernels(text(spec, "f64"));
    for (std::vector<int64_t> sizes :
         {std::vector<int64_t>{2, 3, 4, 1}, {13, 9, 17, 1}, {1, 1, 1, 1}, {1, 2, 17, 1}, {1, 9, 17, 1}})
      checkContraction<double>(kernels, spec, sizes);
  }
}

TEST(Contract, WithoutOptimisation) {
  for (const Spec &spec : {Spec{{0, 1}, {2, 1}, {0, 2}}, Spec{{0, 1}, {0, 1}, {}}}) {
    KernelRunner kernels(text(spec, "f32"), /*optLevel=*/0);
    checkContraction<float>(kernels, spec, {13, 9, 17, 1});
  }
  // One row of fewer elements than a load gets.
  Spec row{{0, 1}, {1, 2}, {0, 2}, {{0, 1}}};
  KernelRunner kernels(text(row, "f32"), /*optLevel=*/0);
  for (int64_t k : {0, 1, 3, 4, 5, 8})
    checkContraction<float>(kernels, row, {1, k, 17, 1});
}

} // namespace
