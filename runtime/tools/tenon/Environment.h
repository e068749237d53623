// Options that several commands share, and the env that they compute in.
#ifndef TENON_TOOLS_ENVIRONMENT_H
#define TENON_TOOLS_ENVIRONMENT_H

#include "runtime/base/Status.h"
#include "runtime/data/Handles.h"

#include "runtime/tools/tenon/Compile.h"
#include "runtime/train/Run.h"

#include <CLI/App.hpp>

#include <string>
#include <vector>

namespace tenon::tool {

struct DeviceOptions {
  uint32_t threads = 0; // 0: the physical cores
  std::string device = "cpu";
};
void addDeviceOptions(CLI::App &command, DeviceOptions &options);

/// `-D NAME=VALUE`, `--mcpu CPU`.
void addCompileOptions(CLI::App &command, CompileOptions &options);

/// `--data NAME=PATH`, several times.
struct DataOptions {
  std::vector<std::string> texts;
  std::vector<train::DataPath> paths() const; // after parsing
};
void addDataOption(CLI::App &command, DataOptions &options, const std::string &help);

/// Threads as asked for, notes of the library on stderr unless `quiet`. Returns Done or, after
/// saying what is wrong, an exit code.
int createEnv(const DeviceOptions &options, bool quiet, data::Env &out);

} // namespace tenon::tool

#endif // TENON_TOOLS_ENVIRONMENT_H
