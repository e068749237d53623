// C functions that make models: load, copy, retain, release.
#include "runtime/base/Checked.h"
#include "runtime/base/File.h"
#include "runtime/hal/cpu/FloatControl.h"
#include "runtime/session/Model.h"

#include <cerrno>
#include <cinttypes>
#include <cstring>

using namespace tenon::rt;

namespace {

/// Weights as the source says; a NULL source means the initialisers with seed 1.
Status takeWeights(const tenon_weights_source *source, tenon_model *model) {
  const tenon_weights_source defaults = {};
  if (!source)
    source = &defaults;
  if (source->path && source->data)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "the weights have both a path and data; give one of them");
  if (!source->path && !source->data) {
    FloatControl control;
    model->weights->initializeModel(source->seed ? source->seed : 1);
    return {};
  }
  Safetensors file;
  std::string name = source->path ? source->path : "weights in memory";
  if (source->path) {
    TENON_TRY(Safetensors::open(name, &file));
  } else if (Status parsed = Safetensors::parse(static_cast<const uint8_t *>(source->data),
                                                source->size, &file);
             !parsed.ok()) {
    return std::move(parsed).withPrefix(name);
  }
  return loadModelWeights(file, name, *model->program, model->env->log, model->weights.get(),
                          &model->fits->values);
}

/// From artifact bytes to a model; `name` is the artifact's, for messages.
Status finishLoading(tenon_env *env, AlignedMemory bytes, uint64_t size, const std::string &name,
                     const tenon_linked_model *linked, const tenon_weights_source *weights,
                     tenon_model_t **out) {
  Ref<Program> program;
  if (Status status = Program::create(env->allocator, std::move(bytes), size, linked, &program);
      !status.ok())
    return std::move(status).withPrefix(name);
  Ref<tenon_model> model;
  TENON_TRY(createModel(Ref<tenon_env>::share(env), std::move(program), &model));
  TENON_TRY(takeWeights(weights, model.get()));
  *out = model.take();
  return {};
}

Status allocateArtifact(tenon_env *env, uint64_t size, const std::string &name,
                        AlignedMemory *out) {
  if (size > largestArtifact)
    return Status::error(TENON_STATUS_CORRUPT,
                         "%s: %" PRIu64 " bytes; an artifact has at most 1 GiB", name.c_str(),
                         size);
  return AlignedMemory::allocate(env->allocator, size, "artifact", out);
}

Status loadBytes(tenon_env *env, const void *data, uint64_t size, const std::string &name,
                 const tenon_linked_model *linked, const tenon_weights_source *weights,
                 tenon_model_t **out) {
  AlignedMemory bytes;
  TENON_TRY(allocateArtifact(env, size, name, &bytes));
  if (size != 0)
    std::memcpy(bytes.data(), data, size);
  return finishLoading(env, std::move(bytes), size, name, linked, weights, out);
}

} // namespace

tenon_status_t tenon_model_load_file(tenon_env_t *env, const char *path,
                                     const tenon_weights_source *weights,
                                     tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_load_file",
                           {{env, "env"}, {path, "path"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    MappedFile file;
    TENON_TRY(MappedFile::open(path, &file));
    // Copied: what was verified must not change when somebody writes into the file.
    return loadBytes(env, file.data(), file.size(), path, nullptr, weights, out_model);
  });
}

tenon_status_t tenon_model_load_memory(tenon_env_t *env, const void *data, size_t size,
                                       const tenon_weights_source *weights,
                                       tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_load_memory",
                           {{env, "env"}, {data, "data"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    return loadBytes(env, data, size, "artifact in memory", nullptr, weights, out_model);
  });
}

tenon_status_t tenon_model_load_reader(tenon_env_t *env, const tenon_reader *reader,
                                       const tenon_weights_source *weights,
                                       tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_load_reader",
                           {{env, "env"}, {reader, "reader"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    TENON_TRY(checkNotNull("tenon_model_load_reader",
                           {{reinterpret_cast<const void *>(reader->read), "read"}}));
    const std::string name = "artifact from a reader";
    AlignedMemory bytes;
    TENON_TRY(allocateArtifact(env, reader->size, name, &bytes));
    if (reader->size != 0)
      if (int error = reader->read(reader->user, 0, bytes.data(), reader->size))
        return Status::io(name, "cannot read", error);
    return finishLoading(env, std::move(bytes), reader->size, name, nullptr, weights, out_model);
  });
}

tenon_status_t tenon_model_load_linked(tenon_env_t *env, const tenon_linked_model *linked,
                                       const tenon_weights_source *weights,
                                       tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_load_linked",
                           {{env, "env"}, {linked, "linked"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    if (linked->abi_version != TENON_ABI_VERSION)
      return Status::error(TENON_STATUS_INCOMPATIBLE,
                           "linked model: it was compiled for interface %u, this runtime has %u: "
                           "use tenonc and runtime of the same release",
                           linked->abi_version, TENON_ABI_VERSION);
    TENON_TRY(checkNotNull("tenon_model_load_linked", {{linked->artifact, "artifact"}}));
    if (linked->kernel_count != 0)
      TENON_TRY(checkNotNull("tenon_model_load_linked", {{linked->kernels, "kernels"}}));
    return loadBytes(env, linked->artifact, linked->artifact_size, "linked model", linked, weights,
                     out_model);
  });
}

void tenon_model_retain(tenon_model_t *model) {
  if (!model)
    return;
  model->isShared.store(true, std::memory_order_release);
  model->retain();
}

void tenon_model_release(tenon_model_t *model) {
  if (model)
    model->release();
}

tenon_status_t tenon_model_copy(tenon_model_t *model, tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_copy", {{model, "model"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    Ref<tenon_model> copy;
    TENON_TRY(createModel(model->env, model->program, &copy));
    copy->weights->copyModelFrom(*model->weights);
    copy->fits->values = model->fits->values;
    *out_model = copy.take();
    return {};
  });
}

tenon_status_t tenon_model_load_weights(tenon_model_t *model, const tenon_weights_source *source) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_load_weights", {{model, "model"}}));
    TENON_TRY(checkMutable(*model, "tenon_model_load_weights"));
    return takeWeights(source, model);
  });
}
