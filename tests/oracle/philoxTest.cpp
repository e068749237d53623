// The oracle's Philox against the known answers that Random123 publishes (kat_vectors, philox4x32 10).
#include "tests/oracle/Rules.h"
#include "gtest/gtest.h"
#include <array>

using namespace tenon::oracle;

using Words = std::array<uint32_t, 4>;

static Words philoxOf(Words counter, uint32_t keyLow, uint32_t keyHigh) {
  philox(uint64_t(keyHigh) << 32 | keyLow, counter.data());
  return counter;
}

TEST(OraclePhilox, KnownAnswers) {
  EXPECT_EQ(philoxOf({0, 0, 0, 0}, 0, 0), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philoxOf({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, 0xffffffff, 0xffffffff),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philoxOf({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0xa4093822, 0x299f31d0),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}
