// SHA-256 digests of files and texts, as lower-case hexadecimal.
#ifndef TENON_TRAIN_DIGEST_H
#define TENON_TRAIN_DIGEST_H

#include "runtime/base/Status.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace tenon::train {

struct FileDigest {
  uint64_t bytes = 0;
  std::string sha256;
};

/// Of a regular file.
rt::Status digestFile(const std::string &path, FileDigest &out);

std::string digestText(std::string_view text);

} // namespace tenon::train

#endif // TENON_TRAIN_DIGEST_H
