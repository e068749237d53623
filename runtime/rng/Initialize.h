// Initial values of parameters and states: a pure function of (seed, path, element).
#ifndef TENON_RNG_INITIALIZE_H
#define TENON_RNG_INITIALIZE_H

#include "tenon/tenon.h"

#include <cstdint>
#include <string_view>

namespace tenon::rt {

/// How one tensor starts.
struct Initializer {
  enum class Kind { Constant, Uniform, Normal };
  Kind kind = Kind::Constant;
  double a = 0; // the constant | low | mean
  double b = 0; // - | high (excluded) | standard deviation
};

/// Fills `count` elements. Random kinds are for F32 and F64 only.
///
/// Philox key (low word of seed, FNV-1a of path), counter (block low, block high, high word of
/// seed, 0); block b gives elements 4b … 4b+3, one lane each. Uniform: low + (high - low) * u with
/// u = lane >> 8 in 2^-24. Normal: Box-Muller on lanes (0, 1) and (2, 3), f64 rounded to the type.
void initialize(const Initializer &initializer, uint64_t seed, std::string_view path,
                tenon_dtype dtype, uint64_t count, void *out);

} // namespace tenon::rt

#endif
