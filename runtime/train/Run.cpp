#include "runtime/train/Run.h"

#include "runtime/data/TextFile.h"
#include "runtime/train/DataSet.h"
#include "runtime/train/Digest.h"
#include "runtime/train/DurableFile.h"
#include "runtime/train/Loop.h"
#include "runtime/train/RunDirectory.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

namespace tenon::train {

using rt::Status;
namespace fs = std::filesystem;

namespace {

/// A run whose model, data and fields are in memory.
struct LoadedRun {
  data::Model model;
  TrainBlock block;
  DataSet data;
  data::FieldTable train;
  data::FieldTable evaluation;
  bool evaluates = false;
  Schedule schedule;
  uint64_t seed = 1;
  std::string modelSha256;
  std::string startedFrom; // weights file; empty: initialisers
};

} // namespace

static Status loadModel(tenon_env_t *env, const std::string &artifact, const std::string &weights,
                        uint64_t seed, data::Model &out) {
  tenon_weights_source source = {};
  if (!weights.empty())
    source.path = weights.c_str();
  source.seed = seed;
  tenon_model_t *model = nullptr;
  Status status = Status::adopt(tenon_model_load_file(env, artifact.c_str(), &source, &model));
  out.reset(model);
  return status;
}

/// Loads the model of a run. The training seed is the seed of the initialisers too, and only the
/// model knows its own, so that a second load may be needed.
static Status loadRunModel(tenon_env_t *env, const std::string &artifact,
                           const std::string &blockName, const std::string &sourceDirectory,
                           const std::string &weights, std::optional<uint64_t> seed, bool start,
                           LoadedRun &run) {
  TENON_TRY(loadModel(env, artifact, /*weights=*/"", /*seed=*/1, run.model));
  TENON_TRY(findTrainBlock(run.model.get(), blockName, run.block));
  run.seed = seed.value_or(run.block.train->seed());
  std::string from = weights;
  if (from.empty() && start && run.block.train->start() && run.block.train->start()->size() != 0) {
    from = (fs::path(sourceDirectory) / run.block.train->start()->str()).string();
    if (std::error_code error; !fs::exists(from, error))
      return Status::error(TENON_STATUS_NOT_FOUND, from + ": no such file; train block '" +
                                                       run.block.name() + "' starts from it");
  }
  if (from.empty() && run.seed == 1)
    return Status();
  std::string name = run.block.name(); // the block goes with the first model
  TENON_TRY(loadModel(env, artifact, from, run.seed, run.model));
  run.startedFrom = from;
  return findTrainBlock(run.model.get(), name, run.block);
}

/// Reads the data, fits the model to its training rows and prepares the fields.
static Status loadRunData(const std::string &path, LoadedRun &run) {
  const schema::Data &block = *run.block.data;
  TENON_TRY(loadDataSet(block, path, run.data));
  TENON_TRY(fitModel(run.model.get(), run.block.dataIndex, run.data));
  const std::vector<int64_t> &rows = *run.data.part("train");
  TENON_TRY(planSchedule(*run.block.train, static_cast<int64_t>(rows.size()), run.schedule));
  TENON_TRY(data::prepareFields(run.model.get(), block, run.data.raw, rows, run.train));
  if (run.schedule.evaluateEvery == 0)
    return Status();
  const std::vector<int64_t> *held = run.data.part(run.block.train->evaluate_on()->str());
  run.evaluates = held && !held->empty();
  if (!run.evaluates)
    return Status();
  return data::prepareFields(run.model.get(), block, run.data.raw, *held, run.evaluation);
}

static Status createTrainer(tenon_env_t *env, const LoadedRun &run, data::Trainer &out) {
  tenon_trainer_options options = {};
  options.seed = run.seed;
  options.max_batch = std::min(run.schedule.batch, run.schedule.rows);
  options.total_steps = run.schedule.totalSteps;
  tenon_trainer_t *trainer = nullptr;
  Status status = Status::adopt(
      tenon_trainer_create(env, run.model.get(), run.block.trainIndex, &options, &trainer));
  out.reset(trainer);
  return status;
}

/// Runs the loop from `state` on.
static Status runLoop(LoadedRun &run, tenon_trainer_t *trainer, const RunDirectory &directory,
                      TrainState state, const TrainCallbacks &callbacks,
                      const std::atomic<bool> *stop, RunResult &out) {
  LoopInputs inputs;
  inputs.trainer = trainer;
  inputs.model = run.model.get();
  inputs.block = run.block;
  inputs.schedule = run.schedule;
  inputs.seed = run.seed;
  inputs.train = &run.train;
  inputs.trainRows = run.data.part("train");
  inputs.evaluation = run.evaluates ? &run.evaluation : nullptr;
  inputs.directory = directory;
  inputs.stop = stop;
  state.seed = run.seed;
  state.totalSteps = run.schedule.totalSteps;
  state.model = run.modelSha256;

  TrainingLoop loop(inputs, callbacks);
  TENON_TRY(loop.prepare(state));
  auto begin = std::chrono::steady_clock::now();
  LoopEnd end;
  TENON_TRY(loop.run(end));
  out.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  out.directory = directory.path;
  out.block = run.block.name();
  out.steps = loop.state().step;
  out.totalSteps = run.schedule.totalSteps;
  out.resumedFrom = state.step;
  out.stopped = end == LoopEnd::Stopped;
  out.endedEarly = loop.state().endedEarly;
  out.loss = loop.lastEpochLoss();
  out.evaluation = loop.lastEvaluation();
  if (!out.evaluation.empty())
    out.evaluatedSplit = run.block.train->evaluate_on()->str();
  return Status();
}

static std::string absolutePath(const std::string &path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  return error ? path : absolute.lexically_normal().string();
}

/// Puts artifact, model text and record into a fresh run directory.
static Status fillDirectory(const RunDirectory &directory, const NewRun &request,
                            const LoadedRun &run, const tenon_env_t *env) {
  std::string artifact;
  TENON_TRY(data::readTextFile(request.artifact, artifact));
  const schema::Artifact &description = artifactOf(run.model.get());
  std::string source = description.source() ? description.source()->str() : "";
  TENON_TRY(writeFile(directory.model(), artifact));
  TENON_TRY(writeFile(directory.source(), source));

  RunRecord record;
  record.version = tenon_version();
  record.producer = description.producer() ? description.producer()->str() : "";
  record.block = run.block.name();
  record.origin = absolutePath(request.origin);
  record.modelSha256 = run.modelSha256;
  record.sourceSha256 = digestText(source);
  if (description.defines())
    for (const auto *define : *description.defines())
      record.defines.push_back(define->str());
  record.dataName = run.block.data->name()->str();
  record.dataPath = run.data.path;
  record.dataSha256 = run.data.sha256;
  record.dataRows = run.data.raw.rows;
  record.seed = run.seed;
  record.threads = tenon_env_threads(env);
  record.weights = run.startedFrom.empty() ? "" : absolutePath(run.startedFrom);
  record.command = request.command;
  return writeRunRecord(directory, record);
}

Status givenDataPath(const std::vector<DataPath> &paths, const std::string &name,
                     std::string &out) {
  out.clear();
  for (const DataPath &path : paths) {
    if (path.block != name)
      return Status::error(TENON_STATUS_NOT_FOUND,
                           "no data block '" + path.block + "'; this run is on '" + name + "'");
    out = path.path;
  }
  return Status();
}

static Status startRun(tenon_env_t *env, const NewRun &request, const TrainCallbacks &callbacks,
                       const std::atomic<bool> *stop, RunResult &out) {
  LoadedRun run;
  TENON_TRY(loadRunModel(env, request.artifact, request.block, request.sourceDirectory,
                         request.weights, request.seed, /*start=*/true, run));
  RunDirectory directory{request.directory.empty() ? "runs/" + run.block.name()
                                                   : request.directory};
  TENON_TRY(checkRunDirectory(directory, request.overwrite));
  FileDigest digest;
  TENON_TRY(digestFile(request.artifact, digest));
  run.modelSha256 = digest.sha256;
  std::string given, path;
  TENON_TRY(givenDataPath(request.data, run.block.data->name()->str(), given));
  TENON_TRY(resolveDataPath(*run.block.data, request.sourceDirectory, given, path));
  TENON_TRY(loadRunData(path, run));
  data::Trainer trainer;
  TENON_TRY(createTrainer(env, run, trainer));
  TENON_TRY(createRunDirectory(directory, request.overwrite));
  if (Status status = fillDirectory(directory, request, run, env); !status.ok()) {
    removeRunFiles(directory);
    return status;
  }
  return runLoop(run, trainer.get(), directory, TrainState(), callbacks, stop, out);
}

/// What must be as it was, or the run could not go on as it would have.
static Status checkUnchanged(const RunRecord &record, const LoadedRun &run) {
  if (run.modelSha256 != record.modelSha256)
    return Status::error(TENON_STATUS_MISMATCH, "model.tnm has changed since the run began");
  if (run.data.sha256 != record.dataSha256)
    return Status::error(TENON_STATUS_MISMATCH,
                         run.data.path + ": the file has changed since the run began");
  return Status();
}

static Status continueRun(tenon_env_t *env, const std::string &path,
                          const TrainCallbacks &callbacks, const std::atomic<bool> *stop,
                          RunResult &out) {
  RunDirectory directory{path};
  RunRecord record;
  TENON_TRY(readRunRecord(directory, record));
  LoadedRun run;
  TENON_TRY(loadRunModel(env, directory.model(), record.block, /*sourceDirectory=*/"",
                         /*weights=*/"", record.seed, /*start=*/false, run));
  FileDigest digest;
  TENON_TRY(digestFile(directory.model(), digest));
  run.modelSha256 = digest.sha256;
  TENON_TRY(loadRunData(record.dataPath, run));
  TENON_TRY(checkUnchanged(record, run));
  data::Trainer trainer;
  TENON_TRY(createTrainer(env, run, trainer));

  TrainState state;
  std::string checkpoint, skipped;
  TENON_TRY(
      loadNewestCheckpoint(directory.checkpoints(), trainer.get(), state, checkpoint, skipped));
  if (state.model != run.modelSha256 || state.seed != run.seed ||
      state.totalSteps != run.schedule.totalSteps ||
      state.step != tenon_trainer_get_step(trainer.get()))
    return Status::error(TENON_STATUS_MISMATCH, checkpoint + ": belongs to another run");
  if (callbacks.onNote) {
    if (!skipped.empty())
      callbacks.onNote("skipped: " + skipped);
    callbacks.onNote("continuing after step " + std::to_string(state.step) + " of " +
                     std::to_string(state.totalSteps));
  }
  return runLoop(run, trainer.get(), directory, state, callbacks, stop, out);
}

// Memory that runs out anywhere below becomes a status here.

Status trainNewRun(tenon_env_t *env, const NewRun &request, const TrainCallbacks &callbacks,
                   const std::atomic<bool> *stop, RunResult &out) {
  return Status::adopt(rt::atBorder([&] { return startRun(env, request, callbacks, stop, out); }));
}

Status resumeRun(tenon_env_t *env, const std::string &directory, const TrainCallbacks &callbacks,
                 const std::atomic<bool> *stop, RunResult &out) {
  return Status::adopt(
      rt::atBorder([&] { return continueRun(env, directory, callbacks, stop, out); }));
}

} // namespace tenon::train
