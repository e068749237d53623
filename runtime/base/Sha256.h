// SHA-256 (FIPS 180-4).
#ifndef TENON_BASE_SHA256_H
#define TENON_BASE_SHA256_H

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace tenon::rt {

using Sha256Digest = std::array<uint8_t, 32>;

class Sha256 {
public:
  void update(const void *data, size_t size);
  /// The digest of everything so far; the object is used up.
  Sha256Digest finish();

  static Sha256Digest of(const void *data, size_t size);

private:
  void absorb(const uint8_t *block); // 64 bytes

  std::array<uint32_t, 8> state{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, 64> pending{};
  size_t pendingSize = 0;
  uint64_t totalSize = 0;
};

/// 64 lower-case hexadecimal digits.
std::string toHex(const Sha256Digest &digest);

} // namespace tenon::rt

#endif
