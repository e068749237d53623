#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"
#include "runtime/train/Progress.h"
#include "runtime/train/RunEvaluation.h"

#include <CLI/Option.hpp>
#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdio>
#include <memory>

namespace tenon::tool {

namespace {

struct EvalOptions {
  std::string run;
  std::string split;
  DataOptions data;
  DeviceOptions device;
  bool json = false;
};

} // namespace

static const char Examples[] = R"(Examples:
  tenon eval runs/mlp                             the test split, else val, else train
  tenon eval runs/mlp --split train
  tenon eval runs/mlp --data patients=later.csv   all rows of another file)";

/// What is not a number becomes null.
static void printJson(const train::RunEvaluation &result) {
  nlohmann::ordered_json text = {{"block", result.block},
                                 {"data", result.dataPath},
                                 {"split", result.split},
                                 {"rows", result.rows}};
  for (const train::NamedValue &named : result.values)
    text[named.name] = named.value;
  for (const train::PredictionError &error : result.predictions)
    text["predictions"][error.name] = {{"mse", error.mse}, {"mae", error.mae}, {"r2", error.r2}};
  std::printf("%s\n", text.dump(2).c_str());
}

static void printWords(const train::RunEvaluation &result) {
  std::string rows = std::to_string(result.rows) + (result.rows == 1 ? " row" : " rows");
  if (result.trainedOn)
    std::printf("%s, split 'train': these are training rows\n", rows.c_str());
  else if (result.split.empty())
    std::printf("%s, all of %s\n", rows.c_str(), result.dataPath.c_str());
  else
    std::printf("%s, split '%s'\n", rows.c_str(), result.split.c_str());
  for (const train::NamedValue &named : result.values)
    std::printf("  %-12s %s\n", named.name.c_str(), train::formatValue(named.value).c_str());
  for (const train::PredictionError &error : result.predictions) {
    std::printf("%s, in its own units\n", error.name.c_str());
    std::printf("  %-12s %s\n", "MSE", train::formatValue(error.mse).c_str());
    std::printf("  %-12s %s\n", "MAE", train::formatValue(error.mae).c_str());
    std::printf("  %-12s %s\n", "R2",
                std::isnan(error.r2) ? "undefined: what it predicts is constant in these rows"
                                     : train::formatValue(error.r2).c_str());
  }
}

static int runEval(const EvalOptions &options) {
  data::Env env;
  if (int code = createEnv(options.device, options.json, env))
    return code;
  train::RunEvaluation result;
  rt::Status status =
      train::evaluateRun(env.get(), {options.run, options.split, options.data.paths()}, result);
  if (!status.ok())
    return fail(status);
  if (options.json)
    printJson(result);
  else
    printWords(result);
  return Done;
}

Command addEval(CLI::App &app) {
  auto options = std::make_shared<EvalOptions>();
  CLI::App *command = app.add_subcommand("eval", "Loss and metrics of a trained run");
  command->footer(Examples);
  command->add_option("RUNDIR", options->run, "run directory")->type_name("")->required();
  command->add_option("--split", options->split, "rows to look at: test, val or train")
      ->type_name("NAME")
      ->check([](const std::string &name) {
        return name == "test" || name == "val" || name == "train"
                   ? ""
                   : "no split '" + name + "'; there are: test, val, train";
      });
  addDataOption(*command, options->data, "all rows of another file for data block NAME");
  addDeviceOptions(*command, options->device);
  command->add_flag("--json", options->json, "print the result as JSON");
  return [options] {
    if (!options->split.empty() && !options->data.texts.empty())
      return fail(UserError, "--split does not go with --data: of another file all rows are used");
    return runEval(*options);
  };
}

} // namespace tenon::tool
