#include "runtime/base/Memory.h"

#include "runtime/base/Checked.h"

#include <cinttypes>
#include <cstdlib>
#include <utility>

namespace tenon::rt {

AlignedMemory::~AlignedMemory() {
  if (!memory)
    return;
  if (allocator.deallocate)
    allocator.deallocate(allocator.user, memory, bytes);
  else
    std::free(memory);
}

Status AlignedMemory::allocate(const Allocator &allocator, uint64_t bytes, const char *what,
                               AlignedMemory *out) {
  AlignedMemory made;
  uint64_t rounded = 0;
  if (!checkedAlign64(bytes, &rounded) || rounded > PTRDIFF_MAX)
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, "%s: %" PRIu64 " bytes cannot be addressed",
                         what, bytes);
  if (rounded != 0) {
    void *memory = allocator.allocate ? allocator.allocate(allocator.user, rounded, 64)
                                      : std::aligned_alloc(64, rounded);
    if (!memory)
      return Status::error(TENON_STATUS_OUT_OF_MEMORY, "%s: no memory for %" PRIu64 " bytes", what,
                           rounded);
    made.allocator = allocator;
    made.memory = static_cast<uint8_t *>(memory);
    made.bytes = rounded;
    if (!isAligned64(memory))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "the allocator of the env returned memory that is not aligned to 64 "
                           "bytes, although it was asked to");
  }
  *out = std::move(made);
  return {};
}

void AlignedMemory::swap(AlignedMemory &other) noexcept {
  std::swap(allocator, other.allocator);
  std::swap(memory, other.memory);
  std::swap(bytes, other.bytes);
}

} // namespace tenon::rt
