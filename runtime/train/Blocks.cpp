#include "runtime/train/Blocks.h"

#include <filesystem>

namespace tenon::train {

using rt::Status;

const schema::Artifact &artifactOf(const tenon_model_t *model) {
  return *schema::GetArtifact(tenon_model_artifact(model, nullptr));
}

Status findTrainBlock(const tenon_model_t *model, const std::string &name, TrainBlock &out) {
  const schema::Artifact &artifact = artifactOf(model);
  uint32_t count = artifact.trains() ? artifact.trains()->size() : 0;
  if (count == 0)
    return Status::error(TENON_STATUS_NOT_FOUND,
                         "model '" + artifact.name()->str() + "' has no train block");
  std::string known;
  for (uint32_t i = 0; i < count; ++i) {
    const schema::Train *train = artifact.trains()->Get(i);
    if (name.empty() || train->name()->str() == name) {
      out.trainIndex = i;
      out.dataIndex = train->data();
      out.train = train;
      out.data = artifact.data()->Get(train->data());
      return Status();
    }
    known += (known.empty() ? "'" : ", '") + train->name()->str() + "'";
  }
  return Status::error(TENON_STATUS_NOT_FOUND,
                       "no train block '" + name + "'; the model has " + known);
}

std::vector<data::SplitFraction> splitFractions(const schema::Data &data) {
  std::vector<data::SplitFraction> parts;
  if (data.split())
    for (const schema::SplitPart *part : *data.split())
      parts.push_back({part->name()->str(), part->fraction()});
  return parts;
}

Status resolveDataPath(const schema::Data &data, const std::string &sourceDirectory,
                       const std::string &given, std::string &out) {
  if (data.source()->kind() == schema::SourceKind::None)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "data block '" + data.name()->str() +
                             "' has no source: its fields are fed by a program");
  std::filesystem::path path = given;
  if (given.empty())
    path = std::filesystem::path(sourceDirectory) /
           (data.source()->path() ? data.source()->path()->str() : "");
  std::error_code error;
  std::filesystem::path absolute = std::filesystem::absolute(path, error);
  out = (error ? path : absolute).lexically_normal().string();
  return Status();
}

} // namespace tenon::train
