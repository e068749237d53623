// The functions of the C library are replaced by ones that count and then call glibc's own.
#include "Allocations.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>

static std::atomic<uint64_t> mallocCount{0}, environmentCount{0};

extern "C" {
void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t bytes) {
  ++mallocCount;
  return __libc_malloc(bytes);
}
void *calloc(size_t count, size_t bytes) {
  ++mallocCount;
  return __libc_calloc(count, bytes);
}
void *realloc(void *memory, size_t bytes) {
  ++mallocCount;
  return __libc_realloc(memory, bytes);
}
void *aligned_alloc(size_t alignment, size_t bytes) {
  ++mallocCount;
  return __libc_memalign(alignment, bytes);
}
int posix_memalign(void **out, size_t alignment, size_t bytes) {
  ++mallocCount;
  *out = __libc_memalign(alignment, bytes);
  return *out ? 0 : ENOMEM;
}
}

uint64_t mallocs() { return mallocCount; }
uint64_t environmentAllocations() { return environmentCount; }

tenon_env_options countingEnvironment() {
  tenon_env_options options = {};
  options.allocate = [](void *, size_t bytes, size_t alignment) {
    ++environmentCount;
    return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  };
  options.deallocate = [](void *, void *memory, size_t) { std::free(memory); };
  return options;
}
