// Names that survive a crash or a power cut; rt::AtomicFile does the same for contents.
#ifndef TENON_TRAIN_DURABLEFILE_H
#define TENON_TRAIN_DURABLEFILE_H

#include "runtime/base/Status.h"

#include <string>
#include <string_view>

namespace tenon::train {

/// Replaces the file at `path` by one that holds `bytes`, atomically and durably.
rt::Status writeFile(const std::string &path, std::string_view bytes);

/// Makes the names in a directory durable.
rt::Status syncDirectory(const std::string &path);

/// Renames, replacing `to`, and syncs the directory that holds `to`.
rt::Status renameDurably(const std::string &from, const std::string &to);

} // namespace tenon::train

#endif // TENON_TRAIN_DURABLEFILE_H
