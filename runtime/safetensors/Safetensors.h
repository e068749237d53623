// safetensors files: the reader trusts nothing (README.md beside this file has its 14 rules), the
// writer gives the same bytes for the same tensors.
#ifndef TENON_SAFETENSORS_SAFETENSORS_H
#define TENON_SAFETENSORS_SAFETENSORS_H

#include "runtime/base/File.h"
#include "runtime/base/Status.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tenon::rt {

/// One tensor of a file that was read, or is to be written.
struct FileTensor {
  std::string name;
  tenon_dtype dtype = TENON_DTYPE_F32;
  std::vector<int64_t> dims;
  const uint8_t *data = nullptr; // any alignment; of a file that was read, points into its bytes
  uint64_t bytes = 0;
  /// For writing what does not lie in memory as in the file: gives the bytes [offset, offset +
  /// bytes), both multiples of 8 but for the end. Unset: they are at `data`.
  std::function<void(uint64_t offset, uint64_t bytes, void *out)> give = nullptr;
};

using FileMetadata = std::map<std::string, std::string>;

/// A checked file, or checked bytes in memory.
class Safetensors {
public:
  /// Maps the file and keeps it mapped. Errors: IO, SAFETENSORS_*; messages begin with the path.
  static Status open(const std::string &path, Safetensors *out);
  /// The bytes must outlive the result.
  static Status parse(const uint8_t *data, uint64_t size, Safetensors *out);

  /// Sorted by place in the file.
  const std::vector<FileTensor> &tensors() const { return entries; }
  const FileMetadata &metadata() const { return values; }
  /// Null if there is none of that name.
  const FileTensor *find(const std::string &name) const;

private:
  MappedFile file;
  std::vector<FileTensor> entries;
  std::map<std::string, size_t> byName;
  FileMetadata values;
};

/// Writes atomically: sorted by descending element type, then name, as the reference writer does;
/// the header is padded with spaces so that the data starts at a multiple of 64. Errors: IO, and
/// INVALID_ARGUMENT for what the reader would refuse (names, duplicates, sizes).
Status writeSafetensors(const std::string &path, std::vector<FileTensor> tensors,
                        const FileMetadata &metadata);

} // namespace tenon::rt

#endif
