#include "runtime/base/File.h"
#include "runtime/tools/tenon/Bench.h"
#include "runtime/tools/tenon/BenchProfile.h"
#include "runtime/tools/tenon/Commands.h"
#include "runtime/tools/tenon/Compile.h"
#include "runtime/tools/tenon/Environment.h"
#include "runtime/tools/tenon/Report.h"
#include "runtime/train/RunEvaluation.h"

#include <CLI/Option.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <set>

namespace tenon::tool {

using rt::Status;
namespace fs = std::filesystem;

namespace {

struct BenchOptions {
  std::string model; // run directory, .tnm or .tenon
  std::vector<std::string> entries;
  int64_t batch = 0;              // 0: the train block's
  std::vector<std::string> sizes; // "NAME=N"
  double seconds = 1;
  bool profile = false;
  std::string trace;
  DeviceOptions device;
  CompileOptions compile;
  bool json = false;
};

/// A loaded model and what its first train block, if there is one, says.
struct Loaded {
  ModelFile file;
  data::Model model;
  int64_t batch = 32;
};

struct Result {
  BenchTarget target;
  BenchTimes times;
  Profile profile;
};

} // namespace

static const char Examples[] = R"(Examples:
  tenon bench runs/mlp                          every entry and the training step, at the run's batch
  tenon bench mlp.tenon --batch 256 --threads 2
  tenon bench runs/mlp --entry mlp.step --profile
  tenon bench runs/mlp --entry mlp.step --trace step.json   opens in https://ui.perfetto.dev

Inputs are made up: normal random numbers, and 0 for integers.)";

static Status loadRun(tenon_env_t *env, const BenchOptions &options, Loaded &out) {
  train::RunRecord record;
  train::RunDirectory directory{options.model};
  TENON_TRY(train::readRunRecord(directory, record));
  train::TrainBlock block;
  return train::loadTrainedModel(env, directory, record, "", out.model, block);
}

static int load(tenon_env_t *env, const BenchOptions &options, Loaded &out) {
  std::error_code error;
  Status status;
  if (fs::is_directory(options.model, error)) {
    status = loadRun(env, options, out);
  } else {
    if (int code = resolveModel(options.model, options.compile, out.file))
      return code;
    tenon_model_t *model = nullptr;
    status =
        Status::adopt(tenon_model_load_file(env, out.file.artifact.c_str(), nullptr, &model));
    out.model.reset(model);
  }
  if (!status.ok())
    return fail(status);
  const auto *trains = train::artifactOf(out.model.get()).trains();
  if (trains && trains->size() != 0)
    out.batch = static_cast<int64_t>(trains->Get(0)->batch());
  if (options.batch != 0)
    out.batch = options.batch;
  return Done;
}

/// The step that runs an entry on parts of its batch; null for other entries.
static const char *stepAround(const tenon_model_t *model, uint32_t entry) {
  const auto &artifact = train::artifactOf(model);
  if (artifact.trains())
    for (const schema::Train *train : *artifact.trains())
      if (train->counts() == int64_t(entry) || train->accumulate() == int64_t(entry))
        return artifact.entries()->Get(train->step())->name()->c_str();
  return nullptr;
}

/// Those named, or all that were compiled and run on their own.
static Status chooseEntries(const BenchOptions &options, const tenon_model_t *model,
                            std::vector<uint32_t> &out) {
  for (const std::string &name : options.entries) {
    out.emplace_back();
    TENON_TRY(Status::adopt(tenon_model_find_entry(model, name.c_str(), &out.back())));
    if (const char *step = stepAround(model, out.back()))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "--entry %s: it runs on parts of a batch, within '%s'; time that, and "
                           "--profile lists the kernels of both",
                           name.c_str(), step);
  }
  if (!options.entries.empty())
    return Status();
  for (uint32_t entry = 0; entry < tenon_model_entry_count(model); ++entry)
    if (tenon_model_command_count(model, entry) != 0 && !stepAround(model, entry))
      out.push_back(entry);
  return Status();
}

/// The train block whose step this is; 0 for other entries.
static uint32_t trainOf(const tenon_model_t *model, uint32_t entry) {
  const auto *trains = train::artifactOf(model).trains();
  for (uint32_t i = 0; trains && i < trains->size(); ++i)
    if (trains->Get(i)->step() == entry)
      return i;
  return 0;
}

/// A whole number from 1.
static bool parseCount(std::string_view text, int64_t &out) {
  auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && rest == text.data() + text.size() && out >= 1;
}

static Status parseSizes(const BenchOptions &options, const tenon_model_t *model,
                         const std::vector<uint32_t> &entries, BenchSizes &out) {
  std::set<std::string> known;
  for (uint32_t entry : entries) {
    tenon_entry_info info;
    TENON_TRY(Status::adopt(tenon_model_entry(model, entry, &info)));
    known.insert(info.sizes, info.sizes + info.size_count);
  }
  for (const std::string &text : options.sizes) {
    auto refuse = [&](const std::string &reason) {
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "--size " + text + ": " + reason);
    };
    size_t equals = std::min(text.find('='), text.size());
    std::string name = text.substr(0, equals), names;
    int64_t value;
    if (equals == text.size() || !parseCount(std::string_view(text).substr(equals + 1), value))
      return refuse("want NAME=N with N at least 1");
    for (const std::string &other : known)
      names += (names.empty() ? "" : ", ") + other;
    if (known.count(name) == 0)
      return refuse("no size '" + name + "'; there are: " + names);
    if (std::count(out.names.begin(), out.names.end(), name) != 0)
      return refuse("'" + name + "' is given twice");
    if (name == "batch" && options.batch != 0 && options.batch != value)
      return refuse("--batch says " + std::to_string(options.batch));
    out.names.push_back(name);
    out.values.push_back(value);
  }
  return Status();
}

// ---- Results ---------------------------------------------------------------------------------------

static std::string sizesText(const BenchSizes &sizes) {
  std::string text;
  for (size_t i = 0; i < sizes.names.size(); ++i)
    text += (i ? ", " : "") + sizes.names[i] + " " + std::to_string(sizes.values[i]);
  return text;
}

/// Rows that a call works on; 0 if the entry has no sizes.
static double rowsOf(const BenchTarget &target) {
  return target.sizes().values.empty() ? 0 : static_cast<double>(target.sizes().values[0]);
}

static void printWords(const Result &result, uint32_t threads, bool withProfile) {
  std::string sizes = sizesText(result.target.sizes());
  std::printf("%s%s%s, %u thread%s, %zu calls\n", result.target.info().name,
              sizes.empty() ? "" : ", ", sizes.c_str(), threads, threads == 1 ? "" : "s",
              result.times.seconds.size());
  std::printf("  median %.2f us   min %.2f   p99 %.2f", result.times.median() * 1e6,
              result.times.at(0) * 1e6, result.times.at(0.99) * 1e6);
  if (double rows = rowsOf(result.target); rows > 0)
    std::printf("   %.0f examples/s", rows / result.times.median());
  std::printf("\n");
  if (withProfile)
    std::printf("%s", profileTable(result.profile).c_str());
}

static nlohmann::ordered_json limitsJson(const MachineLimits &limits) {
  nlohmann::ordered_json text = {{"threads", limits.threads}, {"flops_per_s", limits.flops}};
  for (const MachineLimits::Bandwidth &bandwidth : limits.bandwidths)
    text["bytes_per_s"].push_back({{"footprint", bandwidth.footprint}, {"rate", bandwidth.rate}});
  return text;
}

static nlohmann::ordered_json kernelJson(const KernelTime &kernel) {
  nlohmann::ordered_json text = {{"kernel", kernel.kernel},   {"label", kernel.label},
                                 {"line", kernel.line},       {"calls", kernel.calls},
                                 {"threads", kernel.threads}, {"seconds", kernel.seconds},
                                 {"share", kernel.share},     {"flops", kernel.flops},
                                 {"bytes", kernel.bytes}};
  if (kernel.floor > 0) {
    text["limit"] = kernel.isMemoryBound ? "memory" : "arithmetic";
    text["fraction_of_limit"] = kernel.floor / kernel.seconds;
  }
  return text;
}

static nlohmann::ordered_json resultJson(const Result &result, bool withProfile) {
  nlohmann::ordered_json sizes = nlohmann::ordered_json::object();
  for (size_t i = 0; i < result.target.sizes().names.size(); ++i)
    sizes[result.target.sizes().names[i]] = result.target.sizes().values[i];
  nlohmann::ordered_json text = {{"entry", result.target.info().name},
                                 {"sizes", sizes},
                                 {"calls", result.times.seconds.size()},
                                 {"median_s", result.times.median()},
                                 {"min_s", result.times.at(0)},
                                 {"p99_s", result.times.at(0.99)}};
  if (double rows = rowsOf(result.target); rows > 0)
    text["examples_per_s"] = rows / result.times.median();
  if (withProfile)
    for (const KernelTime &kernel : result.profile.kernels)
      text["kernels"].push_back(kernelJson(kernel));
  return text;
}

// ---- The command -----------------------------------------------------------------------------------

/// Runs under the clock per entry: enough for a median, few enough to look at in a trace.
constexpr int profiledRuns = 51;

static Status measure(const BenchOptions &options, Loaded &loaded, tenon_env_t *env,
                      const MachineLimits &alone, const MachineLimits &together,
                      std::vector<Result> &out) {
  std::vector<uint32_t> entries;
  tenon_model_t *model = loaded.model.get();
  TENON_TRY(chooseEntries(options, model, entries));
  BenchSizes sizes;
  TENON_TRY(parseSizes(options, model, entries, sizes));
  if (!options.trace.empty() && entries.size() != 1)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "--trace writes one entry: name it with --entry");
  for (uint32_t entry : entries) {
    out.emplace_back();
    Result &result = out.back();
    TENON_TRY(BenchTarget::create(env, model, entry, trainOf(model, entry), loaded.batch, sizes,
                                  result.target));
    TENON_TRY(timeCalls(result.target, options.seconds, result.times));
    if (options.profile || !options.trace.empty())
      TENON_TRY(profile(result.target, model, tenon_env_threads(env), profiledRuns, alone, together,
                        result.profile));
  }
  return Status();
}

static Status writeTrace(const std::string &path, const std::string &text) {
  rt::AtomicFile file;
  TENON_TRY(file.create(path));
  TENON_TRY(file.write(text.data(), text.size()));
  return file.commit();
}

static int runBench(const BenchOptions &options) {
  if (std::error_code error; !fs::exists(options.model, error))
    return fail(UserError, options.model + ": no such file or directory");
  data::Env env;
  if (int code = createEnv(options.device, options.json, env))
    return code;
  Loaded loaded;
  if (int code = load(env.get(), options, loaded))
    return code;
  uint32_t threads = tenon_env_threads(env.get());
  MachineLimits alone, together;
  if (options.profile) {
    alone = measureLimits(1);
    together = threads == 1 ? alone : measureLimits(threads);
  }
  std::vector<Result> results;
  Status status = measure(options, loaded, env.get(), alone, together, results);
  if (status.ok() && !options.trace.empty())
    status = writeTrace(options.trace,
                        chromeTrace(results[0].target.info().name, results[0].profile));
  if (!status.ok())
    return fail(status);
  if (options.json) {
    nlohmann::ordered_json text = {{"threads", threads}};
    if (options.profile)
      text["limits"] = {limitsJson(alone), limitsJson(together)};
    for (const Result &result : results)
      text["entries"].push_back(resultJson(result, options.profile));
    std::printf("%s\n", text.dump(2).c_str());
    return Done;
  }
  if (options.profile)
    std::printf("limits: %.1f GFLOP/s on one thread, %.1f on %u; reading 4 MiB: %.1f and %.1f GB/s\n",
                alone.flops * 1e-9, together.flops * 1e-9, threads,
                alone.rateOf(4 << 20) * 1e-9, together.rateOf(4 << 20) * 1e-9);
  for (const Result &result : results)
    printWords(result, threads, options.profile);
  return Done;
}

Command addBench(CLI::App &app) {
  auto options = std::make_shared<BenchOptions>();
  CLI::App *command = app.add_subcommand("bench", "Time entries and the training step");
  command->footer(Examples);
  command->add_option("MODEL", options->model, "run directory, .tnm or .tenon file")
      ->type_name("")
      ->required();
  command->add_option("--entry", options->entries, "time this entry (default: all), several times")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--batch", options->batch, "rows (default: the train block's batch)")
      ->type_name("N")
      ->check([](const std::string &text) {
        int64_t rows;
        return parseCount(text, rows) ? "" : "'" + text + "' is not a number of rows, 1 or more";
      });
  command->add_option("--size", options->sizes, "another size than the batch, several times")
      ->type_name("NAME=N")
      ->allow_extra_args(false);
  command->add_option("--seconds", options->seconds, "time to spend on each entry (default: 1)")
      ->type_name("S")
      ->check([](const std::string &text) {
        double seconds = std::strtod(text.c_str(), nullptr); // is a number: CLI11 looks at that
        return seconds > 0 && std::isfinite(seconds) ? "" : "'" + text + "' is not a time above 0";
      });
  command->add_flag("--profile", options->profile, "a table of kernels, compared with the machine");
  command->add_option("--trace", options->trace, "write a timeline that Perfetto opens")
      ->type_name("FILE");
  addDeviceOptions(*command, options->device);
  addCompileOptions(*command, options->compile);
  command->add_flag("--json", options->json, "print the result as JSON");
  return [options] { return runBench(*options); };
}

} // namespace tenon::tool
