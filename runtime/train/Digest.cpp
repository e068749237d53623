#include "runtime/train/Digest.h"

#include "runtime/base/File.h"
#include "runtime/base/Sha256.h"

namespace tenon::train {

using rt::Status;

Status digestFile(const std::string &path, FileDigest &out) {
  rt::MappedFile file;
  TENON_TRY(rt::MappedFile::open(path, &file));
  out.bytes = file.size();
  out.sha256 = rt::toHex(rt::Sha256::of(file.data(), file.size()));
  return Status();
}

std::string digestText(std::string_view text) {
  return rt::toHex(rt::Sha256::of(text.data(), text.size()));
}

} // namespace tenon::train
