#include "runtime/tools/tenon/MachineLimits.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tenon::tool {
namespace {

/// Keeps the compiler from leaving a loop out.
std::atomic<float> sink;

// ---- Loops: each returns something that depends on all it has done ---------------------------------

/// Fused multiply-adds; FLOP = 2 * lanes * chains * rounds. Twelve chains hide the latency.
constexpr int chains = 12;

float multiplyAdd(int64_t rounds, float x) {
  float sums[chains] = {};
  for (int64_t i = 0; i < rounds; ++i)
    for (float &sum : sums)
      sum = sum * x + x;
  float total = 0;
  for (float sum : sums)
    total += sum;
  return total;
}

float readAll(const float *data, int64_t count) {
  float sums[8] = {};
  for (int64_t i = 0; i + 8 <= count; i += 8)
    for (int k = 0; k < 8; ++k)
      sums[k] += data[i + k];
  return sums[0] + sums[1] + sums[2] + sums[3] + sums[4] + sums[5] + sums[6] + sums[7];
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) float multiplyAdd256(int64_t rounds, float x) {
  __m256 sums[chains], factor = _mm256_set1_ps(x);
  for (__m256 &sum : sums)
    sum = factor;
  for (int64_t i = 0; i < rounds; ++i)
    for (__m256 &sum : sums)
      sum = _mm256_fmadd_ps(sum, factor, factor);
  __m256 total = sums[0];
  for (__m256 sum : sums)
    total = _mm256_add_ps(total, sum);
  return _mm256_cvtss_f32(total);
}

__attribute__((target("avx2"))) float readAll256(const float *data, int64_t count) {
  __m256 sums[8];
  for (__m256 &sum : sums)
    sum = _mm256_setzero_ps();
  for (int64_t i = 0; i + 64 <= count; i += 64)
    for (int k = 0; k < 8; ++k)
      sums[k] = _mm256_add_ps(sums[k], _mm256_loadu_ps(data + i + 8 * k));
  __m256 total = sums[0];
  for (__m256 sum : sums)
    total = _mm256_add_ps(total, sum);
  return _mm256_cvtss_f32(total);
}

__attribute__((target("avx512f"))) float multiplyAdd512(int64_t rounds, float x) {
  __m512 sums[chains], factor = _mm512_set1_ps(x);
  for (__m512 &sum : sums)
    sum = factor;
  for (int64_t i = 0; i < rounds; ++i)
    for (__m512 &sum : sums)
      sum = _mm512_fmadd_ps(sum, factor, factor);
  __m512 total = sums[0];
  for (__m512 sum : sums)
    total = _mm512_add_ps(total, sum);
  return _mm512_cvtss_f32(total);
}
#endif

struct Loops {
  float (*multiplyAdd)(int64_t rounds, float x);
  float (*readAll)(const float *data, int64_t count);
  int lanes;
};

/// Those of the widest vectors that the processor has.
Loops chooseLoops() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f"))
    return {multiplyAdd512, readAll256, 16};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return {multiplyAdd256, readAll256, 8};
#endif
  return {multiplyAdd, readAll, 1};
}

// ---- Measuring -------------------------------------------------------------------------------------

/// Seconds that `work(thread)` takes on all threads at the same time: the best of `rounds`.
template <typename Work> double bestTime(uint32_t threads, int rounds, const Work &work) {
  using Clock = std::chrono::steady_clock;
  std::atomic<uint32_t> arrived{0};
  std::vector<std::vector<double>> seconds(threads, std::vector<double>(rounds));
  auto run = [&](uint32_t thread) {
    work(thread); // warm
    for (int round = 0; round < rounds; ++round) {
      arrived.fetch_add(1);
      while (arrived.load() < threads * (static_cast<uint32_t>(round) + 1))
        std::this_thread::yield();
      auto begin = Clock::now();
      work(thread);
      seconds[thread][round] = std::chrono::duration<double>(Clock::now() - begin).count();
    }
  };
  std::vector<std::thread> others;
  for (uint32_t thread = 1; thread < threads; ++thread)
    others.emplace_back(run, thread);
  run(0);
  for (std::thread &other : others)
    other.join();
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    double slowest = 0;
    for (uint32_t thread = 0; thread < threads; ++thread)
      slowest = std::max(slowest, seconds[thread][round]);
    best = round == 0 ? slowest : std::min(best, slowest);
  }
  return best;
}

double measureFlops(uint32_t threads, const Loops &loops) {
  constexpr int64_t rounds = 200000;
  double seconds =
      bestTime(threads, 9, [&](uint32_t) { sink = loops.multiplyAdd(rounds, 0.9999f); });
  return 2.0 * loops.lanes * chains * rounds * threads / seconds;
}

double measureBandwidth(uint32_t threads, uint64_t bytes, const Loops &loops) {
  std::vector<std::vector<float>> data(threads, std::vector<float>(bytes / sizeof(float), 1.0f));
  int64_t passes = static_cast<int64_t>(std::max<uint64_t>(1, (uint64_t{8} << 20) / bytes));
  double seconds = bestTime(threads, bytes > (uint64_t{16} << 20) ? 3 : 9, [&](uint32_t thread) {
    for (int64_t i = 0; i < passes; ++i)
      sink = loops.readAll(data[thread].data(), static_cast<int64_t>(data[thread].size()));
  });
  return static_cast<double>(bytes) * static_cast<double>(passes) * threads / seconds;
}

} // namespace

double MachineLimits::memoryFloor(double bytes) const {
  double seconds = 0, begin = 0;
  for (size_t i = 0; i < bandwidths.size() && begin < bytes; ++i) {
    bool isLast = i + 1 == bandwidths.size();
    double end = isLast ? bytes : static_cast<double>(bandwidths[i + 1].footprint) * threads;
    seconds += (std::min(end, bytes) - begin) / bandwidths[i].rate;
    begin = end;
  }
  return seconds;
}

double MachineLimits::rateOf(uint64_t footprint) const {
  for (const Bandwidth &bandwidth : bandwidths)
    if (bandwidth.footprint == footprint)
      return bandwidth.rate;
  return 0;
}

MachineLimits measureLimits(uint32_t threads) {
  Loops loops = chooseLoops();
  MachineLimits limits;
  limits.threads = threads;
  limits.flops = measureFlops(threads, loops);
  for (uint64_t bytes = uint64_t{16} << 10; bytes <= uint64_t{128} << 20; bytes *= 2)
    limits.bandwidths.push_back({bytes, measureBandwidth(threads, bytes, loops)});
  for (size_t i = limits.bandwidths.size() - 1; i-- > 0;) // the rest is noise
    limits.bandwidths[i].rate = std::max(limits.bandwidths[i].rate, limits.bandwidths[i + 1].rate);
  return limits;
}

} // namespace tenon::tool
