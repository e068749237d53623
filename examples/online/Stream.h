// The world that the example learns: rows of eight numbers, and a target that depends on them in a
// way that turns slowly. A model that stops learning is soon wrong.
#ifndef ONLINE_STREAM_H
#define ONLINE_STREAM_H

#include <cmath>
#include <cstdint>

class Stream {
public:
  static constexpr int Features = 8;

  explicit Stream(uint32_t seed) : random(seed) {}

  /// A row of numbers between -1 and 1.
  void row(float *x) {
    for (int i = 0; i < Features; ++i) {
      random = random * 1664525u + 1013904223u;
      x[i] = static_cast<float>(random >> 8) / (1 << 23) - 1;
    }
  }

  /// The target of a row when `batches` batches have arrived; a full turn takes 25,000.
  static float target(const float *x, int64_t batches) {
    float angle = static_cast<float>(batches) / 4000;
    return std::sin(angle) * (x[0] - x[1]) + std::cos(angle) * (x[2] + x[3] * x[4]);
  }

private:
  uint32_t random;
};

#endif
