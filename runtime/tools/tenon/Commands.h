// The subcommands of `tenon`. Each adds its options to the command line; the returned function runs
// it after parsing and returns the exit code.
#ifndef TENON_TOOLS_COMMANDS_H
#define TENON_TOOLS_COMMANDS_H

#include <CLI/App.hpp>

#include <functional>

namespace tenon::tool {

/// What `tenon` was called with, for records.
struct Invocation {
  int argc;
  const char *const *argv;
};

using Command = std::function<int()>;

Command addTrain(CLI::App &app, const Invocation &invocation);
Command addEval(CLI::App &app);
Command addRun(CLI::App &app);
Command addInspect(CLI::App &app);
Command addBench(CLI::App &app);
Command addFormat(CLI::App &app);
Command addCheck(CLI::App &app);

} // namespace tenon::tool

#endif // TENON_TOOLS_COMMANDS_H
