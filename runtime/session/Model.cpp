#include "runtime/session/Model.h"

#include <cstring>

namespace tenon::rt {

Status createModel(Ref<tenon_env> env, Ref<Program> program, Ref<tenon_model> *out) {
  auto model = Ref<tenon_model>::adopt(new tenon_model(std::move(env), std::move(program)));
  TENON_TRY(Weights::create(model->program, model->env->allocator, /*withOptimizer=*/false,
                            &model->weights));
  *out = std::move(model);
  return {};
}

bool isSameArtifact(const Program &a, const Program &b) {
  return &a == &b || (a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size()) == 0);
}

Status checkMutable(const tenon_model &model, const char *what) {
  if (!model.isShared.load(std::memory_order_acquire))
    return {};
  return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                       "%s: the model is in use by a session, a trainer or a second owner and "
                       "cannot change any more; do this before, or on a tenon_model_copy",
                       what);
}

Status loadModelWeights(const Safetensors &file, const std::string &name, const Program &program,
                        const Log &log, Weights *weights, Fits *fits) {
  Fits read = *fits;
  auto prepare = file.metadata().find(prepareKey);
  if (prepare != file.metadata().end())
    if (Status status = readPrepareText(program.artifact(), prepare->second, &read); !status.ok())
      return std::move(status).withPrefix(name);
  if (Status status = weights->check(file, Weights::Part::Model); !status.ok())
    return std::move(status).withPrefix(name);
  size_t ignored = weights->take(file, Weights::Part::Model);
  if (ignored != 0)
    log.write(TENON_LOG_NOTE, name + ": " + std::to_string(ignored) + " tensor" +
                                  (ignored == 1 ? "" : "s") + " that the model does not have");
  *fits = std::move(read);
  return {};
}

Status saveModel(const std::string &path, const Program &program, const Weights &weights,
                 const Fits &fits) {
  FileMetadata metadata;
  std::string prepare = prepareText(program.artifact(), fits);
  if (!prepare.empty())
    metadata[prepareKey] = std::move(prepare);
  return writeSafetensors(path, weights.tensors(Weights::Part::Model), metadata);
}

Status checkNotNull(const char *function,
                    std::initializer_list<std::pair<const void *, const char *>> arguments) {
  for (const auto &[pointer, name] : arguments)
    if (!pointer)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: %s is NULL", function, name);
  return {};
}

} // namespace tenon::rt
