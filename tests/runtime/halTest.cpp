// The CPU device: code images, features, the pool, launches.
#include "runtime/hal/cpu/CodeImage.h"
#include "runtime/hal/cpu/CpuFeatures.h"
#include "runtime/hal/cpu/Launch.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

using namespace tenon::rt;

namespace {

TEST(CpuFeatures, KnowsThisMachine) {
  EXPECT_EQ(cpuFeature("sse2"), FeatureSupport::Present);
  EXPECT_EQ(cpuFeature("64bit"), FeatureSupport::Present);
  EXPECT_EQ(cpuFeature("evex512"), FeatureSupport::Present);
  EXPECT_EQ(cpuFeature("amx-tile"), FeatureSupport::Unknown);
  for (auto [name, present] : {std::pair("avx2", __builtin_cpu_supports("avx2")),
                               std::pair("fma", __builtin_cpu_supports("fma")),
                               std::pair("bmi2", __builtin_cpu_supports("bmi2")),
                               std::pair("avx512f", __builtin_cpu_supports("avx512f")),
                               std::pair("avx512bf16", __builtin_cpu_supports("avx512bf16"))})
    EXPECT_EQ(cpuFeature(name) == FeatureSupport::Present, present != 0) << name;
}

/// The line of /proc/self/maps that holds the address.
std::string mappingOf(const void *address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    size_t dash;
    uintptr_t low = std::stoull(line, &dash, 16);
    uintptr_t high = std::stoull(line.substr(dash + 1), nullptr, 16);
    uintptr_t wanted = reinterpret_cast<uintptr_t>(address);
    if (low <= wanted && wanted < high)
      return line;
  }
  return "";
}

TEST(CodeImage, IsExecutableAndNeverWritable) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "the code of this test is for x86-64";
#endif
  const uint8_t code[] = {0xb8, 42, 0, 0, 0, 0xc3}; // mov eax, 42; ret
  const uint8_t data[] = {7};
  CodeImage image;
  Status status = CodeImage::map(0x20000, {{0, data, 1, false}, {0x10000, code, 6, true}}, &image);
  ASSERT_TRUE(status.ok()) << status.message();
  auto function = reinterpret_cast<int (*)()>(reinterpret_cast<uintptr_t>(image.base() + 0x10000));
  EXPECT_EQ(function(), 42);
  EXPECT_EQ(image.base()[0], 7);
  EXPECT_NE(mappingOf(image.base()).find(" r--p "), std::string::npos);
  EXPECT_NE(mappingOf(image.base() + 0x10000).find(" r-xp "), std::string::npos);
}

TEST(ThreadPool, RunsEveryPartOnceEachTime) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(4, &pool).ok());
  std::vector<std::atomic<int>> counts(4);
  for (int round = 1; round <= 2000; ++round) {
    uint32_t parts = round % 4 + 1;
    for (auto &count : counts)
      count = 0;
    pool->run(
        parts,
        [](void *context, uint32_t part) { ++static_cast<std::atomic<int> *>(context)[part]; },
        counts.data());
    for (uint32_t part = 0; part < 4; ++part)
      ASSERT_EQ(counts[part], part < parts ? 1 : 0);
    if (round % 500 == 0) // long enough for the workers to fall asleep
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

TEST(ThreadPool, WaitsForPartsThatTakeLong) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(2, &pool).ok());
  std::atomic<int> done{0};
  pool->run(
      2,
      [](void *context, uint32_t part) {
        if (part == 1)
          std::this_thread::sleep_for(std::chrono::milliseconds(20));
        ++*static_cast<std::atomic<int> *>(context);
      },
      &done);
  EXPECT_EQ(done, 2);
}

TEST(ThreadPool, SeveralCallersShareIt) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(2, &pool).ok());
  auto use = [&] {
    for (int round = 0; round < 2000; ++round) {
      int sums[2] = {};
      pool->run(
          2, [](void *context, uint32_t part) { static_cast<int *>(context)[part] += 1; }, sums);
      ASSERT_EQ(sums[0] + sums[1], 2);
    }
  };
  std::thread other(use);
  use();
  other.join();
}

TEST(ThreadPool, WorkersTakeNoSignals) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(2, &pool).ok());
  std::atomic<bool> blocked{false};
  pool->run(
      2,
      [](void *context, uint32_t part) {
        sigset_t mask;
        pthread_sigmask(SIG_SETMASK, nullptr, &mask);
        if (part == 1)
          *static_cast<std::atomic<bool> *>(context) = sigismember(&mask, SIGUSR1) == 1;
      },
      &blocked);
  EXPECT_TRUE(blocked);
}

/// Marks its tiles, and its thread's scratch memory.
void markKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  for (int64_t tile = begin; tile < end; ++tile)
    static_cast<std::atomic<int> *>(args->buf[0])[tile] += 1;
  if (args->scratch)
    static_cast<uint8_t *>(args->scratch)[0] = 1;
}

TEST(Launch, CoversEveryTileOnceForAnyNumberOfThreads) {
  for (uint32_t threads : {1u, 2u, 3u}) {
    Executor executor(threads, nullptr, nullptr);
    ASSERT_TRUE(executor.start().ok());
    for (int64_t tiles : {0, 1, 2, 7, 100}) {
      for (int64_t grain : {0, 1, 3, 1000}) {
        std::vector<std::atomic<int>> marks(tiles + 1);
        void *buffers[] = {marks.data()};
        alignas(64) uint8_t scratch[3 * 64] = {};
        Launch work;
        work.kernel = markKernel;
        work.args.buf = buffers;
        work.tiles = tiles;
        work.grain = grain;
        work.scratch = scratch;
        work.scratchStride = 64;
        launch(executor, work);
        for (int64_t tile = 0; tile <= tiles; ++tile)
          ASSERT_EQ(marks[tile], tile < tiles ? 1 : 0);
        int64_t parts = scratch[0] + scratch[64] + scratch[128];
        int64_t worth = std::max<int64_t>(tiles / std::max<int64_t>(grain, 1), 1);
        EXPECT_EQ(parts, tiles ? std::min<int64_t>(worth, threads) : 0);
      }
    }
  }
}

} // namespace
