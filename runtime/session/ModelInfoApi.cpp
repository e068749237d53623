// C functions that tell what a model contains.
#include "runtime/session/EntryRunner.h"
#include "runtime/session/Model.h"

using namespace tenon::rt;

namespace {

Status findEntry(const char *function, const tenon_model *model, uint32_t entry,
                 const EntrySpec **out) {
  TENON_TRY(checkNotNull(function, {{model, "model"}}));
  const auto &entries = model->program->entries();
  if (entry >= entries.size())
    return Status::error(TENON_STATUS_NOT_FOUND, "%s: entry %u of %zu", function, entry,
                         entries.size());
  *out = &entries[entry];
  return {};
}

enum class Side { Input, Output };

Status findTensor(const char *function, const tenon_model *model, uint32_t entry, Side side,
                  uint32_t index, const EntrySpec **outEntry, const TensorSpec **out) {
  TENON_TRY(findEntry(function, model, entry, outEntry));
  const auto &tensors = side == Side::Input ? (*outEntry)->inputs : (*outEntry)->outputs;
  if (index >= tensors.size())
    return Status::error(TENON_STATUS_NOT_FOUND, "%s: %s %u of %zu of '%s'", function,
                         side == Side::Input ? "input" : "output", index, tensors.size(),
                         (*outEntry)->name.c_str());
  *out = &tensors[index];
  return {};
}

Status checkSizes(const char *function, const EntrySpec &entry, const int64_t *sizes,
                  size_t count) {
  if (count != entry.sizes.size() || (count != 0 && !sizes))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: '%s' has %zu sizes, %zu were given",
                         function, entry.name.c_str(), entry.sizes.size(), sizes ? count : 0);
  for (size_t i = 0; i < count; ++i)
    if (sizes[i] < 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: %s is %lld", function,
                           entry.sizeNames[i], static_cast<long long>(sizes[i]));
  return {};
}

Status tensorInfo(const char *function, const tenon_model *model, uint32_t entry, Side side,
                  uint32_t index, tenon_tensor_info *out) {
  const EntrySpec *spec = nullptr;
  const TensorSpec *tensor = nullptr;
  TENON_TRY(findTensor(function, model, entry, side, index, &spec, &tensor));
  TENON_TRY(checkNotNull(function, {{out, "out_info"}}));
  *out = {tensor->name.c_str(),
          tensor->doc.c_str(),
          tensor->shapeText.c_str(),
          tensor->dtype,
          static_cast<uint32_t>(tensor->shape.size()),
          tensor->fitted.data >= 0};
  return {};
}

Status tensorDims(const char *function, const tenon_model *model, uint32_t entry, Side side,
                  uint32_t index, const int64_t *sizes, size_t sizeCount, int64_t *out) {
  const EntrySpec *spec = nullptr;
  const TensorSpec *tensor = nullptr;
  TENON_TRY(findTensor(function, model, entry, side, index, &spec, &tensor));
  TENON_TRY(checkSizes(function, *spec, sizes, sizeCount));
  if (tensor->shape.empty())
    return {};
  TENON_TRY(checkNotNull(function, {{out, "out_dims"}}));
  uint64_t elements;
  if (SizeError error = elementsOf(tensor->shape, sizes, &elements); error != SizeError::None) {
    TENON_TRY(checkRequirements(*spec, sizes)); // says more: it has a line of the model
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: '%s' of '%s' %s for these sizes",
                         function, tensor->name.c_str(), spec->name.c_str(), sizeErrorText(error));
  }
  for (size_t i = 0; i < tensor->shape.size(); ++i)
    (void)tensor->shape[i].evaluate(sizes, &out[i]); // succeeded just before
  return {};
}

Status parameterInfo(const char *function, const std::vector<ParameterSpec> &specs, uint32_t index,
                     tenon_parameter_info *out) {
  TENON_TRY(checkNotNull(function, {{out, "out_info"}}));
  if (index >= specs.size())
    return Status::error(TENON_STATUS_NOT_FOUND, "%s: %u of %zu", function, index, specs.size());
  const ParameterSpec &spec = specs[index];
  *out = {spec.path.c_str(),
          spec.shapeText.c_str(),
          spec.dims.data(),
          spec.dtype,
          static_cast<uint32_t>(spec.dims.size()),
          spec.bytes,
          spec.line,
          spec.nodecay,
          spec.isOptimizer};
  return {};
}

} // namespace

uint32_t tenon_model_entry_count(const tenon_model_t *model) {
  return model ? static_cast<uint32_t>(model->program->entries().size()) : 0;
}

tenon_status_t tenon_model_find_entry(const tenon_model_t *model, const char *name,
                                      uint32_t *out_entry) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_find_entry",
                           {{model, "model"}, {name, "name"}, {out_entry, "out_entry"}}));
    std::string known;
    const auto &entries = model->program->entries();
    for (uint32_t i = 0; i < entries.size(); ++i) {
      if (entries[i].name == name) {
        *out_entry = i;
        return {};
      }
      known += (i ? ", " : "") + entries[i].name;
    }
    return Status::error(TENON_STATUS_NOT_FOUND, "the model '%s' has no entry '%s'; it has: %s",
                         model->program->artifact().name()->c_str(), name, known.c_str());
  });
}

tenon_status_t tenon_model_entry(const tenon_model_t *model, uint32_t entry,
                                 tenon_entry_info *out_info) {
  return atBorder([&]() -> Status {
    const EntrySpec *spec = nullptr;
    TENON_TRY(findEntry("tenon_model_entry", model, entry, &spec));
    TENON_TRY(checkNotNull("tenon_model_entry", {{out_info, "out_info"}}));
    *out_info = {spec->name.c_str(),
                 spec->doc.c_str(),
                 static_cast<tenon_entry_kind>(spec->kind),
                 spec->line,
                 static_cast<uint32_t>(spec->inputs.size()),
                 static_cast<uint32_t>(spec->outputs.size()),
                 static_cast<uint32_t>(spec->sizes.size()),
                 spec->sizeNames.data()};
    return {};
  });
}

tenon_status_t tenon_model_input(const tenon_model_t *model, uint32_t entry, uint32_t index,
                                 tenon_tensor_info *out_info) {
  return atBorder(
      [&] { return tensorInfo("tenon_model_input", model, entry, Side::Input, index, out_info); });
}

tenon_status_t tenon_model_output(const tenon_model_t *model, uint32_t entry, uint32_t index,
                                  tenon_tensor_info *out_info) {
  return atBorder([&] {
    return tensorInfo("tenon_model_output", model, entry, Side::Output, index, out_info);
  });
}

tenon_status_t tenon_model_input_dims(const tenon_model_t *model, uint32_t entry, uint32_t index,
                                      const int64_t *sizes, size_t size_count, int64_t *out_dims) {
  return atBorder([&] {
    return tensorDims("tenon_model_input_dims", model, entry, Side::Input, index, sizes, size_count,
                      out_dims);
  });
}

tenon_status_t tenon_model_output_dims(const tenon_model_t *model, uint32_t entry, uint32_t index,
                                       const int64_t *sizes, size_t size_count, int64_t *out_dims) {
  return atBorder([&] {
    return tensorDims("tenon_model_output_dims", model, entry, Side::Output, index, sizes,
                      size_count, out_dims);
  });
}

tenon_status_t tenon_model_entry_memory(const tenon_model_t *model, uint32_t entry,
                                        const int64_t *sizes, size_t size_count,
                                        uint64_t *out_bytes) {
  return atBorder([&]() -> Status {
    const EntrySpec *spec = nullptr;
    TENON_TRY(findEntry("tenon_model_entry_memory", model, entry, &spec));
    TENON_TRY(checkNotNull("tenon_model_entry_memory", {{out_bytes, "out_bytes"}}));
    TENON_TRY(checkSizes("tenon_model_entry_memory", *spec, sizes, size_count));
    std::unique_ptr<EntryRunner> runner;
    TENON_TRY(EntryRunner::create(*model->program, entry, {sizes, sizes + size_count},
                                  model->env->executor.threads(), &runner));
    *out_bytes = runner->arenaBytes();
    return {};
  });
}

uint32_t tenon_model_parameter_count(const tenon_model_t *model) {
  return model ? static_cast<uint32_t>(model->program->parameters().size()) : 0;
}

tenon_status_t tenon_model_parameter(const tenon_model_t *model, uint32_t index,
                                     tenon_parameter_info *out_info) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_parameter", {{model, "model"}}));
    return parameterInfo("tenon_model_parameter", model->program->parameters(), index, out_info);
  });
}

uint32_t tenon_model_state_count(const tenon_model_t *model) {
  return model ? static_cast<uint32_t>(model->program->states().size()) : 0;
}

tenon_status_t tenon_model_state(const tenon_model_t *model, uint32_t index,
                                 tenon_parameter_info *out_info) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_state", {{model, "model"}}));
    return parameterInfo("tenon_model_state", model->program->states(), index, out_info);
  });
}

uint32_t tenon_model_variant(const tenon_model_t *model) {
  return model ? model->program->variant() : 0;
}

const void *tenon_model_artifact(const tenon_model_t *model, size_t *out_size) {
  if (out_size)
    *out_size = model ? model->program->size() : 0;
  return model ? model->program->data() : nullptr;
}
