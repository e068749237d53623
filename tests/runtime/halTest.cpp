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
  ASSERT_TRUE(pool->tryEnter());
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
  ASSERT_TRUE(pool->tryEnter());
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

TEST(ThreadPool, ServesOneThreadAtATime) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(2, &pool).ok());
  std::atomic<int> inside{0}, served{0};
  auto use = [&] {
    for (int round = 0; round < 2000; ++round) {
      if (!pool->tryEnter())
        continue;
      ASSERT_EQ(++inside, 1);
      int sums[2] = {};
      pool->run(
          2, [](void *context, uint32_t part) { static_cast<int *>(context)[part] += 1; }, sums);
      ASSERT_EQ(sums[0] + sums[1], 2);
      --inside;
      ++served;
      pool->leave();
    }
  };
  std::thread other(use);
  use();
  other.join();
  EXPECT_GE(served, 2000 / 2);
}

TEST(Barrier, NoThreadRunsAhead) {
  for (uint32_t threads : {2u, 3u, 4u}) {
    std::unique_ptr<ThreadPool> pool;
    ASSERT_TRUE(ThreadPool::create(threads, &pool).ok());
    ASSERT_TRUE(pool->tryEnter());
    struct Shared {
      Barrier barrier;
      uint32_t parts = 0, first = 0, last = 0;
      std::atomic<int> arrived{0};
      std::atomic<bool> ahead{false};
    } shared{Barrier(threads)};
    for (int region = 0; region < 200; ++region) {
      shared.parts = region % threads + 1; // regions of all sizes take turns
      shared.first = shared.barrier.begin(shared.parts);
      shared.arrived = 0;
      pool->run(
          shared.parts,
          [](void *context, uint32_t part) {
            Shared &shared = *static_cast<Shared *>(context);
            uint32_t count = shared.first;
            for (int round = 1; round <= 20; ++round) {
              if (round == 10 && part == shared.parts - 1) // long enough for the others to sleep
                std::this_thread::sleep_for(std::chrono::microseconds(200));
              ++shared.arrived;
              shared.barrier.wait(part, shared.parts, &count);
              if (shared.arrived < round * static_cast<int>(shared.parts))
                shared.ahead = true;
              shared.barrier.wait(part, shared.parts, &count);
            }
            if (part == 0)
              shared.last = count;
          },
          &shared);
      shared.barrier.end(shared.last);
      ASSERT_FALSE(shared.ahead);
      ASSERT_EQ(shared.arrived, 20 * static_cast<int>(shared.parts));
    }
  }
}

TEST(ThreadPool, WorkersTakeNoSignals) {
  std::unique_ptr<ThreadPool> pool;
  ASSERT_TRUE(ThreadPool::create(2, &pool).ok());
  ASSERT_TRUE(pool->tryEnter());
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
    for (int64_t tiles : {1, 2, 7, 100}) {
      for (int64_t grain : {0, 1, 3, 1000}) {
        std::vector<std::atomic<int>> marks(tiles + 1);
        void *buffers[] = {marks.data()};
        alignas(64) uint8_t scratch[3 * 64] = {};
        Launch work;
        work.kernel = markKernel;
        work.args.buf = buffers;
        work.args.scratch = scratch;
        work.tiles = tiles;
        work.parts = partsFor(tiles, grain, threads);
        executor.run({&work, 1, work.parts, 64});
        for (int64_t tile = 0; tile <= tiles; ++tile)
          ASSERT_EQ(marks[tile], tile < tiles ? 1 : 0);
        int64_t worth = std::max<int64_t>(tiles / std::max<int64_t>(grain, 1), 1);
        EXPECT_EQ(scratch[0] + scratch[64] + scratch[128], std::min<int64_t>(worth, threads));
      }
    }
  }
}

/// Adds 1 to what the tiles of buffer 0 hold, and stores it to buffer 1.
void nextKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  for (int64_t tile = begin; tile < end; ++tile)
    static_cast<int *>(args->buf[1])[tile] = static_cast<const int *>(args->buf[0])[tile] + 1;
}

TEST(Launch, WaitsOnlyWhereItIsTold) {
  constexpr int64_t tiles = 64;
  std::vector<int> values[3];
  for (auto &value : values)
    value.assign(tiles, 0);
  // Tile by tile from 0 to 1 to 2 without a wait, back to 0 on the caller's thread with one.
  void *first[] = {values[0].data(), values[1].data()};
  void *second[] = {values[1].data(), values[2].data()};
  void *third[] = {values[2].data(), values[0].data()};
  for (uint32_t threads : {1u, 2u, 4u}) {
    Executor executor(threads, nullptr, nullptr);
    ASSERT_TRUE(executor.start().ok());
    std::vector<Launch> launches(3);
    void **buffers[] = {first, second, third};
    for (uint32_t i = 0; i < 3; ++i) {
      launches[i].kernel = nextKernel;
      launches[i].args.buf = buffers[i];
      launches[i].tiles = tiles;
      launches[i].parts = i < 2 ? threads : 1;
      launches[i].waits = i != 1;
      launches[i].command = 10 + i;
    }
    LaunchList list{launches.data(), 3, threads, 0};
    std::fill(values[0].begin(), values[0].end(), 0);
    for (int round = 1; round <= 3000; ++round) {
      executor.run(list);
      for (int64_t tile = 0; tile < tiles; ++tile)
        ASSERT_EQ(values[0][tile], 3 * round);
      if (round % 1000 == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }

    std::vector<LaunchTime> times(3 * threads);
    executor.runTimed(list, times.data());
    for (uint32_t i = 0; i < 3; ++i)
      for (uint32_t thread = 0; thread < threads; ++thread) {
        const LaunchTime &time = times[i * threads + thread];
        bool hasPart = thread < launches[i].parts;
        EXPECT_EQ(time.end != 0, hasPart);
        EXPECT_LE(time.begin, time.end);
        EXPECT_EQ(time.command, hasPart ? 10 + i : 0);
        EXPECT_EQ(time.thread, hasPart ? thread : 0);
      }
  }
}

/// The kernel's one argument holds three numbers for every tile; the second becomes the product of
/// the first two, the third twice the one that was subnormal.
void multiplySubnormals(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  for (int64_t tile = begin; tile < end; ++tile) {
    volatile float *x = static_cast<float *>(args->buf[0]) + 3 * tile;
    x[1] = x[0] * x[1];
    x[2] = x[2] * 0x1p60f;
  }
}

TEST(Launch, SubnormalResultsAreKeptUnlessToldOtherwise) {
#if !defined(__x86_64__)
  GTEST_SKIP() << "only x86-64 flushes them";
#endif
  for (Subnormals subnormals : {Subnormals::Keep, Subnormals::Flush})
    for (uint32_t threads : {1u, 3u}) {
      std::vector<float> x;
      for (int tile = 0; tile < 8; ++tile)
        x.insert(x.end(), {0x1p-100f, 0x1p-40f, 0x1p-140f});
      void *buffers[] = {x.data()};
      Launch launch;
      launch.kernel = multiplySubnormals;
      launch.args.buf = buffers;
      launch.tiles = 8;
      launch.parts = threads;
      LaunchList list;
      list.launches = &launch;
      list.count = 1;
      list.parts = threads;
      list.subnormals = subnormals;
      Executor executor(threads, nullptr, nullptr);
      ASSERT_TRUE(executor.start().ok());
      executor.run(list);
      for (int tile = 0; tile < 8; ++tile) {
        EXPECT_EQ(x[3 * tile + 1], subnormals == Subnormals::Keep ? 0x1p-140f : 0.0f);
        EXPECT_EQ(x[3 * tile + 2], 0x1p-80f) << "operands count as what they are";
      }
    }
}

TEST(Launch, HostThreadsNeverWaitForEachOther) {
  // A host that runs the parts one after the other, in the wrong order.
  auto backwards = [](void *user, uint32_t parts, PartFunction part, void *context) {
    ++*static_cast<int *>(user);
    for (uint32_t i = parts; i-- > 0;)
      part(context, i);
  };
  int calls = 0;
  Executor executor(4, backwards, &calls);
  ASSERT_TRUE(executor.start().ok());
  int values[2][8] = {};
  void *there[] = {values[0], values[1]}, *back[] = {values[1], values[0]};
  Launch launches[2];
  for (Launch &launch : launches) {
    launch.kernel = nextKernel;
    launch.tiles = 8;
    launch.parts = 4;
    launch.waits = true;
  }
  launches[0].args.buf = there;
  launches[1].args.buf = back;
  executor.run({launches, 2, 4, 0});
  EXPECT_EQ(calls, 2);
  for (int value : values[0])
    EXPECT_EQ(value, 2);
}

/// Meets an index out of range in every tile from size[0] on, as compiled kernels report it.
void faultyKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  for (int64_t tile = begin; tile < end; ++tile)
    if (tile >= args->size[0] && !args->fault->found)
      *args->fault = {TENON_FAULT_INDEX, /*value=*/tile, /*bound=*/7, /*place=*/0, /*size=*/-1};
}

TEST(Launch, GivesTheFirstFaultForAnyNumberOfThreads) {
  for (uint32_t threads : {1u, 2u, 3u}) {
    Executor executor(threads, nullptr, nullptr);
    ASSERT_TRUE(executor.start().ok());
    for (int64_t first : {0, 1, 40, 99, 100}) {
      int after = 0;
      void *buffers[] = {&after, &after};
      Launch launches[2];
      launches[0].kernel = faultyKernel;
      launches[0].args.size = &first;
      launches[0].tiles = 100;
      launches[0].parts = threads;
      launches[1].kernel = nextKernel;
      launches[1].args.buf = buffers;
      launches[1].tiles = 1;
      launches[1].waits = true;
      FirstFault fault;
      executor.run({launches, 2, threads, 0, &fault});
      EXPECT_EQ(fault.isFound(), first < 100);
      EXPECT_EQ(after, first < 100 ? 0 : 1); // what comes after a fault does not run
      if (fault.isFound()) {
        EXPECT_EQ(fault.launch(), 0u);
        EXPECT_EQ(fault.fault().value, first);
        EXPECT_EQ(fault.fault().bound, 7);
      }
    }
  }
}

} // namespace
