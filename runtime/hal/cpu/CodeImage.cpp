#include "runtime/hal/cpu/CodeImage.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace tenon::rt {
namespace {

/// Replaces the pages of a segment by a mapping of a memory file that is executable from birth, for
/// systems that forbid memory once written to become executable. Returns 0 or errno.
int mapFromMemoryFile(uint8_t *at, uint64_t size) {
  int file = ::memfd_create("tenon-code", MFD_CLOEXEC);
  if (file < 0)
    return errno;
  int error = 0;
  for (uint64_t done = 0; done < size && !error;) {
    ssize_t written = ::write(file, at + done, size - done);
    if (written >= 0)
      done += static_cast<uint64_t>(written);
    else if (errno != EINTR)
      error = errno;
  }
  if (!error &&
      ::mmap(at, size, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0) == MAP_FAILED)
    error = errno;
  ::close(file);
  return error;
}

/// Returns 0 or errno.
int makeExecutable(uint8_t *at, uint64_t size) {
  if (::mprotect(at, size, PROT_READ | PROT_EXEC) == 0)
    return 0;
  if (errno != EACCES && errno != EPERM)
    return errno;
  return mapFromMemoryFile(at, size);
}

} // namespace

CodeImage::~CodeImage() {
  if (memory)
    ::munmap(memory, size);
}

Status CodeImage::map(uint64_t memorySize, const std::vector<ImageSegment> &segments,
                      CodeImage *out) {
  CodeImage made;
  void *memory =
      ::mmap(nullptr, memorySize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, "no memory for the code of the model");
  made.memory = static_cast<uint8_t *>(memory);
  made.size = memorySize;
  for (const ImageSegment &segment : segments)
    if (segment.size != 0)
      std::memcpy(made.memory + segment.address, segment.bytes, segment.size);
  // Gaps between segments become read-only too: nothing of an image stays writable.
  if (::mprotect(made.memory, made.size, PROT_READ) != 0)
    return Status::io("code of the model", "cannot protect its memory", errno);
  for (const ImageSegment &segment : segments) {
    if (!segment.executable || segment.size == 0)
      continue;
    uint8_t *at = made.memory + segment.address;
    if (int error = makeExecutable(at, segment.size))
      return Status::io("code of the model",
                        "this system does not let memory become executable; link the model "
                        "(tenonc --emit=lib) instead",
                        error);
    __builtin___clear_cache(reinterpret_cast<char *>(at),
                            reinterpret_cast<char *>(at + segment.size));
  }
  *out = std::move(made);
  return {};
}

void CodeImage::swap(CodeImage &other) noexcept {
  std::swap(memory, other.memory);
  std::swap(size, other.size);
}

} // namespace tenon::rt
