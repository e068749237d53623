// Whole files in memory.
#ifndef TENON_DATA_TEXTFILE_H
#define TENON_DATA_TEXTFILE_H

#include "runtime/base/Status.h"

#include <string>

namespace tenon::data {

/// Reads all of the file at `path`, which may also be a pipe. Errors name the path and the system's
/// reason; a directory is an error.
rt::Status readTextFile(const std::string &path, std::string &out);

} // namespace tenon::data

#endif // TENON_DATA_TEXTFILE_H
