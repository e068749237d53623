#include "runtime/train/Checkpoint.h"

#include "runtime/data/TextFile.h"
#include "runtime/train/Digest.h"
#include "runtime/train/DurableFile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace tenon::train {

using nlohmann::json;
using nlohmann::ordered_json;
using rt::Status;
namespace fs = std::filesystem;

static const char *const Files[] = {"weights.safetensors", "optimizer.safetensors", "state.json"};

static std::string stepName(int64_t step) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%08lld", static_cast<long long>(step));
  return name;
}

/// The step of a finished checkpoint's directory name, or -1.
static int64_t stepOfName(const std::string &name) {
  constexpr size_t Prefix = 5, Digits = 8, MostDigits = 18;
  if (name.rfind("step-", 0) != 0 || name.size() < Prefix + Digits ||
      name.size() > Prefix + MostDigits ||
      name.find_first_not_of("0123456789", Prefix) != std::string::npos)
    return -1;
  return std::stoll(name.substr(Prefix));
}

static Status fileError(const char *what, const std::string &path, const std::error_code &error) {
  return Status::error(TENON_STATUS_IO,
                       std::string("cannot ") + what + " " + path + ": " + error.message());
}

/// Finished checkpoints, newest first; `out_unfinished` gets what a crash left behind.
static Status listCheckpoints(const std::string &directory, std::vector<int64_t> &outSteps,
                              std::vector<std::string> &outUnfinished) {
  std::error_code error;
  if (!fs::exists(directory, error))
    return Status();
  fs::directory_iterator entry(directory, error), end;
  for (; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (int64_t step = stepOfName(name); step >= 0)
      outSteps.push_back(step);
    else if (name.find(".tmp-") != std::string::npos || name.find(".old-") != std::string::npos)
      outUnfinished.push_back(entry->path().string());
  }
  if (error)
    return fileError("read", directory, error);
  std::sort(outSteps.rbegin(), outSteps.rend());
  return Status();
}

static std::string stateText(const TrainState &state) {
  ordered_json text = {
      {"step", state.step},   {"seed", state.seed},        {"total_steps", state.totalSteps},
      {"model", state.model}, {"loss_sum", state.lossSum}, {"loss_rows", state.lossRows}};
  if (state.hasBest)
    text["best"] = state.best;
  if (state.hasStopBest) {
    text["stop_best"] = state.stopBest;
    text["stop_best_step"] = state.stopBestStep;
  }
  if (state.endedEarly)
    text["ended_early"] = true;
  return text.dump(2) + "\n";
}

static Status writeManifest(const std::string &directory) {
  ordered_json files = ordered_json::object();
  for (const char *name : Files) {
    FileDigest digest;
    TENON_TRY(digestFile(directory + "/" + name, digest));
    files[name] = {{"bytes", digest.bytes}, {"sha256", digest.sha256}};
  }
  ordered_json manifest = {{"format", 1}, {"files", files}};
  return writeFile(directory + "/MANIFEST.json", manifest.dump(2) + "\n");
}

static Status writeContents(const std::string &directory, const tenon_trainer_t *trainer,
                            const TrainState &state) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error)
    return fileError("create", directory, error);
  TENON_TRY(Status::adopt(tenon_trainer_save(trainer, (directory + "/weights.safetensors").c_str(),
                                             (directory + "/optimizer.safetensors").c_str())));
  TENON_TRY(writeFile(directory + "/state.json", stateText(state)));
  TENON_TRY(writeManifest(directory));
  return syncDirectory(directory);
}

/// Gives a finished directory its name. A checkpoint that has the name already steps aside first,
/// because a rename does not replace a directory that is not empty.
static Status publish(const std::string &temporary, const std::string &path) {
  std::error_code error;
  if (fs::exists(path, error)) {
    std::string old = path + ".old-" + std::to_string(::getpid());
    fs::rename(path, old, error);
    if (error)
      return fileError("rename", path, error);
  }
  return renameDurably(temporary, path);
}

static Status pointLatest(const std::string &directory, const std::string &name) {
  std::string temporary = directory + "/latest.tmp-" + std::to_string(::getpid());
  std::error_code error;
  fs::remove(temporary, error);
  fs::create_symlink(name, temporary, error);
  if (error)
    return fileError("create", temporary, error);
  return renameDurably(temporary, directory + "/latest");
}

/// Removes old checkpoints and leftovers. What cannot be removed does no harm.
static Status removeOld(const std::string &directory, uint32_t keep) {
  std::vector<int64_t> steps;
  std::vector<std::string> unfinished;
  TENON_TRY(listCheckpoints(directory, steps, unfinished));
  std::error_code ignored;
  for (size_t i = std::max(keep, 1u); i < steps.size(); ++i) {
    // Renamed first: a directory half removed must not look like a checkpoint.
    std::string path = directory + "/" + stepName(steps[i]);
    std::string old = path + ".old-" + std::to_string(::getpid());
    fs::rename(path, old, ignored);
    fs::remove_all(old, ignored);
  }
  for (const std::string &path : unfinished)
    fs::remove_all(path, ignored);
  return Status();
}

Status saveCheckpoint(const std::string &directory, const tenon_trainer_t *trainer,
                      const TrainState &state, uint32_t keep) {
  std::string name = stepName(state.step);
  std::string path = directory + "/" + name;
  std::string temporary = path + ".tmp-" + std::to_string(::getpid());
  Status status = writeContents(temporary, trainer, state);
  if (status.ok())
    status = publish(temporary, path);
  if (!status.ok()) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    return status;
  }
  TENON_TRY(pointLatest(directory, name));
  return removeOld(directory, keep);
}

static Status corrupt(const std::string &path, const std::string &reason) {
  return Status::error(TENON_STATUS_CORRUPT, "checkpoint " + path + ": " + reason);
}

static Status parseObject(const std::string &path, json &out) {
  std::string text;
  TENON_TRY(data::readTextFile(path, text));
  out = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!out.is_object())
    return Status::error(TENON_STATUS_CORRUPT, path + ": not a JSON object");
  return Status();
}

/// Compares one file with what the manifest says of it.
static Status checkFile(const std::string &directory, const char *name, const json &files) {
  auto entry = files.find(name);
  if (entry == files.end() || !entry->is_object() || !entry->contains("bytes") ||
      !(*entry)["bytes"].is_number_unsigned() || !entry->contains("sha256") ||
      !(*entry)["sha256"].is_string())
    return corrupt(directory, std::string("MANIFEST.json does not list ") + name);
  FileDigest digest;
  TENON_TRY(digestFile(directory + "/" + name, digest));
  if (digest.bytes != (*entry)["bytes"].get<uint64_t>())
    return corrupt(directory, std::string(name) + " has " + std::to_string(digest.bytes) +
                                  " bytes, not those of MANIFEST.json");
  if (digest.sha256 != (*entry)["sha256"].get<std::string>())
    return corrupt(directory, std::string(name) + " has another SHA-256 than in MANIFEST.json");
  return Status();
}

static Status readState(const std::string &directory, TrainState &out) {
  json state;
  TENON_TRY(parseObject(directory + "/state.json", state));
  for (const char *key : {"step", "seed", "total_steps", "loss_rows"})
    if (!state.contains(key) || !state[key].is_number_unsigned())
      return corrupt(directory, std::string("state.json has no whole number '") + key + "'");
  if (!state.contains("loss_sum") || !state["loss_sum"].is_number() || !state.contains("model") ||
      !state["model"].is_string())
    return corrupt(directory, "state.json has no 'loss_sum' or no 'model'");
  out.step = state["step"].get<int64_t>();
  out.seed = state["seed"].get<uint64_t>();
  out.totalSteps = state["total_steps"].get<int64_t>();
  out.model = state["model"].get<std::string>();
  out.lossSum = state["loss_sum"].get<double>();
  out.lossRows = state["loss_rows"].get<int64_t>();
  out.hasBest = state.contains("best") && state["best"].is_number();
  out.best = out.hasBest ? state["best"].get<double>() : 0;
  out.hasStopBest = state.contains("stop_best") && state["stop_best"].is_number() &&
                    state.contains("stop_best_step") &&
                    state["stop_best_step"].is_number_unsigned();
  out.stopBest = out.hasStopBest ? state["stop_best"].get<double>() : 0;
  out.stopBestStep = out.hasStopBest ? state["stop_best_step"].get<int64_t>() : 0;
  out.endedEarly = state.contains("ended_early") && state["ended_early"] == true;
  return Status();
}

Status readCheckpoint(const std::string &path, TrainState &out) {
  json manifest;
  TENON_TRY(parseObject(path + "/MANIFEST.json", manifest));
  auto files = manifest.find("files");
  if (files == manifest.end() || !files->is_object())
    return corrupt(path, "MANIFEST.json lists no files");
  for (const char *name : Files)
    TENON_TRY(checkFile(path, name, *files));
  return readState(path, out);
}

Status loadNewestCheckpoint(const std::string &directory, tenon_trainer_t *trainer, TrainState &out,
                            std::string &outPath, std::string &outSkipped) {
  std::vector<int64_t> steps;
  std::vector<std::string> unfinished;
  TENON_TRY(listCheckpoints(directory, steps, unfinished));
  outSkipped.clear();
  for (int64_t step : steps) {
    outPath = directory + "/" + stepName(step);
    Status status = readCheckpoint(outPath, out);
    if (status.ok())
      status = Status::adopt(tenon_trainer_load(trainer, (outPath + "/weights.safetensors").c_str(),
                                                (outPath + "/optimizer.safetensors").c_str()));
    if (status.ok())
      return Status();
    outSkipped += (outSkipped.empty() ? "" : "\n") + std::string(status.message());
  }
  std::string message =
      "no whole checkpoint in " + directory + "; --overwrite starts the run again";
  return Status::error(TENON_STATUS_NOT_FOUND,
                       outSkipped.empty() ? message : message + "\n" + outSkipped);
}

} // namespace tenon::train
