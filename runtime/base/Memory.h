// Big memory: weights and arenas, aligned for kernels, from the host's allocator.
#ifndef TENON_BASE_MEMORY_H
#define TENON_BASE_MEMORY_H

#include "runtime/base/Status.h"

#include <cstddef>
#include <cstdint>

namespace tenon::rt {

/// Where big memory comes from: the host's functions, or the C library.
struct Allocator {
  void *(*allocate)(void *user, size_t bytes, size_t alignment) = nullptr;
  void (*deallocate)(void *user, void *memory, size_t bytes) = nullptr;
  void *user = nullptr;
};

/// Owns `size()` bytes aligned to 64, not initialised. Empty when size is 0.
class AlignedMemory {
public:
  AlignedMemory() = default;
  AlignedMemory(AlignedMemory &&other) noexcept { swap(other); }
  AlignedMemory &operator=(AlignedMemory &&other) noexcept {
    swap(other);
    return *this;
  }
  ~AlignedMemory();

  /// `what` names the memory in the message of a failure. Errors: OUT_OF_MEMORY, and
  /// INVALID_ARGUMENT if the host's allocator ignores the alignment.
  static Status allocate(const Allocator &allocator, uint64_t bytes, const char *what,
                         AlignedMemory *out);

  uint8_t *data() const { return memory; }
  uint64_t size() const { return bytes; }

private:
  void swap(AlignedMemory &other) noexcept;

  Allocator allocator;
  uint8_t *memory = nullptr;
  uint64_t bytes = 0;
};

} // namespace tenon::rt

#endif
