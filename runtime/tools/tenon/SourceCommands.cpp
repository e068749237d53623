// fmt and check: the compiler's own work on model texts, under the name people type.
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"

#include <CLI/Option.hpp>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <memory>

namespace tenon::tool {

using Arguments = std::vector<std::string>;

/// Runs tenonc for each file, with the arguments that `forFile` gives it, and returns the worst
/// exit code.
static int runOnEach(const std::vector<std::string> &files,
                     const std::function<Arguments(const std::string &)> &forFile) {
  int worst = Done;
  for (const std::string &file : files) {
    std::error_code error;
    int code = std::filesystem::exists(file, error) ? runCompiler(forFile(file))
                                                    : fail(UserError, file + ": no such file");
    worst = std::max(worst, code);
  }
  return worst;
}

Command addFormat(CLI::App &app) {
  struct Options {
    std::vector<std::string> files;
    bool print = false;
  };
  auto options = std::make_shared<Options>();
  CLI::App *command = app.add_subcommand("fmt", "Rewrite model texts in the one layout");
  command->footer("Examples:\n  tenon fmt mlp.tenon\n  tenon fmt --print mlp.tenon | less");
  command->add_option("FILE", options->files, "model texts (.tenon)")->type_name("")->required();
  command->add_flag("--print", options->print, "to standard output; the files stay as they are");
  return [options] {
    return runOnEach(options->files, [&](const std::string &file) -> Arguments {
      if (options->print)
        return {"--format", file};
      return {"--format", file, "-o", file};
    });
  };
}

Command addCheck(CLI::App &app) {
  struct Options {
    std::vector<std::string> files;
    CompileOptions compile;
  };
  auto options = std::make_shared<Options>();
  CLI::App *command = app.add_subcommand("check", "Check model texts without compiling them");
  command->footer("Example:\n  tenon check mlp.tenon");
  command->add_option("FILE", options->files, "model texts (.tenon)")->type_name("")->required();
  addCompileOptions(*command, options->compile);
  return [options] {
    return runOnEach(options->files, [&](const std::string &file) {
      Arguments arguments{file, "--check"};
      for (const std::string &argument : compilerArguments(options->compile))
        arguments.push_back(argument);
      return arguments;
    });
  };
}

} // namespace tenon::tool
