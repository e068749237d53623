// Philox against Random123's known answers, own math against the C library, initialisers.
#include "runtime/rng/Initialize.h"
#include "runtime/rng/Math.h"
#include "runtime/rng/Philox.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <vector>

using namespace tenon::rt;

namespace {

TEST(Philox, KnownAnswersOfRandom123) {
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}),
            (PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}),
            (PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, HashIsFnv1a) {
  EXPECT_EQ(fnv1a(""), 0x811c9dc5u);
  EXPECT_EQ(fnv1a("foobar"), 0xbf9cf968u);
}

TEST(Math, LogIsWithinTwoUnits) {
  for (int i = 1; i < 200000; ++i) {
    double x = i * 0x1p-17 * (i % 7 + 1);
    double expected = std::log(x);
    double unit = std::nextafter(std::fabs(expected), INFINITY) - std::fabs(expected);
    ASSERT_LE(std::fabs(portableLog(x) - expected), 2 * unit) << x;
  }
  EXPECT_EQ(portableLog(1), 0);
}

TEST(Math, CosAndSinOfTurns) {
  for (int i = 0; i <= 100000; ++i) {
    double turns = i / 100000.0;
    CosSin got = portableCosSinOfTurns(turns);
    ASSERT_NEAR(got.cos, std::cos(turns * 6.283185307179586), 1e-15) << turns;
    ASSERT_NEAR(got.sin, std::sin(turns * 6.283185307179586), 1e-15) << turns;
  }
  EXPECT_EQ(portableCosSinOfTurns(0.25).sin, 1);
}

std::vector<float> initialized(Initializer initializer, uint64_t seed, const char *path,
                               size_t count) {
  std::vector<float> values(count);
  initialize(initializer, seed, path, TENON_DTYPE_F32, count, values.data());
  return values;
}

TEST(Initialize, UniformHasItsRangeMeanAndVariance) {
  auto values = initialized({Initializer::Kind::Uniform, -0.5, 0.5}, 1, "fc1.weight", 100000);
  double sum = 0, squares = 0;
  for (float value : values) {
    ASSERT_GE(value, -0.5f);
    ASSERT_LT(value, 0.5f);
    sum += value, squares += value * value;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.003);
  EXPECT_NEAR(squares / 100000, 1.0 / 12, 0.001);
}

TEST(Initialize, NormalHasItsMoments) {
  auto values = initialized({Initializer::Kind::Normal, 3, 2}, 1, "wte", 100000);
  double sum = 0, squares = 0, fourth = 0;
  for (float value : values) {
    double z = (value - 3) / 2;
    sum += z, squares += z * z, fourth += z * z * z * z;
  }
  EXPECT_NEAR(sum / 100000, 0, 0.01);
  EXPECT_NEAR(squares / 100000, 1, 0.015);
  EXPECT_NEAR(fourth / 100000, 3, 0.1);
}

TEST(Initialize, DependsOnSeedAndPathAndOnNothingElse) {
  Initializer normal{Initializer::Kind::Normal, 0, 1};
  EXPECT_EQ(initialized(normal, 1, "a", 9), initialized(normal, 1, "a", 9));
  EXPECT_NE(initialized(normal, 1, "a", 9), initialized(normal, 2, "a", 9));
  EXPECT_NE(initialized(normal, 1, "a", 9), initialized(normal, 1, "b", 9));
  EXPECT_NE(initialized(normal, 1, "a", 9), initialized(normal, 1 + (uint64_t{1} << 32), "a", 9));
  auto shorter = initialized(normal, 1, "a", 5), longer = initialized(normal, 1, "a", 9);
  EXPECT_TRUE(std::equal(shorter.begin(), shorter.end(), longer.begin()));
}

TEST(Initialize, GivesTheseBitsOnEveryMachine) {
  auto uniform = initialized({Initializer::Kind::Uniform, -1, 1}, 1, "fc1.weight", 3);
  auto normal = initialized({Initializer::Kind::Normal, 0, 1}, 1, "fc1.weight", 3);
  auto bits = [](float value) {
    uint32_t out;
    std::memcpy(&out, &value, sizeof out);
    return out;
  };
  EXPECT_EQ((std::vector<uint32_t>{bits(uniform[0]), bits(uniform[1]), bits(uniform[2])}),
            (std::vector<uint32_t>{1042634968, 1063911824, 3210464810}));
  EXPECT_EQ((std::vector<uint32_t>{bits(normal[0]), bits(normal[1]), bits(normal[2])}),
            (std::vector<uint32_t>{1065393559, 3196998735, 3218100637}));
}

TEST(Initialize, ConstantsOfEveryType) {
  Initializer one{Initializer::Kind::Constant, 1, 0};
  double f64[2];
  int32_t i32[2];
  int64_t i64[2];
  uint8_t truth[2];
  initialize(one, 1, "x", TENON_DTYPE_F64, 2, f64);
  initialize(one, 1, "x", TENON_DTYPE_I32, 2, i32);
  initialize(one, 1, "x", TENON_DTYPE_I64, 2, i64);
  initialize(one, 1, "x", TENON_DTYPE_BOOL, 2, truth);
  EXPECT_EQ(f64[1], 1.0);
  EXPECT_EQ(i32[1], 1);
  EXPECT_EQ(i64[1], 1);
  EXPECT_EQ(truth[1], 1);
}

} // namespace
