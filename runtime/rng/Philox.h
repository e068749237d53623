// Philox4x32-10 (Salmon et al., SC'11): 128 random bits from a counter and a key, no state.
// Header-only, so that every library that shuffles, splits or initialises draws the same numbers.
#ifndef TENON_RNG_PHILOX_H
#define TENON_RNG_PHILOX_H

#include <array>
#include <cstdint>
#include <string_view>

namespace tenon::rt {

using PhiloxCounter = std::array<uint32_t, 4>;
using PhiloxKey = std::array<uint32_t, 2>;

constexpr PhiloxCounter philox4x32(PhiloxCounter counter, PhiloxKey key) {
  for (int round = 0; round < 10; ++round) {
    uint64_t p0 = uint64_t{0xD2511F53} * counter[0];
    uint64_t p1 = uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<uint32_t>(p1 >> 32) ^ counter[1] ^ key[0], static_cast<uint32_t>(p1),
               static_cast<uint32_t>(p0 >> 32) ^ counter[3] ^ key[1], static_cast<uint32_t>(p0)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// [0, 1) with 24 bits: every value is exact in f32.
constexpr double uniformFromBits(uint32_t bits) { return (bits >> 8) * 0x1p-24; }

/// FNV-1a, 32 bits: what turns a path or a word into a number of a key or counter.
constexpr uint32_t fnv1a(std::string_view text) {
  uint32_t hash = 2166136261u;
  for (char character : text)
    hash = (hash ^ static_cast<unsigned char>(character)) * 16777619u;
  return hash;
}

} // namespace tenon::rt

#endif
