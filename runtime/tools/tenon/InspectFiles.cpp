// Weights files, checkpoints and run directories in words.
#include "runtime/data/Handles.h"
#include "runtime/tools/tenon/Inspect.h"
#include "runtime/train/Checkpoint.h"
#include "runtime/train/RunDirectory.h"

#include <cinttypes>
#include <cstdio>

namespace tenon::tool {

using rt::Status;

static std::string showShape(const tenon_file_tensor &tensor) {
  std::string text;
  for (uint32_t axis = 0; axis < tensor.rank; ++axis)
    text += (axis == 0 ? "" : ", ") + std::to_string(tensor.dims[axis]);
  return "[" + text + "]";
}

Status inspectWeights(const std::string &path) {
  tenon_tensors_t *opened = nullptr;
  Status status = Status::adopt(tenon_tensors_open(path.c_str(), &opened));
  data::Tensors tensors(opened);
  if (!status.ok())
    return status;
  uint64_t elements = 0, bytes = 0;
  std::string lines;
  for (uint32_t i = 0; i < tenon_tensors_count(opened); ++i) {
    tenon_file_tensor tensor;
    TENON_TRY(Status::adopt(tenon_tensors_get(opened, i, &tensor)));
    size_t size = tenon_dtype_size(tensor.dtype);
    elements += size == 0 ? 0 : tensor.bytes / size;
    bytes += tensor.bytes;
    lines += std::string("  ") + tensor.name + ": " + tenon_dtype_name(tensor.dtype) +
             showShape(tensor) + "\n";
  }
  std::printf("%s numbers in %u tensors, %s\n%s", showCount(elements).c_str(),
              tenon_tensors_count(opened), showBytes(bytes).c_str(), lines.c_str());
  if (const char *fits = tenon_tensors_metadata(opened, "tenon.prepare"))
    std::printf("fitted values: %s\n", fits);
  if (const char *step = tenon_tensors_metadata(opened, "tenon.step"))
    std::printf("optimizer state after step %s\n", step);
  return Status();
}

Status inspectCheckpoint(const std::string &path) {
  train::TrainState state;
  TENON_TRY(train::readCheckpoint(path, state));
  std::printf("checkpoint after step %" PRId64 " of %" PRId64 ", seed %" PRIu64
              "; whole: sizes and "
              "digests agree with its manifest\n",
              state.step, state.totalSteps, state.seed);
  if (state.hasBest)
    std::printf("best so far: %.6g\n", state.best);
  std::printf("model %s\n", state.model.c_str());
  return inspectWeights(path + "/weights.safetensors");
}

static void printRecord(const train::RunRecord &record) {
  std::printf("train block '%s', seed %" PRIu64 ", %u %s on %s\n", record.block.c_str(),
              record.seed, record.threads, record.threads == 1 ? "thread" : "threads",
              record.device.c_str());
  std::printf("made from %s by %s, trained by tenon %s\n", record.origin.c_str(),
              record.producer.c_str(), record.version.c_str());
  for (const std::string &define : record.defines)
    std::printf("  -D %s\n", define.c_str());
  std::printf("data '%s': %s, %" PRId64 " rows\n", record.dataName.c_str(), record.dataPath.c_str(),
              record.dataRows);
  if (!record.weights.empty())
    std::printf("started from %s\n", record.weights.c_str());
  std::string command;
  for (const std::string &argument : record.command)
    command += (command.empty() ? "" : " ") + argument;
  std::printf("command: %s\n", command.c_str());
}

Status inspectRun(tenon_env_t *env, const std::string &path) {
  train::RunDirectory directory{path};
  train::RunRecord record;
  TENON_TRY(train::readRunRecord(directory, record));
  train::TrainState state;
  Status checkpoint = train::readCheckpoint(directory.checkpoints() + "/latest", state);
  std::printf("run %s", path.c_str());
  if (!checkpoint.ok())
    std::printf(", without a whole checkpoint\n");
  else if (state.step == state.totalSteps)
    std::printf(", finished: %" PRId64 " steps\n", state.step);
  else if (state.endedEarly)
    std::printf(", finished: ended early, after step %" PRId64 " of %" PRId64 "\n", state.step,
                state.totalSteps);
  else
    std::printf(", not finished: its newest checkpoint is after step %" PRId64 " of %" PRId64 "\n",
                state.step, state.totalSteps);
  printRecord(record);
  tenon_model_t *loaded = nullptr;
  Status status =
      Status::adopt(tenon_model_load_file(env, directory.model().c_str(), nullptr, &loaded));
  data::Model model(loaded);
  if (!status.ok())
    return status;
  std::printf("\n");
  return inspectModel(loaded);
}

} // namespace tenon::tool
