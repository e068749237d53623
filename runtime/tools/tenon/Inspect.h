// Files in words.
#ifndef TENON_TOOLS_INSPECT_H
#define TENON_TOOLS_INSPECT_H

#include "runtime/base/Status.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>

namespace tenon::tool {

/// Each prints to stdout.
rt::Status inspectModel(const tenon_model_t *model);
rt::Status inspectWeights(const std::string &path);
rt::Status inspectCheckpoint(const std::string &path);
rt::Status inspectRun(tenon_env_t *env, const std::string &path);

/// "1.2 KiB", "64 B".
std::string showBytes(uint64_t bytes);
/// "1,234".
std::string showCount(uint64_t count);

} // namespace tenon::tool

#endif // TENON_TOOLS_INSPECT_H
