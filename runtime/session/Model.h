// tenon_model_t: a program, its weights and its fitted values.
#ifndef TENON_SESSION_MODEL_H
#define TENON_SESSION_MODEL_H

#include "runtime/hal/Env.h"
#include "runtime/prepare/Fit.h"
#include "runtime/session/Weights.h"

#include <atomic>
#include <initializer_list>
#include <utility>

/// Changes until it is shared (a session, a trainer, a second owner), then is immutable, so that
/// any number of threads may read it without a lock.
struct tenon_model final : tenon::rt::RefCounted {
  tenon_model(tenon::rt::Ref<tenon_env> env, tenon::rt::Ref<tenon::rt::Program> program)
      : env(std::move(env)), program(std::move(program)),
        fits(tenon::rt::emptyFits(this->program->artifact())) {}

  const tenon::rt::Ref<tenon_env> env;
  const tenon::rt::Ref<tenon::rt::Program> program;
  tenon::rt::Ref<tenon::rt::Weights> weights;
  const tenon::rt::Ref<tenon::rt::FitTable> fits;
  std::atomic<bool> isShared{false};
};

namespace tenon::rt {

/// A model of `program` with weights of its own, whose values are not set.
Status createModel(Ref<tenon_env> env, Ref<Program> program, Ref<tenon_model> *out);

/// INVALID_ARGUMENT if the model is shared; `what` is what the caller wanted to do.
Status checkMutable(const tenon_model &model, const char *what);

/// Whether two programs come from the same artifact.
bool isSameArtifact(const Program &a, const Program &b);

/// Takes weights and fits from an opened file; changes nothing if it fails. `name` is the file's,
/// for messages.
Status loadModelWeights(const Safetensors &file, const std::string &name, const Program &program,
                        const Log &log, Weights *weights, Fits *fits);

/// The file of tenon_model_save.
Status saveModel(const std::string &path, const Program &program, const Weights &weights,
                 const Fits &fits);

/// INVALID_ARGUMENT naming the function and the argument if one of the pointers is NULL.
Status checkNotNull(const char *function,
                    std::initializer_list<std::pair<const void *, const char *>> arguments);

} // namespace tenon::rt

#endif
