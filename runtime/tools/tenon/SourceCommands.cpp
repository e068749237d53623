// fmt and check: the compiler's own work on model texts, under the name people type.
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"

#include <CLI/Option.hpp>

#include <algorithm>
#include <filesystem>
#include <memory>

namespace tenon::tool {

/// Runs `tenonc MODE FILE` for each file and returns the worst exit code.
static int runOnEach(const char *mode, const std::vector<std::string> &files,
                     const std::vector<std::string> &more) {
  int worst = Done;
  for (const std::string &file : files) {
    if (std::error_code error; !std::filesystem::exists(file, error)) {
      worst = std::max(worst, fail(UserError, file + ": no such file"));
      continue;
    }
    std::vector<std::string> arguments{mode, file};
    arguments.insert(arguments.end(), more.begin(), more.end());
    worst = std::max(worst, runCompiler(arguments));
  }
  return worst;
}

Command addFormat(CLI::App &app) {
  auto files = std::make_shared<std::vector<std::string>>();
  CLI::App *command = app.add_subcommand("fmt", "Rewrite model texts in the one format");
  command->footer("Example:\n  tenon fmt mlp.tenon");
  command->add_option("FILE", *files, "model texts (.tenon)")->type_name("")->required();
  return [files] { return runOnEach("--format", *files, {}); };
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
    return runOnEach("--check", options->files, compilerArguments(options->compile));
  };
}

} // namespace tenon::tool
