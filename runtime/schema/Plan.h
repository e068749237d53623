// Where temporaries lie in an arena: one pure function, the same for compiler (--print-memory) and
// runtime. No exceptions are thrown but std::bad_alloc; nothing but the standard library is used.
#ifndef TENON_SCHEMA_PLAN_H
#define TENON_SCHEMA_PLAN_H

#include <cstdint>
#include <vector>

namespace tenon::schema {

/// A temporary: `bytes` bytes that are live from command `first` to command `last`, both included.
/// With an alias it lies at the start of that earlier buffer's memory; the memory is then as large
/// as the largest of those that share it and live as long as any of them.
struct PlanBuffer {
  uint64_t bytes = 0;
  uint32_t first = 0;
  uint32_t last = 0;
  int32_t alias = -1; // index of an earlier buffer, or -1
};

struct ArenaPlan {
  std::vector<uint64_t> offsets; // of each buffer, multiples of 64
  uint64_t bytes = 0;            // of the arena, a multiple of 64
  uint64_t peak = 0;             // the most bytes that live at one command: no arena is smaller
};

enum class PlanError {
  None,
  Lifetime, // first > last
  Alias,    // does not point at an earlier buffer
  TooLarge  // the arena has more than 2^62 bytes
};

/// Places buffers one after the other at the lowest gap that fits among those already placed whose
/// lifetimes overlap: the largest first. As long as the arena is larger than the peak, the buffer
/// that ends highest is placed earlier and all is tried again, a number of times; then so for those
/// first that take most bytes times commands, and for the longest-lived first. The smallest arena
/// is kept. Deterministic; n buffers take a few million steps or O(n^2), whatever is more.
/// `errorBuffer`, if given, receives the index of the buffer at fault.
PlanError planArena(const std::vector<PlanBuffer> &buffers, ArenaPlan *out,
                    uint32_t *errorBuffer = nullptr);

} // namespace tenon::schema

#endif
