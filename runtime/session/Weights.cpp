#include "runtime/session/Weights.h"

#include "runtime/base/Checked.h"

#include <cstring>
#include <unordered_map>

namespace tenon::rt {
namespace {

std::string shapeText(const std::vector<int64_t> &dims) {
  std::string text = "[";
  for (size_t i = 0; i < dims.size(); ++i)
    text += (i ? ", " : "") + std::to_string(dims[i]);
  return text + "]";
}

} // namespace

Status Weights::create(Ref<Program> owner, const Allocator &allocator, bool withOptimizer,
                       Ref<Weights> *out) {
  Ref<Weights> weights = Ref<Weights>::adopt(new Weights);
  const Program &program = *owner;
  weights->program = std::move(owner);
  uint64_t total = 0;
  std::vector<uint64_t> offsets;
  std::vector<bool> present;
  auto place = [&](const ParameterSpec &spec) {
    present.push_back(withOptimizer || !spec.isOptimizer);
    offsets.push_back(total);
    uint64_t aligned;
    return !present.back() ||
           (checkedAlign64(spec.storageBytes, &aligned) && checkedAdd(total, aligned, &total));
  };
  bool fits = true;
  for (const ParameterSpec &spec : program.parameters())
    fits &= place(spec);
  for (const ParameterSpec &spec : program.states())
    fits &= place(spec);
  if (!fits)
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, "the weights of the model are too large");
  TENON_TRY(AlignedMemory::allocate(allocator, total, "weights", &weights->memory));
  for (size_t i = 0; i < offsets.size(); ++i) {
    void *data = present[i] ? weights->memory.data() + offsets[i] : nullptr;
    bool isParameter = i < program.parameters().size();
    (isParameter ? weights->parameterData : weights->stateData).push_back(data);
  }
  if (withOptimizer)
    weights->accumulators = weights->slots(Part::Accumulators);
  *out = std::move(weights);
  return {};
}

std::vector<Weights::Slot> Weights::slots(Part part) const {
  std::vector<Slot> out;
  if (part == Part::Model)
    for (size_t i = 0; i < parameterData.size(); ++i)
      out.push_back({&program->parameters()[i], parameterData[i]});
  for (size_t i = 0; i < stateData.size(); ++i) {
    const ParameterSpec &spec = program->states()[i];
    Part own = spec.isAccumulator ? Part::Accumulators
               : spec.isOptimizer ? Part::Optimizer
                                  : Part::Model;
    if (own == part)
      out.push_back({&spec, stateData[i]});
  }
  return out;
}

void Weights::initializeModel(uint64_t seed) { initialize(Part::Model, seed); }
void Weights::initializeOptimizer(uint64_t seed) {
  initialize(Part::Optimizer, seed);
  clearAccumulators();
}

/// Initial values are given in row-major order, so that they do not depend on layouts.
void Weights::initialize(Part part, uint64_t seed) {
  std::vector<uint8_t> values;
  for (const Slot &slot : slots(part)) {
    const ParameterSpec &spec = *slot.spec;
    if (spec.layout.isPacked())
      values.resize(spec.bytes);
    rt::initialize(spec.initializer, seed, spec.path, spec.dtype, spec.elements,
                   spec.layout.isPacked() ? values.data() : slot.data);
    if (spec.layout.isPacked())
      packMatrix(spec.layout, values.data(), slot.data);
  }
}

void Weights::copyModelFrom(const Weights &other) {
  auto copy = [](const ParameterSpec &spec, void *to, const void *from) {
    if (spec.storageBytes != 0)
      std::memcpy(to, from, spec.storageBytes);
  };
  for (size_t i = 0; i < parameterData.size(); ++i)
    copy(program->parameters()[i], parameterData[i], other.parameterData[i]);
  for (size_t i = 0; i < stateData.size(); ++i)
    if (!program->states()[i].isOptimizer)
      copy(program->states()[i], stateData[i], other.stateData[i]);
}

std::vector<std::optional<size_t>> Weights::averageStates() const {
  std::unordered_map<std::string, size_t> states;
  for (size_t i = 0; i < program->states().size(); ++i)
    states[program->states()[i].path] = i;
  std::vector<std::optional<size_t>> out;
  for (const ParameterSpec &spec : program->parameters()) {
    auto state = states.find(averagePrefix + spec.path);
    out.push_back(state == states.end() ? std::nullopt : std::optional<size_t>(state->second));
  }
  return out;
}

void Weights::beginAverages() {
  std::vector<std::optional<size_t>> averages = averageStates();
  for (size_t i = 0; i < averages.size(); ++i)
    if (uint64_t bytes = program->parameters()[i].storageBytes; averages[i] && bytes != 0)
      std::memcpy(stateData[*averages[i]], parameterData[i], bytes);
}

void Weights::clearAccumulators() {
  for (const Slot &slot : accumulators)
    if (slot.spec->storageBytes != 0)
      std::memset(slot.data, 0, slot.spec->storageBytes);
}

Ref<Weights> Weights::averagesOf(Ref<Weights> weights) {
  Ref<Weights> view = Ref<Weights>::adopt(new Weights);
  view->program = weights->program;
  view->parameterData = weights->parameterData;
  view->stateData = weights->stateData;
  std::vector<std::optional<size_t>> averages = weights->averageStates();
  for (size_t i = 0; i < averages.size(); ++i)
    if (averages[i])
      view->parameterData[i] = view->stateData[*averages[i]];
  view->owner = std::move(weights);
  return view;
}

const ParameterSpec *Weights::find(const std::string &path) const {
  for (const Slot &slot : slots(Part::Model))
    if (slot.spec->path == path)
      return slot.spec;
  return nullptr;
}

void *Weights::storageOf(const ParameterSpec &spec) const {
  for (const Slot &slot : slots(spec.isOptimizer ? Part::Optimizer : Part::Model))
    if (slot.spec == &spec)
      return slot.data;
  return nullptr;
}

void Weights::get(const ParameterSpec &spec, void *values) const {
  if (spec.layout.isPacked())
    unpackMatrix(spec.layout, storageOf(spec), 0, spec.elements, values);
  else if (spec.bytes != 0)
    std::memcpy(values, storageOf(spec), spec.bytes);
}

void Weights::set(const ParameterSpec &spec, const void *values) {
  if (spec.layout.isPacked())
    packMatrix(spec.layout, values, storageOf(spec));
  else if (spec.bytes != 0)
    std::memcpy(storageOf(spec), values, spec.bytes);
}

std::vector<FileTensor> Weights::tensors(Part part) const {
  std::vector<FileTensor> out;
  for (const Slot &slot : slots(part)) {
    const ParameterSpec &spec = *slot.spec;
    out.push_back({spec.path, spec.dtype, spec.dims, static_cast<const uint8_t *>(slot.data),
                   spec.bytes, nullptr});
    if (spec.layout.isPacked())
      out.back().give = [layout = spec.layout, data = slot.data](uint64_t offset, uint64_t bytes,
                                                                 void *values) {
        unpackMatrix(layout, data, offset / layout.elementBytes, bytes / layout.elementBytes,
                     values);
      };
  }
  return out;
}

Status Weights::check(const Safetensors &file, Part part) const {
  const ParameterSpec *missing = nullptr;
  size_t missingCount = 0;
  for (const Slot &slot : slots(part)) {
    const FileTensor *tensor = file.find(slot.spec->path);
    if (!tensor) {
      missing = missing ? missing : slot.spec;
      ++missingCount;
    } else if (tensor->dtype != slot.spec->dtype || tensor->dims != slot.spec->dims) {
      return Status::errorAt(slot.spec->line, TENON_STATUS_MISMATCH,
                             "'%s' is %s%s in the file, %s%s in the model", slot.spec->path.c_str(),
                             tenon_dtype_name(tensor->dtype), shapeText(tensor->dims).c_str(),
                             tenon_dtype_name(slot.spec->dtype), slot.spec->shapeText.c_str());
    }
  }
  if (missing) {
    std::string more =
        missingCount > 1 ? " (and " + std::to_string(missingCount - 1) + " more)" : "";
    return Status::errorAt(missing->line, TENON_STATUS_MISMATCH, "no tensor for '%s' %s%s%s",
                           missing->path.c_str(), tenon_dtype_name(missing->dtype),
                           missing->shapeText.c_str(), more.c_str());
  }
  return {};
}

size_t Weights::take(const Safetensors &file, Part part) {
  std::vector<Slot> wanted = slots(part);
  for (const Slot &slot : wanted)
    set(*slot.spec, file.find(slot.spec->path)->data);
  return file.tensors().size() - wanted.size();
}

} // namespace tenon::rt
