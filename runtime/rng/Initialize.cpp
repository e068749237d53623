#include "runtime/rng/Initialize.h"

#include "runtime/rng/Math.h"
#include "runtime/rng/Philox.h"

#include <cmath>

namespace tenon::rt {
namespace {

void store(tenon_dtype dtype, void *out, uint64_t index, double value) {
  switch (dtype) {
  case TENON_DTYPE_F32:
    static_cast<float *>(out)[index] = static_cast<float>(value);
    return;
  case TENON_DTYPE_F64:
    static_cast<double *>(out)[index] = value;
    return;
  case TENON_DTYPE_I32:
    static_cast<int32_t *>(out)[index] = static_cast<int32_t>(value);
    return;
  case TENON_DTYPE_I64:
    static_cast<int64_t *>(out)[index] = static_cast<int64_t>(value);
    return;
  default:
    static_cast<uint8_t *>(out)[index] = value != 0;
    return;
  }
}

/// Two independent normal values. The radius uses all 32 bits, in (0, 1].
void boxMuller(uint32_t radiusBits, uint32_t angleBits, double *out) {
  double u = (radiusBits + 1.0) * 0x1p-32;
  double radius = std::sqrt(-2 * portableLog(u)); // sqrt is exactly rounded by IEEE
  CosSin angle = portableCosSinOfTurns(angleBits * 0x1p-32);
  out[0] = radius * angle.cos;
  out[1] = radius * angle.sin;
}

} // namespace

void initialize(const Initializer &initializer, uint64_t seed, std::string_view path,
                tenon_dtype dtype, uint64_t count, void *out) {
  if (initializer.kind == Initializer::Kind::Constant) {
    for (uint64_t i = 0; i < count; ++i)
      store(dtype, out, i, initializer.a);
    return;
  }
  PhiloxKey key = {static_cast<uint32_t>(seed), fnv1a(path)};
  uint32_t seedHigh = static_cast<uint32_t>(seed >> 32);
  for (uint64_t block = 0; block * 4 < count; ++block) {
    PhiloxCounter bits = philox4x32(
        {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), seedHigh, 0}, key);
    double values[4];
    if (initializer.kind == Initializer::Kind::Uniform) {
      for (int lane = 0; lane < 4; ++lane)
        values[lane] =
            initializer.a + (initializer.b - initializer.a) * uniformFromBits(bits[lane]);
    } else {
      boxMuller(bits[0], bits[1], values);
      boxMuller(bits[2], bits[3], values + 2);
      for (double &value : values)
        value = initializer.a + initializer.b * value;
    }
    for (uint64_t lane = 0; lane < 4 && block * 4 + lane < count; ++lane)
      store(dtype, out, block * 4 + lane, values[lane]);
  }
}

} // namespace tenon::rt
