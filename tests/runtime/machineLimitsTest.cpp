// What `tenon bench --profile` compares kernels with.
#include "runtime/tools/tenon/MachineLimits.h"

#include <gtest/gtest.h>

using tenon::tool::MachineLimits;

namespace {

/// Two caches of 1000 and of 3000 bytes before a memory, footprints of which the second is in neither.
MachineLimits twoCaches(uint32_t threads) {
  MachineLimits limits;
  limits.threads = threads;
  limits.flops = 100;
  limits.bandwidths = {{800, 40}, {1600, 20}, {3200, 10}};
  return limits;
}

TEST(MachineLimits, ReadsWhatACacheHoldsAtItsRate) {
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(0), 0);
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(400), 10);
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(800), 20);
}

TEST(MachineLimits, IsABoundBetweenFootprints) {
  // 1000 bytes fit in the first cache and may come at 40 a second, though 1600 come at 20.
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(1000), 25);
  // 2000: at best 1000 of them from the first cache and 1000 from the second, 75 seconds.
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(2000), 1600 / 40.0 + 400 / 20.0);
  EXPECT_LE(twoCaches(1).memoryFloor(2000), 75);
  // Beyond what was measured the last rate holds.
  EXPECT_DOUBLE_EQ(twoCaches(1).memoryFloor(4200), 1600 / 40.0 + 1600 / 20.0 + 1000 / 10.0);
}

TEST(MachineLimits, GrowsWithTheBytesAndWithoutJumps) {
  MachineLimits limits = twoCaches(1);
  for (double bytes = 1; bytes < 5000; ++bytes) {
    double more = limits.memoryFloor(bytes) - limits.memoryFloor(bytes - 1);
    EXPECT_GE(more, 1 / 40.0 - 1e-9) << bytes;
    EXPECT_LE(more, 1 / 10.0 + 1e-9) << bytes;
  }
}

TEST(MachineLimits, FootprintsAreOfOneThread) {
  // Two threads hold twice as much; rates are of both together.
  EXPECT_DOUBLE_EQ(twoCaches(2).memoryFloor(1600), 40);
  EXPECT_DOUBLE_EQ(twoCaches(2).memoryFloor(4000), 3200 / 40.0 + 800 / 20.0);
}

TEST(MachineLimits, MeasuresRatesThatDoNotRise) {
  MachineLimits limits = tenon::tool::measureLimits(1);
  ASSERT_EQ(limits.bandwidths.size(), 14u);
  EXPECT_GT(limits.flops, 1e8);
  EXPECT_GT(limits.rateOf(4 << 20), 1e8);
  EXPECT_EQ(limits.rateOf(5), 0);
  for (size_t i = 1; i < limits.bandwidths.size(); ++i) {
    EXPECT_EQ(limits.bandwidths[i].footprint, 2 * limits.bandwidths[i - 1].footprint);
    EXPECT_LE(limits.bandwidths[i].rate, limits.bandwidths[i - 1].rate);
  }
}

} // namespace
