// What the processor can do at most, measured in the same run as everything else.
//
// usage: tenon-bench-limits THREADS      (requests: Serve.h)
//
//   open NAME fma          each run iteration is 2^20 f32 operations a thread in registers
//   open NAME read BYTES   each run iteration reads BYTES a thread once
//
// Both use the widest vectors that this processor has, or the narrower ones where those are faster.
#include "Serve.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <immintrin.h>
#include <pthread.h>
#include <thread>

using namespace tenon::bench;

namespace {

constexpr int64_t OperationsPerIteration = 1 << 20;
constexpr int Chains =
    16; // more than latency x units of any x86-64 core asks for with FMA units <= 2

/// Keeps a value alive without storing it.
template <typename Vector> void keep(Vector &value) { asm volatile("" : "+x"(value)); }
#define KEEP_WIDE(value) asm volatile("" : "+v"(value))

/// `Chains` independent chains; x = x * 1 + 0 stays finite for ever.
__attribute__((target("avx2,fma"))) void fma256(int64_t iterations) {
  constexpr int Used = 12; // with the two constants, 14 of 16 registers
  __m256 chain[Used], one = _mm256_set1_ps(1), zero = _mm256_setzero_ps();
  keep(one);
  keep(zero);
  for (__m256 &value : chain)
    value = one;
  int64_t rounds = iterations * OperationsPerIteration / (Used * 8 * 2);
  for (int64_t i = 0; i < rounds; ++i)
    for (__m256 &value : chain) {
      value = _mm256_fmadd_ps(value, one, zero);
      keep(value);
    }
}

__attribute__((target("avx512f"))) void fma512(int64_t iterations) {
  __m512 chain[Chains], one = _mm512_set1_ps(1), zero = _mm512_setzero_ps();
  KEEP_WIDE(one);
  KEEP_WIDE(zero);
  for (__m512 &value : chain)
    value = one;
  int64_t rounds = iterations * OperationsPerIteration / (Chains * 16 * 2);
  for (int64_t i = 0; i < rounds; ++i)
    for (__m512 &value : chain) {
      value = _mm512_fmadd_ps(value, one, zero);
      KEEP_WIDE(value);
    }
}

/// Reads `count` floats, a multiple of 128, `iterations` times.
__attribute__((target("avx2"))) void read256(const float *data, size_t count, int64_t iterations) {
  __m256 sum[8] = {};
  for (int64_t i = 0; i < iterations; ++i)
    for (size_t at = 0; at < count; at += 64)
      for (int lane = 0; lane < 8; ++lane) {
        sum[lane] = _mm256_xor_ps(sum[lane], _mm256_load_ps(data + at + 8 * lane));
        keep(sum[lane]);
      }
}

__attribute__((target("avx512f"))) void read512(const float *data, size_t count,
                                                int64_t iterations) {
  __m512i sum[8] = {};
  for (int64_t i = 0; i < iterations; ++i)
    for (size_t at = 0; at < count; at += 128)
      for (int lane = 0; lane < 8; ++lane) {
        sum[lane] = _mm512_xor_si512(sum[lane], _mm512_load_si512(data + at + 16 * lane));
        KEEP_WIDE(sum[lane]);
      }
}

void bindTo(int processor) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

/// Runs body(thread) on `threads` threads, each on its own processor, the caller being one of them,
/// and gives the seconds from the common start to the last end.
template <typename Body> double onThreads(int threads, const Body &body) {
  if (threads == 1)
    return timed(1, [&] { body(0); });
  std::atomic<int> ready{0};
  std::atomic<bool> go{false};
  std::vector<double> ends(threads);
  std::vector<std::thread> others;
  for (int thread = 1; thread < threads; ++thread)
    others.emplace_back([&, thread] {
      bindTo(thread);
      ++ready;
      while (!go) {
      }
      body(thread);
      ends[thread] = now();
    });
  bindTo(0);
  while (ready != threads - 1) {
  }
  double start = now();
  go = true;
  body(0);
  ends[0] = now();
  for (std::thread &thread : others)
    thread.join();
  return *std::max_element(ends.begin(), ends.end()) - start;
}

/// Measures both widths once and keeps to the faster one.
class Limit : public Workload {
public:
  explicit Limit(int threads) : threads(threads) {}
  double run(int64_t count) override {
    if (!decided && __builtin_cpu_supports("avx512f")) {
      double narrow = std::min(measure(count, false), measure(count, false));
      wide = std::min(measure(count, true), measure(count, true)) < narrow;
      decided = count > 1;
    }
    return measure(count, wide);
  }

protected:
  virtual double measure(int64_t count, bool wide) = 0;
  int threads;

private:
  bool decided = false, wide = false;
};

class Fma : public Limit {
public:
  using Limit::Limit;

protected:
  double measure(int64_t count, bool wide) override {
    return onThreads(threads, [&](int) { wide ? fma512(count) : fma256(count); });
  }
};

class Read : public Limit {
public:
  Read(int threads, size_t bytes) : Limit(threads), count((bytes / 4 + 127) / 128 * 128) {
    for (int thread = 0; thread < threads; ++thread) {
      memory.emplace_back(
          static_cast<float *>(std::aligned_alloc(4096, (count * 4 + 4095) / 4096 * 4096)),
          std::free);
      std::fill_n(memory.back().get(), count, 1.0f);
    }
  }

protected:
  double measure(int64_t iterations, bool wide) override {
    return onThreads(threads, [&](int thread) {
      const float *data = memory[thread].get();
      wide ? read512(data, count, iterations) : read256(data, count, iterations);
    });
  }

private:
  size_t count;
  std::vector<std::unique_ptr<float, void (*)(void *)>> memory;
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: tenon-bench-limits THREADS\n";
    return 1;
  }
  int threads = std::atoi(argv[1]);
  return serve("this processor", [&](const Words &words) -> std::unique_ptr<Workload> {
    if (words.at(0) == "fma")
      return std::make_unique<Fma>(threads);
    if (words.at(0) == "read")
      return std::make_unique<Read>(threads, std::stoull(words.at(1)));
    throw std::runtime_error("unknown workload '" + words.at(0) + "'");
  });
}
