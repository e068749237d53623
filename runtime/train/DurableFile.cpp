#include "runtime/train/DurableFile.h"

#include "runtime/base/File.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace tenon::train {

using rt::Status;

Status writeFile(const std::string &path, std::string_view bytes) {
  rt::AtomicFile file;
  TENON_TRY(file.create(path));
  TENON_TRY(file.write(bytes.data(), bytes.size()));
  return file.commit();
}

Status syncDirectory(const std::string &path) {
  int directory = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0)
    return Status::io(path, "cannot open", errno);
  int error = ::fsync(directory) == 0 ? 0 : errno;
  ::close(directory);
  return error == 0 ? Status() : Status::io(path, "cannot sync", error);
}

Status renameDurably(const std::string &from, const std::string &to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    return Status::io(to, "cannot rename to this name", errno);
  std::string parent = std::filesystem::path(to).parent_path().string();
  return syncDirectory(parent.empty() ? "." : parent);
}

} // namespace tenon::train
