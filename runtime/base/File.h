// Files: read whole by mapping, written whole or not at all.
#ifndef TENON_BASE_FILE_H
#define TENON_BASE_FILE_H

#include "runtime/base/Status.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace tenon::rt {

/// A regular file mapped read-only. The bytes change if another process writes into the file, so
/// whoever checks them copies what must stay checked.
class MappedFile {
public:
  MappedFile() = default;
  MappedFile(MappedFile &&other) noexcept { swap(other); }
  MappedFile &operator=(MappedFile &&other) noexcept {
    swap(other);
    return *this;
  }
  ~MappedFile();

  /// Errors: IO, with the path; a folder, pipe or device is refused.
  static Status open(const std::string &path, MappedFile *out);

  const uint8_t *data() const { return bytes; } // null if empty
  size_t size() const { return length; }

private:
  void swap(MappedFile &other) noexcept;

  const uint8_t *bytes = nullptr;
  size_t length = 0;
};

/// Writes a file beside `path`, syncs it and renames it over `path`: at every moment, also after a
/// crash, `path` is the old file or the whole new one. Not committed: nothing remains.
class AtomicFile {
public:
  AtomicFile() = default;
  AtomicFile(const AtomicFile &) = delete;
  AtomicFile &operator=(const AtomicFile &) = delete;
  ~AtomicFile();

  Status create(const std::string &path);
  Status write(const void *data, size_t size);
  /// The last call: syncs file and folder.
  Status commit();

private:
  std::string path;
  std::string temporary;
  int descriptor = -1;
};

} // namespace tenon::rt

#endif
