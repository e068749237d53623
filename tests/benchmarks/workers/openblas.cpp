// OpenBLAS as the harness measures it.
//
// usage: openblas THREADS      (requests: Serve.h)
//
//   open NAME sgemm M N K    C[M, N] = A[M, K] B[K, N], row major
//   open NAME linear M N K   C[M, N] = A[M, K] B[N, K] transposed, as a layer keeps its weights
#include "Serve.h"

#include <cblas.h>
#include <cstdlib>

using namespace tenon::bench;

namespace {

class Sgemm : public Workload {
public:
  Sgemm(blasint m, blasint n, blasint k, bool transposed)
      : m(m), n(n), k(k), transposed(transposed), a(array(size_t(m) * k)), b(array(size_t(k) * n)),
        c(array(size_t(m) * n)) {}
  double run(int64_t count) override {
    return timed(count, [&] {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, transposed ? CblasTrans : CblasNoTrans, m, n, k, 1,
                  a.get(), k, b.get(), transposed ? k : n, 0, c.get(), n);
    });
  }

private:
  using Array = std::unique_ptr<float, void (*)(void *)>;
  static Array array(size_t count) {
    Array memory(static_cast<float *>(std::aligned_alloc(64, (count * 4 + 63) / 64 * 64)),
                 std::free);
    for (size_t i = 0; i < count; ++i)
      memory.get()[i] = float(i % 251) / 251 - 0.5f;
    return memory;
  }
  blasint m, n, k;
  bool transposed;
  Array a, b, c;
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: openblas THREADS\n";
    return 1;
  }
  openblas_set_num_threads(std::atoi(argv[1]));
  return serve(std::string(openblas_get_config()) + ", kernels " + openblas_get_corename(),
               [](const Words &words) -> std::unique_ptr<Workload> {
                 if (words.at(0) != "sgemm" && words.at(0) != "linear")
                   throw std::runtime_error("unknown workload '" + words.at(0) + "'");
                 return std::make_unique<Sgemm>(std::stoi(words.at(1)), std::stoi(words.at(2)),
                                                std::stoi(words.at(3)), words[0] == "linear");
               });
}
