#include "runtime/tools/tenon/Environment.h"

#include "runtime/tools/tenon/Report.h"
#include "runtime/train/Machine.h"

#include <CLI/Option.hpp>

#include <algorithm>
#include <cstdio>

namespace tenon::tool {

constexpr uint32_t MostThreads = 256;

void addDeviceOptions(CLI::App &command, DeviceOptions &options) {
  command
      .add_option("--threads", options.threads, "threads that compute (default: physical cores)")
      ->type_name("N")
      ->check([](const std::string &text) {
        bool isCount = !text.empty() && text.size() <= 3 &&
                       text.find_first_not_of("0123456789") == std::string::npos;
        unsigned long count = isCount ? std::stoul(text) : 0;
        return count >= 1 && count <= MostThreads
                   ? ""
                   : "'" + text + "' is not a number of threads: 1 to " +
                         std::to_string(MostThreads);
      });
  command.add_option("--device", options.device, "where to compute: cpu (default)")
      ->type_name("NAME")
      ->check([](const std::string &name) {
        return name == "cpu" ? "" : "'" + name + "' is not supported yet; there is: cpu";
      });
}

static std::string checkDefine(const std::string &text) {
  size_t equals = text.find('=');
  return equals == std::string::npos || equals == 0 ? "'" + text + "' is not NAME=VALUE" : "";
}

void addCompileOptions(CLI::App &command, CompileOptions &options) {
  command
      .add_option("-D", options.defines,
                  "set a constant, hyper-parameter or train setting (.tenon)")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false)
      ->check(checkDefine);
  command.add_option("--mcpu", options.mcpu, "CPU to compile for: x86-64-v3 (default), native, …")
      ->type_name("CPU");
}

static std::string checkDataPath(const std::string &text) {
  size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size())
    return "'" + text + "' is not NAME=PATH";
  return "";
}

void addDataOption(CLI::App &command, DataOptions &options, const std::string &help) {
  command.add_option("--data", options.texts, help)
      ->type_name("NAME=PATH")
      ->allow_extra_args(false)
      ->check(checkDataPath);
}

std::vector<train::DataPath> DataOptions::paths() const {
  std::vector<train::DataPath> paths;
  for (const std::string &text : texts) {
    size_t equals = text.find('=');
    paths.push_back({text.substr(0, equals), text.substr(equals + 1)});
  }
  return paths;
}

int createEnv(const DeviceOptions &options, bool quiet, data::Env &out) {
  tenon_env_options env = {};
  env.threads =
      options.threads != 0 ? options.threads : std::min(train::physicalCores(), MostThreads);
  if (!quiet)
    env.log = [](void *, tenon_log_level level, const char *message) {
      std::fprintf(stderr, "tenon: %s: %s\n", level == TENON_LOG_NOTE ? "note" : "warning",
                   message);
    };
  tenon_env_t *created = nullptr;
  rt::Status status = rt::Status::adopt(tenon_env_create(&env, &created));
  out.reset(created);
  return status.ok() ? Done : fail(status);
}

} // namespace tenon::tool
