#include "runtime/base/File.h"

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace tenon::rt {
namespace {

/// Closes on every way out.
struct Descriptor {
  int value;
  ~Descriptor() {
    if (value >= 0)
      ::close(value);
  }
};

int openRetrying(const char *path, int flags, mode_t mode = 0) {
  int descriptor;
  do
    descriptor = ::open(path, flags | O_CLOEXEC, mode);
  while (descriptor < 0 && errno == EINTR);
  return descriptor;
}

std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

MappedFile::~MappedFile() {
  if (bytes)
    ::munmap(const_cast<uint8_t *>(bytes), length);
}

Status MappedFile::open(const std::string &path, MappedFile *out) {
  // O_NONBLOCK: opening a pipe must not wait for a writer.
  Descriptor file{openRetrying(path.c_str(), O_RDONLY | O_NONBLOCK)};
  if (file.value < 0)
    return Status::io(path, "cannot open", errno);
  struct stat info;
  if (::fstat(file.value, &info) != 0)
    return Status::io(path, "cannot look at", errno);
  if (!S_ISREG(info.st_mode))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: not a regular file", path.c_str());
  MappedFile made;
  if (info.st_size > 0) {
    size_t length = static_cast<size_t>(info.st_size);
    void *bytes = ::mmap(nullptr, length, PROT_READ, MAP_PRIVATE, file.value, 0);
    if (bytes == MAP_FAILED)
      return Status::io(path, "cannot map", errno);
    made.bytes = static_cast<const uint8_t *>(bytes);
    made.length = length;
  }
  *out = std::move(made);
  return {};
}

void MappedFile::swap(MappedFile &other) noexcept {
  std::swap(bytes, other.bytes);
  std::swap(length, other.length);
}

AtomicFile::~AtomicFile() {
  if (descriptor >= 0)
    ::close(descriptor);
  if (!temporary.empty())
    ::unlink(temporary.c_str());
}

Status AtomicFile::create(const std::string &target) {
  static std::atomic<uint32_t> counter{0};
  path = target;
  std::string name =
      target + ".tmp-" + std::to_string(::getpid()) + "-" + std::to_string(counter.fetch_add(1));
  descriptor = openRetrying(name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
  if (descriptor < 0)
    return Status::io(target, "cannot create", errno);
  temporary = std::move(name);
  return {};
}

Status AtomicFile::write(const void *data, size_t size) {
  const uint8_t *bytes = static_cast<const uint8_t *>(data);
  while (size != 0) {
    ssize_t written = ::write(descriptor, bytes, size);
    if (written < 0 && errno == EINTR)
      continue;
    if (written < 0)
      return Status::io(path, "cannot write", errno);
    bytes += written;
    size -= static_cast<size_t>(written);
  }
  return {};
}

Status AtomicFile::commit() {
  if (::fsync(descriptor) != 0)
    return Status::io(path, "cannot sync", errno);
  int closed = ::close(std::exchange(descriptor, -1));
  if (closed != 0)
    return Status::io(path, "cannot close", errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0)
    return Status::io(path, "cannot rename the finished file to this name", errno);
  temporary.clear();
  // Without this the rename itself may be lost when power fails.
  std::string folder = folderOf(path);
  Descriptor parent{openRetrying(folder.c_str(), O_RDONLY | O_DIRECTORY)};
  if (parent.value < 0 || ::fsync(parent.value) != 0)
    return Status::io(folder, "cannot sync the folder", errno);
  return {};
}

} // namespace tenon::rt
