#include "runtime/train/MetricsLog.h"

#include "runtime/data/TextFile.h"
#include "runtime/train/DurableFile.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cmath>
#include <filesystem>

namespace tenon::train {

using nlohmann::json;
using nlohmann::ordered_json;
using rt::Status;

/// The whole lines of `text` that belong to steps up to `lastStep`.
static std::string keptLines(const std::string &text, int64_t lastStep) {
  std::string kept;
  for (size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos;
       begin = end + 1) {
    json line = json::parse(text.substr(begin, end - begin), nullptr, /*allow_exceptions=*/false);
    if (line.is_object() && line.contains("step") && line["step"].is_number_integer() &&
        line["step"].get<int64_t>() <= lastStep)
      kept += text.substr(begin, end + 1 - begin);
  }
  return kept;
}

Status MetricsLog::open(const std::string &path, int64_t lastStep, MetricsLog &out) {
  if (std::error_code error; std::filesystem::exists(path, error)) {
    std::string text;
    TENON_TRY(data::readTextFile(path, text));
    if (std::string kept = keptLines(text, lastStep); kept != text)
      TENON_TRY(writeFile(path, kept));
  }
  out.path = path;
  out.file.reset(std::fopen(path.c_str(), "ae"));
  return out.file ? Status() : Status::io(path, "cannot open", errno);
}

Status MetricsLog::writeLine(const std::string &line) {
  if (std::fputs(line.c_str(), file.get()) < 0 || std::fputc('\n', file.get()) == EOF ||
      std::fflush(file.get()) != 0)
    return Status::io(path, "cannot write", errno);
  return Status();
}

static void append(ordered_json &line, const std::vector<NamedValue> &values) {
  for (const NamedValue &named : values)
    line[named.name] = named.value; // a value that is not finite is written as null
}

Status MetricsLog::write(const StepEvent &event) {
  ordered_json line = {{"step", event.step}, {"epoch", event.epochsDone}, {"split", "train"}};
  append(line, event.values);
  line["examples_per_s"] = std::round(event.examplesPerSecond);
  return writeLine(line.dump());
}

Status MetricsLog::write(const EvaluationEvent &event) {
  ordered_json line = {{"step", event.step}, {"epoch", event.epochsDone}, {"split", event.split}};
  append(line, event.values);
  return writeLine(line.dump());
}

} // namespace tenon::train
