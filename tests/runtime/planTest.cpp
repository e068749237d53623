// The arena plan: offsets from lifetimes and sizes.
#include "runtime/schema/Plan.h"

#include <gtest/gtest.h>

#include <cstdlib>

using namespace tenon::schema;

namespace {

/// Fails if two buffers that live at once and are not aliases overlap, or one leaves the arena.
void expectSound(const std::vector<PlanBuffer> &buffers, const ArenaPlan &plan) {
  ASSERT_EQ(plan.offsets.size(), buffers.size());
  auto rootOf = [&](uint32_t i) {
    while (buffers[i].alias >= 0)
      i = static_cast<uint32_t>(buffers[i].alias);
    return i;
  };
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    EXPECT_EQ(plan.offsets[i] % 64, 0u);
    EXPECT_LE(plan.offsets[i] + buffers[i].bytes, plan.bytes);
    EXPECT_EQ(plan.offsets[i], plan.offsets[rootOf(i)]);
    for (uint32_t j = 0; j < i; ++j) {
      if (rootOf(i) == rootOf(j) || buffers[i].first > buffers[j].last ||
          buffers[j].first > buffers[i].last)
        continue;
      bool apart = plan.offsets[i] + buffers[i].bytes <= plan.offsets[j] ||
                   plan.offsets[j] + buffers[j].bytes <= plan.offsets[i];
      EXPECT_TRUE(apart || buffers[i].bytes == 0 || buffers[j].bytes == 0) << i << " and " << j;
    }
  }
}

TEST(Plan, NothingNeedsNothing) {
  ArenaPlan plan;
  EXPECT_EQ(planArena({}, &plan), PlanError::None);
  EXPECT_EQ(plan.bytes, 0u);
}

TEST(Plan, BuffersThatNeverMeetShareMemory) {
  ArenaPlan plan;
  ASSERT_EQ(planArena({{1000, 0, 1}, {500, 2, 3}, {100, 1, 2}}, &plan), PlanError::None);
  EXPECT_EQ(plan.offsets, (std::vector<uint64_t>{0, 0, 1024}));
  EXPECT_EQ(plan.bytes, 1024u + 128u);
}

TEST(Plan, AnAliasExtendsLifeAndSize) {
  std::vector<PlanBuffer> buffers = {{64, 0, 0}, {128, 1, 2, 0}, {64, 2, 3}, {64, 4, 4, 1}};
  ArenaPlan plan;
  ASSERT_EQ(planArena(buffers, &plan), PlanError::None);
  EXPECT_EQ(plan.offsets, (std::vector<uint64_t>{0, 0, 128, 0}));
  EXPECT_EQ(plan.bytes, 192u);
}

TEST(Plan, RefusesWhatIsNoPlan) {
  ArenaPlan plan;
  uint32_t at = 99;
  EXPECT_EQ(planArena({{64, 0, 0}, {64, 3, 2}}, &plan, &at), PlanError::Lifetime);
  EXPECT_EQ(at, 1u);
  EXPECT_EQ(planArena({{64, 0, 0, 0}}, &plan, &at), PlanError::Alias);
  EXPECT_EQ(planArena({{64, 0, 0, -2}}, &plan, &at), PlanError::Alias);
  EXPECT_EQ(planArena({{UINT64_MAX, 0, 0}}, &plan, &at), PlanError::TooLarge);
  uint64_t half = uint64_t{1} << 61;
  EXPECT_EQ(planArena({{half, 0, 0}, {half, 0, 0}, {1, 0, 0}}, &plan, &at), PlanError::TooLarge);
  EXPECT_EQ(at, 2u);
}

TEST(Plan, RandomPlansAreSoundAndNeverLargerThanTheSum) {
  std::srand(7);
  for (int round = 0; round < 200; ++round) {
    std::vector<PlanBuffer> buffers;
    uint64_t sum = 0;
    for (int i = 0, n = std::rand() % 30; i < n; ++i) {
      uint32_t first = std::rand() % 20;
      PlanBuffer buffer{static_cast<uint64_t>(std::rand() % 5000), first,
                        first + static_cast<uint32_t>(std::rand() % 6)};
      if (i > 0 && std::rand() % 4 == 0)
        buffer.alias = std::rand() % i;
      sum += (buffer.bytes + 63) / 64 * 64;
      buffers.push_back(buffer);
    }
    ArenaPlan plan;
    ASSERT_EQ(planArena(buffers, &plan), PlanError::None);
    expectSound(buffers, plan);
    EXPECT_LE(plan.bytes, sum);
  }
}

} // namespace
