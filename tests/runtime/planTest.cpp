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

TEST(Plan, ThePeakIsTheMostThatLivesAtOnce) {
  ArenaPlan plan;
  ASSERT_EQ(planArena({{64, 0, 3}, {128, 1, 1}, {64, 1, 2}, {192, 2, 2}, {64, 4, 4}}, &plan),
            PlanError::None);
  EXPECT_EQ(plan.peak, 64u + 64u + 192u);
  // An alias counts once, with the longest life.
  ASSERT_EQ(planArena({{64, 0, 0}, {128, 2, 2, 0}, {64, 1, 1}}, &plan), PlanError::None);
  EXPECT_EQ(plan.peak, 128u + 64u);
}

/// Lifetimes of a training step: activations live until the backward pass comes back to them.
std::vector<PlanBuffer> stepOf(uint32_t layers) {
  std::vector<PlanBuffer> buffers;
  for (uint32_t i = 0; i < layers; ++i) {
    uint64_t width = 64 * (1 + (i * 7919) % 97);
    buffers.push_back({width * 4, i, 2 * layers - i});                       // activation
    buffers.push_back({width, i, i + 1});                                    // scratch of the layer
    buffers.push_back({width * 4, 2 * layers - i - 1, 2 * layers - i});      // its adjoint
    buffers.push_back({width * 16, 2 * layers - i, 2 * layers - i + i % 3}); // gradient of weights
  }
  return buffers;
}

TEST(Plan, TrainingStepsFitWithoutGaps) {
  for (uint32_t layers : {1u, 2u, 3u, 12u, 100u, 1000u}) {
    std::vector<PlanBuffer> buffers = stepOf(layers);
    ArenaPlan plan;
    ASSERT_EQ(planArena(buffers, &plan), PlanError::None);
    if (layers <= 100)
      expectSound(buffers, plan);
    EXPECT_LE(plan.bytes, plan.peak * 1.01) << layers << " layers";
  }
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
    EXPECT_LE(plan.peak, plan.bytes);
  }
}

} // namespace
