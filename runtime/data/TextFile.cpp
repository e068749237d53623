#include "runtime/data/TextFile.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>

namespace tenon::data {

using rt::Status;

Status readTextFile(const std::string &path, std::string &out) {
  std::unique_ptr<FILE, int (*)(FILE *)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
  if (!file)
    return Status::error(TENON_STATUS_NOT_FOUND, path + ": cannot open: " + std::strerror(errno));
  out.clear();
  try {
    constexpr size_t Block = size_t(1) << 16;
    for (size_t got = Block; got == Block;) {
      size_t size = out.size();
      out.resize(size + Block);
      got = std::fread(&out[size], 1, Block, file.get());
      out.resize(size + got);
    }
  } catch (const std::bad_alloc &) {
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, path + ": not enough memory to read it");
  }
  if (std::ferror(file.get()))
    return Status::error(TENON_STATUS_IO, path + ": cannot read: " + std::strerror(errno));
  return Status();
}

} // namespace tenon::data
