#include "runtime/session/Weights.h"

#include "runtime/base/Checked.h"

#include <cstring>

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
           (checkedAlign64(spec.bytes, &aligned) && checkedAdd(total, aligned, &total));
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
  *out = std::move(weights);
  return {};
}

std::vector<Weights::Slot> Weights::slots(Part part) const {
  std::vector<Slot> out;
  if (part == Part::Model)
    for (size_t i = 0; i < parameterData.size(); ++i)
      out.push_back({&program->parameters()[i], parameterData[i]});
  for (size_t i = 0; i < stateData.size(); ++i)
    if (program->states()[i].isOptimizer == (part == Part::Optimizer))
      out.push_back({&program->states()[i], stateData[i]});
  return out;
}

void Weights::initializeModel(uint64_t seed) {
  for (const Slot &slot : slots(Part::Model))
    initialize(slot.spec->initializer, seed, slot.spec->path, slot.spec->dtype, slot.spec->elements,
               slot.data);
}

void Weights::initializeOptimizer(uint64_t seed) {
  for (const Slot &slot : slots(Part::Optimizer))
    initialize(slot.spec->initializer, seed, slot.spec->path, slot.spec->dtype, slot.spec->elements,
               slot.data);
}

void Weights::copyModelFrom(const Weights &other) {
  std::vector<Slot> to = slots(Part::Model), from = other.slots(Part::Model);
  for (size_t i = 0; i < to.size(); ++i)
    if (to[i].spec->bytes != 0)
      std::memcpy(to[i].data, from[i].data, to[i].spec->bytes);
}

void *Weights::find(const std::string &path, const ParameterSpec **spec) const {
  for (const Slot &slot : slots(Part::Model)) {
    if (slot.spec->path == path) {
      *spec = slot.spec;
      return slot.data;
    }
  }
  return nullptr;
}

std::vector<FileTensor> Weights::tensors(Part part) const {
  std::vector<FileTensor> out;
  for (const Slot &slot : slots(part))
    out.push_back({slot.spec->path, slot.spec->dtype, slot.spec->dims,
                   static_cast<const uint8_t *>(slot.data), slot.spec->bytes});
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
    if (slot.spec->bytes != 0)
      std::memcpy(slot.data, file.find(slot.spec->path)->data, slot.spec->bytes);
  return file.tensors().size() - wanted.size();
}

} // namespace tenon::rt
