// Speed of contraction kernels, alone, on one thread, as a fraction of the peak of multiply-adds measured
// between them; the best of all rounds, so that a busy machine does little harm.
// usage: tenon-bench-contract [ROUNDS [FORM M N K]]; FORM counts from 0 in the order of the names below. Prints one line
// per kernel.
#include "tests/compiler/targets/cpu/KernelRunner.h"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

using namespace tenon::test;

namespace {

using Vector = float __attribute__((vector_size(32)));

/// GFLOP/s of twelve independent chains of multiply-adds on eight lanes.
__attribute__((target("avx2,fma"))) double peak() {
  constexpr int kRounds = 200000;
  Vector x = {0.5f, 0.5f}, y = {0.25f}, s0{}, s1{}, s2{}, s3{}, s4{}, s5{}, s6{}, s7{}, s8{}, s9{},
         s10{}, s11{};
  auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < kRounds; ++round) {
    s0 = s0 * x + y, s1 = s1 * x + y, s2 = s2 * x + y, s3 = s3 * x + y, s4 = s4 * x + y;
    s5 = s5 * x + y, s6 = s6 * x + y, s7 = s7 * x + y, s8 = s8 * x + y, s9 = s9 * x + y;
    s10 = s10 * x + y, s11 = s11 * x + y;
    asm volatile("" : "+x"(s0), "+x"(s1), "+x"(s2), "+x"(s3), "+x"(s4), "+x"(s5), "+x"(s6),
                      "+x"(s7), "+x"(s8), "+x"(s9), "+x"(s10), "+x"(s11));
  }
  double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return 2.0 * 8 * 12 * kRounds / seconds / 1e9;
}

enum Form { Plain, Forward, InputGradient, WeightGradient };
const char *const kFormNames[] = {"x[m,k] w[k,n]", "x[m,k] w[n,k]", "dy[m,k] w[k,n]",
                                  "dy[k,m] x[k,n]"};

struct Shape {
  Form form;
  int m, n, k;
};

/// The batch is a name, with its value as a hint; the other sizes are constants.
std::string text(const Shape &s) {
  auto matrix = [](const std::string &rows, const std::string &columns) {
    return "!graph.tensor<f32[" + rows + ", " + columns + "]>";
  };
  std::string m = std::to_string(s.m), n = std::to_string(s.n), k = std::to_string(s.k);
  bool isWeight = s.form == WeightGradient;
  (isWeight ? k : m) = "s0";
  std::string a = isWeight ? matrix(k, m) : matrix(m, k);
  std::string b = s.form == Forward ? matrix(n, k) : matrix(k, n), c = matrix(m, n);
  std::string labels = isWeight ? "[1, 0]" : "[0, 1]";
  return "fuse.func @k(%a: " + a + ", %b: " + b + ") -> (" + c +
         ") attributes {anchor = 3 : i32, graph.sizes = [\"s0\"], graph.size_hints = {s0 = " +
         std::to_string(isWeight ? s.k : s.m) + " : i64}} {\n  %y = graph.contract %a " + labels +
         ", %b " + (s.form == Forward ? "[2, 1]" : "[1, 2]") + " -> [0, 2] : " + a + ", " + b +
         "\n  fuse.return %y : " + c + "\n}\n";
}

/// An Array ends where memory ends; a few cache lines more keep it aligned and let masked loads at its
/// end be as fast as anywhere.
Array matrix(int64_t count) {
  return Array::of(std::vector<float>((count + 15) / 16 * 16 + 64, 0.5f));
}

} // namespace

int main(int argc, char **argv) {
  int rounds = argc > 1 ? std::atoi(argv[1]) : 20;
  std::vector<Shape> shapes = {
      {Plain, 128, 768, 768},           {Plain, 512, 768, 768},
      {Forward, 128, 768, 768},         {Forward, 512, 768, 768},
      {Forward, 256, 1024, 784},        {Forward, 256, 1024, 1024},
      {InputGradient, 256, 1024, 1024}, {WeightGradient, 1024, 784, 256},
      {WeightGradient, 1024, 1024, 256}, {Forward, 256, 10, 1024},
      {InputGradient, 256, 1024, 10},   {WeightGradient, 10, 1024, 256},
      {Forward, 32, 256, 64},           {Forward, 32, 128, 256},
      {InputGradient, 32, 256, 128},    {WeightGradient, 256, 64, 32},
      {WeightGradient, 128, 256, 32},   {Forward, 32, 10, 128},
      {Forward, 32, 100, 10},           {Forward, 32, 1, 100},
      {WeightGradient, 100, 10, 32},    {WeightGradient, 1, 100, 32},
      {InputGradient, 32, 100, 1},      {Forward, 1, 1024, 1024},
      {Forward, 1, 256, 64},            {Plain, 1, 1024, 1024}};
  if (argc > 5)
    shapes = {{Form(std::atoi(argv[2])), std::atoi(argv[3]), std::atoi(argv[4]), std::atoi(argv[5])}};
  std::printf("%-16s %5s %5s %5s %10s %10s %6s\n", "form", "m", "n", "k", "us", "GFLOP/s",
              "of peak");
  for (const Shape &shape : shapes) {
    KernelRunner kernels(text(shape));
    std::vector<Array> buffers = {matrix(int64_t(shape.m) * shape.k),
                                  matrix(int64_t(shape.k) * shape.n),
                                  matrix(int64_t(shape.m) * shape.n)};
    std::vector<double> times, peaks;
    int64_t batch = shape.form == WeightGradient ? shape.k : shape.m;
    double flops = 2.0 * shape.m * shape.n * shape.k;
    for (int round = 0; round < rounds; ++round) {
      peaks.push_back(peak());
      times.push_back(kernels.time("k", {{"s0", batch}}, buffers, 3 + int(2e7 / flops)));
    }
    std::sort(times.begin(), times.end());
    std::sort(peaks.begin(), peaks.end());
    double rate = flops / times[0] / 1e9, limit = peaks.back();
    std::printf("%-16s %5d %5d %5d %10.2f %10.1f %6.2f\n", kFormNames[shape.form], shape.m,
                shape.n, shape.k, times[0] * 1e6, rate, rate / limit);
  }
}
