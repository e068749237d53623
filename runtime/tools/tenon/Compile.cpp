#include "runtime/tools/tenon/Compile.h"

#include "runtime/tools/tenon/Report.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

namespace tenon::tool {

namespace fs = std::filesystem;

static bool endsWith(const std::string &text, const std::string &suffix) {
  return text.size() > suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

bool isModelText(const std::string &path) { return endsWith(path, ".tenon"); }
bool isArtifact(const std::string &path) { return endsWith(path, ".tnm"); }

static std::string compilerPath() {
  std::error_code error;
  fs::path self = fs::read_symlink("/proc/self/exe", error);
  return (self.parent_path() / "tenonc").string();
}

/// Waits for a child; its exit code, or -signal.
static int waitFor(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      return Environment;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int runCompiler(const std::vector<std::string> &arguments) {
  std::string path = compilerPath();
  if (access(path.c_str(), X_OK) != 0)
    return fail(Environment, "cannot run the compiler " + path + ": " + std::strerror(errno) +
                                 "; tenon expects tenonc in its own folder");
  std::vector<char *> argv{path.data()};
  for (const std::string &argument : arguments)
    argv.push_back(const_cast<char *>(argument.c_str()));
  argv.push_back(nullptr);
  pid_t child;
  if (int error = posix_spawn(&child, path.c_str(), nullptr, nullptr, argv.data(), environ))
    return fail(Environment, "cannot run the compiler " + path + ": " + std::strerror(error));
  int code = waitFor(child);
  if (code < 0)
    return fail(Bug, "the compiler was ended by signal " + std::to_string(-code) + " (" +
                         strsignal(-code) + ")");
  return code;
}

TemporaryFolder::~TemporaryFolder() {
  if (std::error_code ignored; !folder.empty())
    fs::remove_all(folder, ignored);
}

bool TemporaryFolder::create() {
  std::error_code error;
  fs::path parent = fs::temp_directory_path(error);
  std::string name = (error ? fs::path("/tmp") : parent) / "tenon-XXXXXX";
  if (!mkdtemp(name.data()))
    return false;
  folder = name;
  return true;
}

std::vector<std::string> compilerArguments(const CompileOptions &options) {
  std::vector<std::string> arguments;
  for (const std::string &define : options.defines)
    arguments.insert(arguments.end(), {"-D", define});
  if (!options.mcpu.empty())
    arguments.push_back("--mcpu=" + options.mcpu);
  return arguments;
}

int resolveModel(const std::string &path, const CompileOptions &options, ModelFile &out) {
  if (!isModelText(path) && !isArtifact(path))
    return fail(UserError, path + ": not a .tenon or .tnm file");
  if (std::error_code error; !fs::exists(path, error))
    return fail(UserError, path + ": no such file");
  out.sourceDirectory = fs::path(path).parent_path().string();
  if (isArtifact(path)) {
    if (!options.defines.empty() || !options.mcpu.empty())
      return fail(UserError, path + ": is compiled already; -D and --mcpu go with a .tenon file");
    out.artifact = path;
    return Done;
  }
  if (!out.temporary.create())
    return fail(Environment,
                std::string("cannot make a temporary folder: ") + std::strerror(errno));
  out.artifact = out.temporary.path() + "/model.tnm";
  std::vector<std::string> arguments{path, "-o", out.artifact};
  for (const std::string &argument : compilerArguments(options))
    arguments.push_back(argument);
  return runCompiler(arguments);
}

} // namespace tenon::tool
