// Arrays to compute with.
#ifndef TENON_TESTS_COMPILER_TARGETS_CPU_PATTERNS_H
#define TENON_TESTS_COMPILER_TARGETS_CPU_PATTERNS_H

#include "KernelRunner.h"
#include <cmath>
#include <gtest/gtest.h>

namespace tenon::test {

/// `count` numbers in [-2, 2) that look random; the same for the same seed.
inline std::vector<float> pattern(int64_t count, uint32_t seed) {
  std::vector<float> values(count);
  uint32_t state = seed * 2654435761u + 12345u;
  for (float &value : values) {
    state = state * 1664525u + 1013904223u;
    value = float(state >> 8) * 0x1p-22f - 2.0f;
  }
  return values;
}

/// Both NaN, or equal within `tolerance` of the larger magnitude.
inline void expectNear(const std::vector<float> &got, const std::vector<double> &want,
                       double tolerance, const std::string &what) {
  ASSERT_EQ(got.size(), want.size()) << what;
  for (size_t i = 0; i < got.size(); ++i) {
    if (std::isnan(want[i]) ? std::isnan(got[i]) : double(got[i]) == want[i])
      continue;
    ASSERT_LE(std::abs(got[i] - want[i]), tolerance * (1 + std::abs(want[i])))
        << what << ": element " << i << " is " << got[i] << ", not " << want[i];
  }
}

template <class T> Array zeros(int64_t count) { return Array(count * sizeof(T)); }

} // namespace tenon::test

#endif
