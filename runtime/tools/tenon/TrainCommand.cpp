#include "runtime/data/TextFile.h"
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"
#include "runtime/train/Digest.h"
#include "runtime/train/Progress.h"
#include "runtime/train/Run.h"
#include "runtime/train/RunDirectory.h"

#include <CLI/Option.hpp>
#include <nlohmann/json.hpp>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <unistd.h>

namespace tenon::tool {

namespace fs = std::filesystem;

namespace {

struct TrainOptions {
  std::string file;
  std::string block;
  std::string out;
  bool resume = false;
  bool overwrite = false;
  std::string weights;
  DataOptions data;
  uint64_t seed = 0;
  bool seedGiven = false;
  DeviceOptions device;
  CompileOptions compile;
  bool quiet = false;
  bool json = false;
  std::vector<std::string> command;
};

} // namespace

static const char Examples[] = R"(Examples:
  tenon train mlp.tenon                          into runs/mlp
  tenon train mlp.tenon --out runs/b -D mlp.batch=64 --seed 2
  tenon train mlp.tenon --data patients=all.csv  another file for data block 'patients'
  tenon train runs/mlp --resume                  go on after an interruption, bit by bit the same)";

// ---- Interruption -----------------------------------------------------------------------------

static std::atomic<bool> interrupted{false};

/// The first Ctrl-C ends the run after its current step, with a checkpoint; the second one kills.
static void stopOnInterrupt() {
  struct sigaction action = {};
  action.sa_handler = [](int) { interrupted.store(true, std::memory_order_relaxed); };
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
}

/// Ends the program as the signal would have, so that a shell script stops too.
static int endInterrupted() {
  std::fflush(stdout);
  std::signal(SIGINT, SIG_DFL);
  std::raise(SIGINT);
  return UserError;
}

// ---- The result -------------------------------------------------------------------------------

static void printJson(const train::RunResult &result) {
  nlohmann::ordered_json text = {{"run", result.directory},
                                 {"block", result.block},
                                 {"steps", result.steps},
                                 {"total_steps", result.totalSteps},
                                 {"resumed_from", result.resumedFrom},
                                 {"stopped", result.stopped},
                                 {"ended_early", result.endedEarly},
                                 {"loss", result.loss},
                                 {"seconds", result.seconds}};
  for (const train::NamedValue &named : result.evaluation)
    text[result.evaluatedSplit][named.name] = named.value;
  if (!result.stopped)
    text["weights"] = train::RunDirectory{result.directory}.weights();
  std::printf("%s\n", text.dump(2).c_str());
}

static void printWords(const train::RunResult &result) {
  const std::string &run = result.directory;
  long long steps = result.steps, total = result.totalSteps;
  if (result.stopped) {
    std::printf("stopped after step %lld of %lld; to go on: tenon train %s --resume\n", steps,
                total, run.c_str());
    return;
  }
  if (result.resumedFrom == result.steps)
    std::printf("the run was complete: %lld steps\n", steps);
  else
    std::printf("trained '%s': %lld steps in %s, loss %s\n", result.block.c_str(),
                steps - static_cast<long long>(result.resumedFrom),
                train::formatSeconds(result.seconds).c_str(),
                train::formatValue(result.loss).c_str());
  std::printf("weights: %s\n", train::RunDirectory{run}.weights().c_str());
  std::printf("next:    tenon eval %s\n", run.c_str());
}

// ---- Running ----------------------------------------------------------------------------------

/// Where the run to resume is: --out, or FILE when that is a run directory, or runs/BLOCK.
static int findRun(const TrainOptions &options, std::string &out) {
  std::error_code error;
  out = options.out;
  if (out.empty() && fs::is_directory(options.file, error))
    out = options.file;
  if (out.empty() && !options.block.empty())
    out = "runs/" + options.block;
  if (out.empty())
    return fail(UserError, "--resume needs the run: tenon train RUNDIR --resume");
  return Done;
}

/// The run goes on with the model it has; says so when the text it was made from is another now.
static void noteChangedSource(const TrainOptions &options, const std::string &directory) {
  train::RunRecord record;
  std::string text;
  if (options.quiet || !isModelText(options.file) ||
      !train::readRunRecord({directory}, record).ok() ||
      !data::readTextFile(options.file, text).ok())
    return;
  if (train::digestText(text) != record.sourceSha256)
    note(options.file + " has changed since the run began; the run goes on with the model it has");
}

static int resume(const TrainOptions &options, const train::TrainCallbacks &callbacks,
                  train::RunResult &result) {
  std::string directory;
  if (int code = findRun(options, directory))
    return code;
  noteChangedSource(options, directory);
  data::Env env;
  if (int code = createEnv(options.device, options.quiet, env))
    return code;
  rt::Status status = train::resumeRun(env.get(), directory, callbacks, &interrupted, result);
  return status.ok() ? Done : fail(status);
}

static int start(const TrainOptions &options, const train::TrainCallbacks &callbacks,
                 train::RunResult &result) {
  if (options.file.empty())
    return fail(UserError, "no model: tenon train FILE.tenon");
  // Before the compiler takes its time.
  if (!options.out.empty())
    if (rt::Status status = train::checkRunDirectory({options.out}, options.overwrite);
        !status.ok())
      return fail(status);
  if (std::error_code error; !options.weights.empty() && !fs::exists(options.weights, error))
    return fail(UserError, options.weights + ": no such file");
  ModelFile model;
  if (int code = resolveModel(options.file, options.compile, model))
    return code;
  data::Env env;
  if (int code = createEnv(options.device, options.quiet, env))
    return code;
  train::NewRun run;
  run.artifact = model.artifact;
  run.sourceDirectory = model.sourceDirectory;
  run.origin = options.file;
  run.block = options.block;
  run.directory = options.out;
  run.overwrite = options.overwrite;
  run.weights = options.weights;
  run.data = options.data.paths();
  if (options.seedGiven)
    run.seed = options.seed;
  run.command = options.command;
  rt::Status status = train::trainNewRun(env.get(), run, callbacks, &interrupted, result);
  return status.ok() ? Done : fail(status);
}

/// Shows the run on stderr.
static train::TrainCallbacks showOn(train::Progress &progress) {
  train::TrainCallbacks callbacks;
  callbacks.onStep = [&progress](const train::StepEvent &event) { progress.step(event); };
  callbacks.onEpoch = [&progress](const train::EpochEvent &event) { progress.epoch(event); };
  callbacks.onNote = [&progress](const std::string &text) { progress.note(text); };
  return callbacks;
}

static int runTrain(const TrainOptions &options) {
  stopOnInterrupt();
  train::RunResult result;
  {
    train::Progress progress(stderr, isatty(STDERR_FILENO) == 1);
    train::TrainCallbacks callbacks;
    if (!options.quiet)
      callbacks = showOn(progress);
    if (int code =
            options.resume ? resume(options, callbacks, result) : start(options, callbacks, result))
      return code;
  }
  if (options.json)
    printJson(result);
  else
    printWords(result);
  return result.stopped ? endInterrupted() : Done;
}

/// What was fixed when the run began cannot be chosen again.
static int refuseWithResume(const CLI::App &command) {
  for (const char *option : {"--overwrite", "--weights", "--data", "--seed", "-D", "--mcpu"})
    if (command.count(option) != 0)
      return fail(UserError, std::string(option) + " does not go with --resume: the run goes on "
                                                   "with what it began with");
  return Done;
}

/// CLI11 would saturate what is too large and wrap what is negative.
static std::string checkSeed(const std::string &text) {
  uint64_t seed;
  const char *end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, seed);
  return error == std::errc() && rest == end
             ? ""
             : "'" + text + "' is no seed: a whole number from 0 to 18446744073709551615";
}

Command addTrain(CLI::App &app, const Invocation &invocation) {
  auto options = std::make_shared<TrainOptions>();
  options->command.assign(invocation.argv, invocation.argv + invocation.argc);
  CLI::App *command = app.add_subcommand("train", "Train a model on its data");
  command->footer(Examples);
  command->add_option("FILE", options->file, "model (.tenon, .tnm); with --resume: a run directory")
      ->type_name("");
  command->add_option("BLOCK", options->block, "train block (default: the first)")->type_name("");
  command->add_option("--out", options->out, "run directory (default: runs/BLOCK)")
      ->type_name("RUNDIR");
  command->add_flag("--resume", options->resume, "continue from the newest checkpoint");
  command->add_flag("--overwrite", options->overwrite, "replace the run that is there");
  command
      ->add_option("--weights", options->weights,
                   "safetensors file to start from (default: initialisers)")
      ->type_name("FILE");
  addDataOption(*command, options->data, "data file for data block NAME");
  command->add_option("--seed", options->seed, "instead of the block's seed")
      ->type_name("N")
      ->check(checkSeed);
  addDeviceOptions(*command, options->device);
  addCompileOptions(*command, options->compile);
  command->add_flag("--quiet", options->quiet, "no progress, no notes");
  command->add_flag("--json", options->json, "print the result as JSON");
  return [options, command] {
    options->seedGiven = command->count("--seed") != 0;
    if (options->resume)
      if (int code = refuseWithResume(*command))
        return code;
    return runTrain(*options);
  };
}

} // namespace tenon::tool
