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
};

enum class PlanError {
  None,
  Lifetime, // first > last
  Alias,    // does not point at an earlier buffer
  TooLarge  // the arena has more than 2^62 bytes
};

/// Places buffers of decreasing size (ties: by index) at the lowest gap that fits among those
/// already placed whose lifetimes overlap. Deterministic. `errorBuffer`, if given, receives the
/// index of the buffer at fault.
PlanError planArena(const std::vector<PlanBuffer> &buffers, ArenaPlan *out,
                    uint32_t *errorBuffer = nullptr);

} // namespace tenon::schema

#endif
