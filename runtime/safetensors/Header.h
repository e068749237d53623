// The JSON header of a safetensors file, as parsed: rules 4 to 11 and 14 hold.
#ifndef TENON_SAFETENSORS_HEADER_H
#define TENON_SAFETENSORS_HEADER_H

#include "runtime/safetensors/Safetensors.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::rt {

struct HeaderEntry {
  FileTensor tensor; // without data
  uint64_t begin = 0, end = 0;
};

struct Header {
  std::vector<HeaderEntry> entries; // in the order of the text
  FileMetadata metadata;
};

/// `dataSize` is the number of bytes behind the header, for rule 11.
Status parseHeader(const char *text, uint64_t size, uint64_t dataSize, Header *out);

/// Names of element types in files.
const char *fileDTypeName(tenon_dtype dtype);                      // null if files cannot have it
bool fileDTypeFromName(const std::string &name, tenon_dtype *out); // false if unknown
/// The rank of a type in the order of the reference writer: larger comes first in the file.
int fileDTypeOrder(tenon_dtype dtype);

bool isValidUtf8(const char *text, uint64_t size);
/// Rule 14: 1 to 512 bytes, no NUL.
bool isValidTensorName(const std::string &name);

} // namespace tenon::rt

#endif
