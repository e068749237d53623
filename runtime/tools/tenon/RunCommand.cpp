#include "runtime/tools/tenon/Arrays.h"
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/EntryInputs.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"
#include "runtime/train/Predict.h"
#include "runtime/train/RunEvaluation.h"
#include "runtime/train/Scalars.h"

#include <CLI/Option.hpp>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <memory>
#include <numeric>

namespace tenon::tool {

using rt::Status;
namespace fs = std::filesystem;

namespace {

struct RunOptions {
  std::string model; // run directory, .tnm or .tenon
  std::string input;
  std::string output;
  std::string entry;
  std::string weights;
  std::string block;
  DeviceOptions device;
  CompileOptions compile;
};

/// A model ready to run, and the train block whose predictions are meant.
struct Target {
  ModelFile file;
  data::Model model;
  std::string block;
};

} // namespace

static const char Examples[] = R"(Examples:
  tenon run runs/mlp --input new.csv --output predicted.csv   predictions for raw rows
  tenon run runs/mlp --input new.csv                          the same, to standard output
  tenon run runs/mlp --entry forward --input x.safetensors --output y.safetensors
  tenon run mlp.tnm --weights w.safetensors --input new.csv)";

static Status loadRun(tenon_env_t *env, const RunOptions &options, Target &target) {
  train::RunRecord record;
  train::RunDirectory directory{options.model};
  TENON_TRY(train::readRunRecord(directory, record));
  if (!options.block.empty())
    record.block = options.block;
  train::TrainBlock block;
  TENON_TRY(train::loadTrainedModel(env, directory, record, options.weights, target.model, block));
  target.block = record.block;
  return Status();
}

static Status loadFile(tenon_env_t *env, const RunOptions &options, Target &target) {
  tenon_weights_source weights = {};
  if (!options.weights.empty())
    weights.path = options.weights.c_str();
  else
    note("the weights are those of the initialisers; --weights FILE takes trained ones");
  tenon_model_t *model = nullptr;
  Status status =
      Status::adopt(tenon_model_load_file(env, target.file.artifact.c_str(), &weights, &model));
  target.model.reset(model);
  target.block = options.block;
  return status;
}

static int load(tenon_env_t *env, const RunOptions &options, Target &target) {
  std::error_code error;
  if (!options.weights.empty() && !fs::exists(options.weights, error))
    return fail(UserError, options.weights + ": no such file");
  if (fs::is_directory(options.model, error)) {
    if (!options.compile.defines.empty())
      return fail(UserError, options.model + ": is compiled already; -D goes with a .tenon file");
    Status status = loadRun(env, options, target);
    return status.ok() ? Done : fail(status);
  }
  if (int code = resolveModel(options.model, options.compile, target.file))
    return code;
  Status status = loadFile(env, options, target);
  return status.ok() ? Done : fail(status);
}

/// Says which rows are too large for the model: their predictions are written, but mean nothing.
static void noteNotFinite(const std::string &file, const std::vector<Array> &predictions,
                          int64_t rows) {
  int64_t count = 0, first = 0;
  for (int64_t row = 0; row < rows; ++row) {
    bool isFinite = true;
    for (const Array &array : predictions) {
      size_t bytes = array.bytes.size() / static_cast<size_t>(rows);
      const unsigned char *begin = array.bytes.data() + static_cast<size_t>(row) * bytes;
      for (size_t at = 0; at < bytes; at += tenon_dtype_size(array.dtype))
        isFinite &= std::isfinite(train::scalarAt(array.dtype, begin + at));
    }
    if (!isFinite && count++ == 0)
      first = row + 1;
  }
  if (count != 0)
    note(file + ": what is predicted for " + std::to_string(count) + " of " +
         std::to_string(rows) + " rows is not finite; the first is row " + std::to_string(first));
}

/// Predictions for the raw rows of a CSV file.
static Status predict(const RunOptions &options, const Target &target, std::vector<Array> &out) {
  ArrayFormat format;
  TENON_TRY(arrayFormatOf(options.input, format));
  if (format != ArrayFormat::Csv)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         options.input + ": raw rows come from a .csv file; arrays go to an entry: "
                                         "--entry forward");
  train::TrainBlock block;
  TENON_TRY(train::findTrainBlock(target.model.get(), target.block, block));
  std::vector<bool> groups;
  TENON_TRY(train::groupsToPredict(target.model.get(), block, groups));
  data::RawGroups raw;
  TENON_TRY(data::readRawGroups(*block.data, options.input, groups, raw));
  std::vector<int64_t> rows(static_cast<size_t>(raw.rows));
  std::iota(rows.begin(), rows.end(), int64_t(0));
  std::vector<train::PredictedColumns> predictions;
  TENON_TRY(train::predictRows(target.model.get(), block, raw, rows, predictions));
  for (train::PredictedColumns &prediction : predictions) {
    Array array{prediction.name, prediction.dtype, {raw.rows}, std::move(prediction.bytes)};
    array.dims.insert(array.dims.end(), prediction.rowDims.begin(), prediction.rowDims.end());
    out.push_back(std::move(array));
  }
  noteNotFinite(options.input, out, raw.rows);
  return Status();
}

/// Memory for the outputs of an entry.
static Status allocateOutputs(const tenon_model_t *model, uint32_t entry,
                              const std::vector<int64_t> &sizes, std::vector<Array> &out) {
  tenon_entry_info info;
  TENON_TRY(Status::adopt(tenon_model_entry(model, entry, &info)));
  for (uint32_t i = 0; i < info.output_count; ++i) {
    tenon_tensor_info tensor;
    TENON_TRY(Status::adopt(tenon_model_output(model, entry, i, &tensor)));
    Array array{tensor.name, tensor.dtype, std::vector<int64_t>(tensor.rank), {}};
    TENON_TRY(Status::adopt(
        tenon_model_output_dims(model, entry, i, sizes.data(), sizes.size(), array.dims.data())));
    size_t elements = 1;
    for (int64_t dim : array.dims)
      elements *= static_cast<size_t>(dim);
    array.bytes.resize(elements * tenon_dtype_size(tensor.dtype));
    out.push_back(std::move(array));
  }
  return Status();
}

/// A session with just the memory for one call of these sizes.
static Status createSession(tenon_model_t *model, uint32_t entry, const std::vector<int64_t> &sizes,
                            data::Session &out) {
  tenon_entry_info info;
  TENON_TRY(Status::adopt(tenon_model_entry(model, entry, &info)));
  std::vector<tenon_limit> limits;
  for (size_t i = 0; i < sizes.size(); ++i)
    limits.push_back({info.sizes[i], std::max<int64_t>(sizes[i], 1)});
  tenon_session_options options = {};
  options.limits = limits.data();
  options.limit_count = limits.size();
  options.entries = &entry;
  options.entry_count = 1;
  tenon_session_t *session = nullptr;
  Status status = Status::adopt(tenon_session_create(model, &options, &session));
  out.reset(session);
  return status;
}

/// One call of an entry on the arrays of a file.
static Status callEntry(const RunOptions &options, const Target &target, std::vector<Array> &out) {
  tenon_model_t *model = target.model.get();
  uint32_t entry;
  TENON_TRY(Status::adopt(tenon_model_find_entry(model, options.entry.c_str(), &entry)));
  EntryInputs inputs;
  TENON_TRY(readEntryInputs(model, entry, options.input, inputs));
  if (!inputs.ignored.empty()) {
    std::string names;
    for (const std::string &name : inputs.ignored)
      names += (names.empty() ? "" : ", ") + name;
    note(options.input + ": '" + options.entry + "' does not take " + names + "; ignored");
  }
  TENON_TRY(allocateOutputs(model, entry, inputs.sizes, out));
  data::Session session;
  TENON_TRY(createSession(model, entry, inputs.sizes, session));

  std::vector<const void *> inputPointers;
  std::vector<void *> outputPointers;
  for (size_t i = 0; i < inputs.arrays.size(); ++i)
    inputPointers.push_back(inputs.given[i] ? inputs.arrays[i].bytes.data() : nullptr);
  for (Array &array : out)
    outputPointers.push_back(array.bytes.data());
  tenon_call call = {};
  call.inputs = inputPointers.data();
  call.input_count = inputPointers.size();
  call.outputs = outputPointers.data();
  call.output_count = outputPointers.size();
  call.sizes = inputs.sizes.data();
  call.size_count = inputs.sizes.size();
  return Status::adopt(tenon_session_run(session.get(), entry, &call));
}

static int runRun(const RunOptions &options) {
  if (std::error_code error; !fs::exists(options.input, error))
    return fail(UserError, options.input + ": no such file");
  if (ArrayFormat ignored; !options.output.empty())
    if (Status status = arrayFormatOf(options.output, ignored); !status.ok())
      return fail(status);
  data::Env env;
  if (int code = createEnv(options.device, /*quiet=*/false, env))
    return code;
  Target target;
  if (int code = load(env.get(), options, target))
    return code;
  std::vector<Array> arrays;
  Status status =
      options.entry.empty() ? predict(options, target, arrays) : callEntry(options, target, arrays);
  if (status.ok())
    status = writeArrays(options.output, arrays);
  return status.ok() ? Done : fail(status);
}

Command addRun(CLI::App &app) {
  auto options = std::make_shared<RunOptions>();
  CLI::App *command = app.add_subcommand("run", "Run a model on a file");
  command->footer(Examples);
  command->add_option("MODEL", options->model, "run directory, .tnm or .tenon file")
      ->type_name("")
      ->required();
  command->add_option("--input", options->input, "raw rows (.csv); with --entry: arrays by name")
      ->type_name("FILE")
      ->required();
  command->add_option("--output", options->output, ".csv or .safetensors (default: CSV to stdout)")
      ->type_name("FILE");
  command->add_option("--entry", options->entry, "call this entry instead of predicting")
      ->type_name("NAME");
  command->add_option("--weights", options->weights, "safetensors file (default: the run's)")
      ->type_name("FILE");
  command->add_option("--block", options->block, "train block that predicts (default: the first)")
      ->type_name("NAME");
  addDeviceOptions(*command, options->device);
  addCompileOptions(*command, options->compile);
  return [options] { return runRun(*options); };
}

} // namespace tenon::tool
