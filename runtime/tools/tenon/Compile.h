// The compiler beside this program.
#ifndef TENON_TOOLS_COMPILE_H
#define TENON_TOOLS_COMPILE_H

#include <string>
#include <vector>

namespace tenon::tool {

/// Runs the tenonc in the folder of this program with `arguments`, on the same stdin, stdout and
/// stderr, and returns its exit code. Says why and returns Environment if there is none, Bug if it
/// was killed.
int runCompiler(const std::vector<std::string> &arguments);

/// A folder under $TMPDIR that goes when the object goes.
class TemporaryFolder {
public:
  TemporaryFolder() = default;
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder &) = delete;
  TemporaryFolder &operator=(const TemporaryFolder &) = delete;

  /// Makes the folder; false, with errno set, if that fails.
  bool create();
  const std::string &path() const { return folder; }

private:
  std::string folder;
};

/// A model named on the command line: compiled if it is a model text.
struct ModelFile {
  std::string artifact;        // path of the .tnm
  std::string sourceDirectory; // that paths in the model text are relative to
  TemporaryFolder temporary;   // holds `artifact` if it was compiled here
};

struct CompileOptions {
  std::vector<std::string> defines; // "name=value"
  std::string mcpu;                 // empty: tenonc's default
};

/// The options as tenonc takes them.
std::vector<std::string> compilerArguments(const CompileOptions &options);

bool isModelText(const std::string &path);
bool isArtifact(const std::string &path);

/// Finds or makes the artifact of `path`, which ends in .tenon or .tnm. Returns Done, or an exit
/// code after saying what is wrong.
int resolveModel(const std::string &path, const CompileOptions &options, ModelFile &out);

} // namespace tenon::tool

#endif // TENON_TOOLS_COMPILE_H
