// The metadata `tenon.prepare`:
// {"version":1,"data":{"patients":{"x.0":{"kind":"standardize","shift":[…],"scale":[…]}}}}
#include "runtime/prepare/Fit.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace tenon::rt {
namespace {

using nlohmann::json;

const char *kindName(schema::FitKind kind) {
  return kind == schema::FitKind::Standardize ? "standardize" : "minmax";
}

/// The shortest text that reads back as the same number.
void appendNumber(double value, std::string *out) {
  char buffer[32];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
  std::string text(buffer, end);
  *out += text;
  if (text.find_first_of(".en") == std::string::npos)
    *out += ".0"; // JSON readers drop the sign of an integer -0
}

void appendNumbers(const char *name, const std::vector<double> &values, std::string *out) {
  *out += std::string(",\"") + name + "\":[";
  for (size_t i = 0; i < values.size(); ++i) {
    *out += i ? "," : "";
    appendNumber(values[i], out);
  }
  *out += ']';
}

std::string quoted(const flatbuffers::String *name) { return json(name->str()).dump(); }

Status mismatch(const std::string &place, const char *reason) {
  return Status::error(TENON_STATUS_MISMATCH,
                       "metadata '%s'%s%s: %s; fit the data again by training", prepareKey,
                       place.empty() ? "" : ", ", place.c_str(), reason);
}

bool readNumbers(const json &fit, const char *name, uint32_t columns, std::vector<double> *out) {
  auto list = fit.find(name);
  if (list == fit.end() || !list->is_array() || list->size() != columns)
    return false;
  for (const json &number : *list) {
    if (!number.is_number() || !std::isfinite(number.get<double>()))
      return false;
    out->push_back(number.get<double>());
  }
  return true;
}

Status readFit(const schema::Data &data, uint32_t index, const json &text, FitValues *out) {
  const schema::Fit &fit = *data.fits()->Get(index);
  std::string place = data.name()->str() + "." + fit.name()->str();
  if (!text.is_object() || !text.contains("kind") || text["kind"] != kindName(fit.kind()))
    return mismatch(place, "the fit is of another kind than the model's");
  FitValues values;
  uint32_t columns = columnsOf(data, index);
  if (!readNumbers(text, "shift", columns, &values.shift) ||
      !readNumbers(text, "scale", columns, &values.scale))
    return mismatch(place, "the fit does not have one finite shift and scale per column");
  *out = std::move(values);
  return {};
}

} // namespace

std::string prepareText(const schema::Artifact &artifact, const Fits &fits) {
  std::string blocks;
  for (uint32_t i = 0; i < fits.size(); ++i) {
    const schema::Data &data = *artifact.data()->Get(i);
    std::string block;
    for (uint32_t k = 0; k < fits[i].size(); ++k) {
      if (!fits[i][k].known())
        continue;
      const schema::Fit &fit = *data.fits()->Get(k);
      block += (block.empty() ? "" : ",") + quoted(fit.name()) + ":{\"kind\":\"" +
               kindName(fit.kind()) + "\"";
      appendNumbers("shift", fits[i][k].shift, &block);
      appendNumbers("scale", fits[i][k].scale, &block);
      block += '}';
    }
    if (!block.empty())
      blocks += (blocks.empty() ? "" : ",") + quoted(data.name()) + ":{" + block + "}";
  }
  return blocks.empty() ? "" : "{\"version\":1,\"data\":{" + blocks + "}}";
}

Status readPrepareText(const schema::Artifact &artifact, const std::string &text, Fits *fits) {
  json root = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object() || !root.contains("version") || root["version"] != 1 ||
      !root.contains("data") || !root["data"].is_object())
    return mismatch("", "it is no JSON of this version");
  Fits read = *fits;
  for (uint32_t i = 0; i < countOf(artifact.data()); ++i) {
    const schema::Data &data = *artifact.data()->Get(i);
    auto block = root["data"].find(data.name()->str());
    if (block == root["data"].end() || !block->is_object())
      continue;
    for (uint32_t k = 0; k < countOf(data.fits()); ++k) {
      auto fit = block->find(data.fits()->Get(k)->name()->str());
      if (fit != block->end())
        TENON_TRY(readFit(data, k, *fit, &read[i][k]));
    }
  }
  *fits = std::move(read);
  return {};
}

} // namespace tenon::rt
