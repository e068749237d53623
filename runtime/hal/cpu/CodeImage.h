// Executable memory for the kernels of an artifact.
#ifndef TENON_HAL_CPU_CODEIMAGE_H
#define TENON_HAL_CPU_CODEIMAGE_H

#include "runtime/base/Status.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tenon::rt {

/// A part of an image: `size` bytes of file content at `address`, which is a multiple of 65536.
struct ImageSegment {
  uint64_t address = 0;
  const uint8_t *bytes = nullptr;
  uint64_t size = 0;
  bool executable = false;
};

/// A position-independent image in memory. Written first, then made read-only or read-execute:
/// never writable and executable at once.
class CodeImage {
public:
  CodeImage() = default;
  CodeImage(CodeImage &&other) noexcept { swap(other); }
  CodeImage &operator=(CodeImage &&other) noexcept {
    swap(other);
    return *this;
  }
  ~CodeImage();

  /// The segments are sorted, do not share a 64 KiB page and lie within `memorySize` (the caller
  /// has checked). Errors: IO where the operating system forbids code from memory,
  /// OUT_OF_MEMORY.
  static Status map(uint64_t memorySize, const std::vector<ImageSegment> &segments, CodeImage *out);

  const uint8_t *base() const { return memory; }

private:
  void swap(CodeImage &other) noexcept;

  uint8_t *memory = nullptr;
  size_t size = 0;
};

} // namespace tenon::rt

#endif
