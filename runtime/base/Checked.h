// Arithmetic that says when it overflows. Everything that is computed from a file's numbers, before
// memory is taken or an address is made, goes through these.
#ifndef TENON_BASE_CHECKED_H
#define TENON_BASE_CHECKED_H

#include <cstddef>
#include <cstdint>

namespace tenon::rt {

/// *out = a + b; false, and *out unspecified, if that does not fit.
template <typename T> [[nodiscard]] bool checkedAdd(T a, T b, T *out) {
  return !__builtin_add_overflow(a, b, out);
}
template <typename T> [[nodiscard]] bool checkedMul(T a, T b, T *out) {
  return !__builtin_mul_overflow(a, b, out);
}

/// Whether [offset, offset + bytes) lies inside [0, size).
inline bool isInside(uint64_t offset, uint64_t bytes, uint64_t size) {
  return offset <= size && bytes <= size - offset;
}

/// The next multiple of 64, what the kernel interface asks of every buffer.
[[nodiscard]] inline bool checkedAlign64(uint64_t bytes, uint64_t *out) {
  if (!checkedAdd<uint64_t>(bytes, 63, out))
    return false;
  *out &= ~uint64_t{63};
  return true;
}

inline bool isAligned64(const void *pointer) {
  return (reinterpret_cast<uintptr_t>(pointer) & 63) == 0;
}

} // namespace tenon::rt

#endif
