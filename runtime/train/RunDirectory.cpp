#include "runtime/train/RunDirectory.h"

#include "runtime/data/TextFile.h"
#include "runtime/train/DurableFile.h"
#include "runtime/train/Machine.h"

#include <nlohmann/json.hpp>

#include <ctime>
#include <filesystem>

namespace tenon::train {

using nlohmann::json;
using nlohmann::ordered_json;
using rt::Status;
namespace fs = std::filesystem;

Status checkRunDirectory(const RunDirectory &directory, bool overwrite) {
  std::error_code error;
  if (!fs::exists(directory.path, error))
    return Status();
  if (!fs::is_directory(directory.path, error))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         directory.path + ": exists and is not a directory");
  if (fs::is_empty(directory.path, error) || (overwrite && fs::exists(directory.record(), error)))
    return Status();
  if (fs::exists(directory.record(), error))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         directory.path + ": there is a run already; --resume continues it, "
                                          "--overwrite replaces it, --out names another place");
  return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                       directory.path + ": not empty, and not a run directory; --out names another "
                                        "place");
}

/// Everything of a run. The record goes last: while it is there, the rest can be overwritten again.
static std::vector<std::string> namesIn(const RunDirectory &directory) {
  return {directory.checkpoints(), directory.metrics(), directory.weights(),
          directory.source(),      directory.model(),   directory.record()};
}

void removeRunFiles(const RunDirectory &directory) {
  std::error_code ignored;
  for (const std::string &name : namesIn(directory))
    fs::remove_all(name, ignored);
  fs::remove(directory.path, ignored); // does nothing if the directory is not empty
}

Status createRunDirectory(const RunDirectory &directory, bool overwrite) {
  TENON_TRY(checkRunDirectory(directory, overwrite));
  std::error_code error;
  for (const std::string &name : namesIn(directory)) {
    fs::remove_all(name, error);
    if (error)
      return Status::error(TENON_STATUS_IO, name + ": cannot remove: " + error.message());
  }
  fs::create_directories(directory.path, error);
  if (error)
    return Status::error(TENON_STATUS_IO, directory.path + ": cannot create: " + error.message());
  return Status();
}

static std::string now() {
  char text[32];
  std::time_t seconds = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

Status writeRunRecord(const RunDirectory &directory, const RunRecord &record) {
  MachineInfo machine = describeMachine();
  ordered_json text = {{"tenon", record.version},
                       {"producer", record.producer},
                       {"started", now()},
                       {"command", record.command},
                       {"block", record.block},
                       {"seed", record.seed},
                       {"threads", record.threads},
                       {"device", record.device},
                       {"defines", record.defines},
                       {"model",
                        {{"origin", record.origin},
                         {"sha256", record.modelSha256},
                         {"source_sha256", record.sourceSha256}}},
                       {"data",
                        {{"name", record.dataName},
                         {"path", record.dataPath},
                         {"sha256", record.dataSha256},
                         {"rows", record.dataRows}}},
                       {"weights", record.weights},
                       {"machine",
                        {{"cpu", machine.cpu},
                         {"cores", machine.cores},
                         {"memory", machine.memory},
                         {"system", machine.system}}}};
  // Paths and arguments may be any bytes; those that are not UTF-8 are replaced, not refused.
  return writeFile(directory.record(),
                   text.dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

namespace {

/// Reads typed members of a JSON object and remembers the first that is missing or has another
/// type.
class Members {
public:
  explicit Members(const json &object) : object(object) {}

  void read(const char *key, std::string &out) {
    if (const json *value = find(key, &json::is_string))
      out = value->get<std::string>();
  }
  template <typename Number> void readNumber(const char *key, Number &out) {
    if (const json *value = find(key, &json::is_number_unsigned))
      out = value->get<Number>();
  }
  void read(const char *key, std::vector<std::string> &out) {
    const json *value = find(key, &json::is_array);
    for (size_t i = 0; value && i < value->size(); ++i) {
      if (!(*value)[i].is_string())
        return fail(key);
      out.push_back((*value)[i].get<std::string>());
    }
  }
  Members inside(const char *key) {
    static const json empty = json::object();
    const json *value = find(key, &json::is_object);
    return Members(value ? *value : empty);
  }

  std::string wrong;

private:
  const json *find(const char *key, bool (json::*hasType)() const noexcept) {
    auto value = object.find(key);
    if (value != object.end() && ((*value).*hasType)())
      return &*value;
    fail(key);
    return nullptr;
  }
  void fail(const char *key) {
    if (wrong.empty())
      wrong = key;
  }

  const json &object;
};

} // namespace

Status readRunRecord(const RunDirectory &directory, RunRecord &out) {
  std::error_code error;
  if (!fs::exists(directory.path, error))
    return Status::error(TENON_STATUS_NOT_FOUND, directory.path + ": no such directory");
  if (!fs::exists(directory.record(), error))
    return Status::error(TENON_STATUS_NOT_FOUND,
                         directory.path + ": not a run directory (it has no run.json)");
  std::string text;
  TENON_TRY(data::readTextFile(directory.record(), text));
  json parsed = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object())
    return Status::error(TENON_STATUS_CORRUPT, directory.record() + ": not a JSON object");

  RunRecord record;
  Members run(parsed);
  run.read("tenon", record.version);
  run.read("producer", record.producer);
  run.read("command", record.command);
  run.read("block", record.block);
  run.readNumber("seed", record.seed);
  run.readNumber("threads", record.threads);
  run.read("device", record.device);
  run.read("defines", record.defines);
  run.read("weights", record.weights);
  Members model = run.inside("model");
  model.read("origin", record.origin);
  model.read("sha256", record.modelSha256);
  model.read("source_sha256", record.sourceSha256);
  Members source = run.inside("data");
  source.read("name", record.dataName);
  source.read("path", record.dataPath);
  source.read("sha256", record.dataSha256);
  source.readNumber("rows", record.dataRows);
  for (const std::string &wrong : {run.wrong, model.wrong, source.wrong})
    if (!wrong.empty())
      return Status::error(TENON_STATUS_CORRUPT,
                           directory.record() + ": '" + wrong + "' is missing or damaged");
  out = std::move(record);
  return Status();
}

} // namespace tenon::train
