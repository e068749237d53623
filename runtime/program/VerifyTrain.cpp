// Train blocks: their settings, and that they fit their entries and their data block.
#include "runtime/program/Verify.h"

#include <cmath>

namespace tenon::rt {
namespace {

Status verifyDuration(const schema::Duration *duration, const std::string &where) {
  if (!duration)
    return {};
  if (duration->unit() > schema::DurationUnit::MAX)
    return corrupt(at(where, "unit"), "%d is no unit", static_cast<int>(duration->unit()));
  if (!(duration->value() > 0) || !std::isfinite(duration->value()))
    return corrupt(at(where, "value"), "a duration is not above 0");
  return {};
}

Status verifyEntryIndex(const schema::Artifact &artifact, int64_t index, schema::EntryKind kind,
                        const std::string &where) {
  if (index < 0 || index >= static_cast<int64_t>(countOf(artifact.entries())))
    return corrupt(where, "entry %lld of %u", static_cast<long long>(index),
                   countOf(artifact.entries()));
  const schema::Entry &entry = *artifact.entries()->Get(static_cast<uint32_t>(index));
  if (entry.kind() != kind)
    return corrupt(where, "'%s' is an entry of another kind", entry.name()->c_str());
  return {};
}

bool isField(const schema::Data &data, const std::string &name) {
  for (uint32_t i = 0; i < countOf(data.fields()); ++i)
    if (data.fields()->Get(i)->name()->str() == name)
      return true;
  return false;
}

/// Inputs of steps and evaluations are fields of the data block.
Status verifyFieldInputs(const schema::Entry &entry, const schema::Data &data,
                         const std::string &where) {
  if (countOf(entry.inputs()) == 0)
    return corrupt(where, "'%s' takes no field", entry.name()->c_str());
  for (const schema::Tensor *input : *entry.inputs()) {
    if (!isField(data, input->name()->str()))
      return corrupt(where, "'%s' takes '%s', which is no field of '%s'", entry.name()->c_str(),
                     input->name()->c_str(), data.name()->c_str());
    if (countOf(input->shape()) == 0)
      return corrupt(where, "field '%s' has no batch axis", input->name()->c_str());
  }
  return {};
}

Status verifyPredictions(const schema::Artifact &artifact, const schema::Train &train,
                         const schema::Data &data, const std::string &where) {
  TENON_TRY(verifyUniqueNames(train.predictions(), "predictions", where,
                              [](const schema::Prediction *one) { return one->name(); }));
  if (train.predict() == -1) {
    if (countOf(train.predictions()) != 0)
      return corrupt(at(where, "predictions"), "there is no predict entry");
    return {};
  }
  TENON_TRY(verifyEntryIndex(artifact, train.predict(), schema::EntryKind::Predict,
                             at(where, "predict")));
  const schema::Entry &entry = *artifact.entries()->Get(train.predict());
  for (uint32_t i = 0; i < countOf(entry.inputs()); ++i) {
    const schema::Tensor &input = *entry.inputs()->Get(i);
    std::string place = at(at("", "entries", train.predict()), "inputs", i);
    bool known;
    TENON_TRY(verifyRowInput(input, entry, data, place, &known));
    if (!known && !isField(data, input.name()->str()))
      return corrupt(place, "'%s' is no raw group, fitted value or field of '%s'",
                     input.name()->c_str(), data.name()->c_str());
  }
  if (countOf(entry.outputs()) != countOf(train.predictions()))
    return corrupt(at(where, "predictions"), "%u predictions for %u outputs of '%s'",
                   countOf(train.predictions()), countOf(entry.outputs()), entry.name()->c_str());
  for (uint32_t i = 0; i < countOf(train.predictions()); ++i) {
    int64_t like = train.predictions()->Get(i)->like_raw();
    if (like < -1 || like >= static_cast<int64_t>(countOf(data.raws())))
      return corrupt(at(where, "predictions", i), "raw group %lld of %u",
                     static_cast<long long>(like), countOf(data.raws()));
  }
  return {};
}

/// "", or min(NAME) or max(NAME) of the loss or a metric.
Status verifyBest(const schema::Train &train, const std::string &where) {
  std::string best = textOf(train.best());
  if (best.empty())
    return {};
  bool formed = best.size() > 5 && best.back() == ')' &&
                (best.compare(0, 4, "min(") == 0 || best.compare(0, 4, "max(") == 0);
  std::string name = formed ? best.substr(4, best.size() - 5) : "";
  bool known = name == "loss";
  for (uint32_t i = 0; i < countOf(train.metrics()); ++i)
    known |= name == train.metrics()->Get(i)->str();
  if (!known)
    return corrupt(at(where, "best"), "'%s' is no min(…) or max(…) of the loss or a metric",
                   best.c_str());
  return {};
}

Status verifyTrain(const schema::Artifact &artifact, const schema::Train &train,
                   const std::string &where) {
  if (train.data() < 0 || train.data() >= static_cast<int64_t>(countOf(artifact.data())))
    return corrupt(at(where, "data"), "data block %d of %u", train.data(),
                   countOf(artifact.data()));
  const schema::Data &data = *artifact.data()->Get(train.data());
  if (train.batch() == 0 || train.batch() > uint64_t{1} << 40)
    return corrupt(at(where, "batch"), "the batch is 0 or too large");
  TENON_TRY(verifyDuration(train.run(), at(where, "run")));
  TENON_TRY(verifyDuration(train.log_every(), at(where, "log_every")));
  TENON_TRY(verifyDuration(train.evaluate_every(), at(where, "evaluate_every")));
  TENON_TRY(verifyDuration(train.checkpoint_every(), at(where, "checkpoint_every")));
  TENON_TRY(verifyEntryIndex(artifact, train.step(), schema::EntryKind::Step, at(where, "step")));
  TENON_TRY(verifyEntryIndex(artifact, train.evaluate(), schema::EntryKind::Evaluate,
                             at(where, "evaluate")));
  const schema::Entry &step = *artifact.entries()->Get(train.step());
  const schema::Entry &evaluate = *artifact.entries()->Get(train.evaluate());
  TENON_TRY(verifyFieldInputs(step, data, at(where, "step")));
  TENON_TRY(verifyFieldInputs(evaluate, data, at(where, "evaluate")));
  TENON_TRY(verifyUniqueNames(train.metrics(), "metrics", where,
                              [](const flatbuffers::String *name) { return name; }));
  if (countOf(evaluate.outputs()) != 1 + countOf(train.metrics()))
    return corrupt(at(where, "metrics"), "'%s' gives %u values for the loss and %u metrics",
                   evaluate.name()->c_str(), countOf(evaluate.outputs()), countOf(train.metrics()));
  std::string on = textOf(train.evaluate_on());
  bool known = on.empty() || on == "train";
  for (uint32_t i = 0; i < countOf(data.split()); ++i)
    known |= on == data.split()->Get(i)->name()->str();
  if (!known)
    return corrupt(at(where, "evaluate_on"), "'%s' is no part of the split of '%s'", on.c_str(),
                   data.name()->c_str());
  TENON_TRY(verifyPredictions(artifact, train, data, where));
  return verifyBest(train, where);
}

} // namespace

Status verifyTrainBlocks(const schema::Artifact &artifact) {
  TENON_TRY(verifyUniqueNames(artifact.trains(), "trains", "",
                              [](const schema::Train *train) { return train->name(); }));
  for (uint32_t i = 0; i < countOf(artifact.trains()); ++i)
    TENON_TRY(verifyTrain(artifact, *artifact.trains()->Get(i), at("", "trains", i)));
  return {};
}

} // namespace tenon::rt
