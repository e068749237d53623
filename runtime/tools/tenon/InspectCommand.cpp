#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Inspect.h"
#include "runtime/tools/tenon/Report.h"

#include <CLI/Option.hpp>

#include <filesystem>
#include <memory>

namespace tenon::tool {

using rt::Status;
namespace fs = std::filesystem;

static const char Examples[] = R"(Examples:
  tenon inspect mlp.tnm                              entries, parameters, kernels
  tenon inspect runs/mlp                             a run: where it stands, what it was made from
  tenon inspect runs/mlp/weights.safetensors         tensors and fitted values
  tenon inspect runs/mlp/checkpoints/latest)";

static int inspectModelFile(const std::string &path) {
  ModelFile file;
  if (int code = resolveModel(path, {}, file))
    return code;
  data::Env env;
  if (int code = createEnv({1, "cpu"}, /*quiet=*/true, env))
    return code;
  tenon_model_t *loaded = nullptr;
  Status status =
      Status::adopt(tenon_model_load_file(env.get(), file.artifact.c_str(), nullptr, &loaded));
  data::Model model(loaded);
  if (status.ok())
    status = inspectModel(loaded);
  return status.ok() ? Done : fail(status);
}

static int inspectDirectory(const std::string &path) {
  std::error_code error;
  Status status;
  if (fs::exists(path + "/MANIFEST.json", error)) {
    status = inspectCheckpoint(path);
  } else {
    data::Env env;
    if (int code = createEnv({1, "cpu"}, /*quiet=*/true, env))
      return code;
    status = inspectRun(env.get(), path);
  }
  return status.ok() ? Done : fail(status);
}

static int inspect(const std::string &path) {
  std::error_code error;
  if (!fs::exists(path, error))
    return fail(UserError, path + ": no such file or directory");
  if (fs::is_directory(path, error))
    return inspectDirectory(path);
  if (isModelText(path) || isArtifact(path))
    return inspectModelFile(path);
  if (fs::path(path).extension() != ".safetensors")
    return fail(UserError, path + ": not a .tnm, .tenon or .safetensors file, nor a run");
  Status status = inspectWeights(path);
  return status.ok() ? Done : fail(status);
}

Command addInspect(CLI::App &app) {
  auto path = std::make_shared<std::string>();
  CLI::App *command = app.add_subcommand("inspect", "Say in words what is in a file or directory");
  command->footer(Examples);
  command->add_option("FILE", *path, "model, weights, checkpoint or run directory")
      ->type_name("")
      ->required();
  return [path] { return inspect(*path); };
}

} // namespace tenon::tool
