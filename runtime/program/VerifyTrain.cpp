// Train blocks: their settings, and that they fit their entries and their data block.
#include "runtime/program/Program.h"
#include "runtime/program/Verify.h"

#include <cmath>
#include <unordered_map>

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
Status verifyBest(const schema::Train &train, const std::string &best, const std::string &where) {
  if (best.empty())
    return {};
  bool formed = best.size() > 5 && best.back() == ')' &&
                (best.compare(0, 4, "min(") == 0 || best.compare(0, 4, "max(") == 0);
  std::string name = formed ? best.substr(4, best.size() - 5) : "";
  bool known = name == "loss";
  for (uint32_t i = 0; i < countOf(train.metrics()); ++i)
    known |= name == train.metrics()->Get(i)->str();
  if (!known)
    return corrupt(where, "'%s' is no min(…) or max(…) of the loss or a metric", best.c_str());
  return {};
}

bool areAlike(const schema::Parameter &a, const schema::Parameter &b) {
  bool same = a.dtype() == b.dtype() && a.layout() == b.layout() && a.lanes() == b.lanes() &&
              countOf(a.shape()) == countOf(b.shape());
  for (uint32_t i = 0; same && i < countOf(a.shape()); ++i)
    same = a.shape()->Get(i) == b.shape()->Get(i);
  return same;
}

/// A state with a parameter's average is like the parameter.
Status verifyAverage(const schema::Artifact &artifact, const schema::Train &train,
                     const std::string &where) {
  if (!(train.average() >= 0 && train.average() < 1))
    return corrupt(at(where, "average"), "%g is no decay", train.average());
  std::unordered_map<std::string, const schema::Parameter *> parameters;
  for (uint32_t i = 0; i < countOf(artifact.parameters()); ++i)
    parameters[averagePrefix + artifact.parameters()->Get(i)->path()->str()] =
        artifact.parameters()->Get(i);
  for (uint32_t i = 0; i < countOf(artifact.states()); ++i) {
    const schema::Parameter &state = *artifact.states()->Get(i);
    auto parameter = parameters.find(state.path()->str());
    if (parameter != parameters.end() && !areAlike(*parameter->second, state))
      return corrupt(at("", "states", i), "'%s' is not like its parameter", state.path()->c_str());
  }
  return {};
}

/// The parts of a step take what the step takes, cut along the first axis.
Status verifyMicroBatches(const schema::Artifact &artifact, const schema::Train &train,
                          const schema::Entry &step, const std::string &where) {
  if (train.micro_batches() == 0 || (train.micro_batches() > 1) != (train.accumulate() != -1) ||
      (train.counts() != -1 && train.accumulate() == -1))
    return corrupt(at(where, "micro_batches"), "%u micro-batches do not fit the entries",
                   train.micro_batches());
  for (int64_t index : {int64_t{train.counts()}, int64_t{train.accumulate()}}) {
    if (index == -1)
      continue;
    std::string place = at(where, index == train.counts() ? "counts" : "accumulate");
    TENON_TRY(verifyEntryIndex(artifact, index, schema::EntryKind::Step, place));
    const schema::Entry &part = *artifact.entries()->Get(index);
    bool same = countOf(part.inputs()) == countOf(step.inputs()) &&
                countOf(part.sizes()) == countOf(step.sizes()) && countOf(part.outputs()) == 0;
    for (uint32_t i = 0; same && i < countOf(part.inputs()); ++i)
      same = part.inputs()->Get(i)->name()->str() == step.inputs()->Get(i)->name()->str() &&
             part.inputs()->Get(i)->dtype() == step.inputs()->Get(i)->dtype();
    if (!same)
      return corrupt(place, "'%s' is no part of '%s'", part.name()->c_str(), step.name()->c_str());
  }
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
  if (countOf(step.outputs()) == 0)
    return corrupt(at(where, "step"), "a training step has no loss");
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
  TENON_TRY(verifyBest(train, textOf(train.best()), at(where, "best")));
  TENON_TRY(verifyBest(train, textOf(train.stop_best()), at(where, "stop_best")));
  if ((train.stop_after() != nullptr) == textOf(train.stop_best()).empty())
    return corrupt(at(where, "stop_after"), "'stop_after' and 'stop_best' do not stand together");
  TENON_TRY(verifyDuration(train.stop_after(), at(where, "stop_after")));
  TENON_TRY(verifyAverage(artifact, train, where));
  return verifyMicroBatches(artifact, train, step, where);
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
