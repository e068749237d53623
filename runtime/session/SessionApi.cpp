// C functions of sessions.
#include "runtime/session/Session.h"

using namespace tenon::rt;

namespace {

/// The caller's pointers; a NULL for a fitted value becomes the model's own.
Status fillInputs(const EntrySpec &entry, const tenon_call &call, const Fits &fits,
                  std::vector<const void *> *out) {
  for (size_t i = 0; i < out->size(); ++i) {
    (*out)[i] = call.inputs[i];
    const FitInput &fitted = entry.inputs[i].fitted;
    if (call.inputs[i] || fitted.data < 0)
      continue;
    const FitValues &values = fits[fitted.data][fitted.fit];
    if (!values.known())
      return Status::error(TENON_STATUS_NOT_READY,
                           "entry '%s': '%s' has no value yet: call tenon_model_fit with the "
                           "training rows, or load weights of a trained model",
                           entry.name.c_str(), entry.inputs[i].name.c_str());
    (*out)[i] = fitted.isScale ? values.scale.data() : values.shift.data();
  }
  return {};
}

Status runEntry(tenon_session *session, uint32_t entry, const tenon_call *call) {
  if (!session || !call)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_session_run: %s is NULL",
                         session ? "call" : "session");
  const auto &entries = session->program->entries();
  if (entry >= entries.size())
    return Status::error(TENON_STATUS_NOT_FOUND, "tenon_session_run: entry %u of %zu", entry,
                         entries.size());
  const EntrySpec &spec = entries[entry];
  if (!session->runners[entry])
    return Status::error(
        TENON_STATUS_INVALID_ARGUMENT,
        "the session has no memory for entry '%s': create it with a limit for "
        "every size of the entry%s",
        spec.name.c_str(),
        spec.kind == tenon::schema::EntryKind::Step ? " (a training step runs in a trainer)" : "");
  TENON_TRY(checkCall(spec, *call, spec.outputs.size()));
  std::vector<const void *> &inputs = session->inputs[entry];
  TENON_TRY(fillInputs(spec, *call, session->fits->values, &inputs));
  EntryCall ready;
  ready.inputs = inputs.data();
  ready.outputs = call->outputs;
  ready.sizes = call->sizes;
  ready.weights = session->weights.get();
  ready.step = session->step;
  return session->runners[entry]->run(ready, session->env->executor, session->arena.data());
}

} // namespace

tenon_status_t tenon_session_create(tenon_model_t *model, const tenon_session_options *options,
                                    tenon_session_t **out_session) {
  return atBorder([&]() -> Status {
    TENON_TRY(
        checkNotNull("tenon_session_create", {{model, "model"}, {out_session, "out_session"}}));
    *out_session = nullptr;
    std::unique_ptr<tenon_session> session;
    TENON_TRY(
        createSession(model->env, model->program, model->weights, model->fits, options, &session));
    model->isShared.store(true, std::memory_order_release);
    *out_session = session.release();
    return {};
  });
}

void tenon_session_release(tenon_session_t *session) { delete session; }

tenon_status_t tenon_session_run(tenon_session_t *session, uint32_t entry, const tenon_call *call) {
  return atBorder([&] { return runEntry(session, entry, call); });
}

tenon_status_t tenon_session_set_random(tenon_session_t *session, const tenon_random *random) {
  return atBorder([&]() -> Status {
    TENON_TRY(
        checkNotNull("tenon_session_set_random", {{session, "session"}, {random, "random"}}));
    if (random->step < 0 || random->example_offset < 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_session_set_random: %s is negative: steps and rows count from 0",
                           random->step < 0 ? "step" : "example_offset");
    session->step.seed = random->seed;
    session->step.step = random->step;
    session->step.example_offset = random->example_offset;
    return {};
  });
}

tenon_status_t tenon_session_reset(tenon_session_t *session) {
  // Entries of this version keep nothing between runs.
  return atBorder([&] { return checkNotNull("tenon_session_reset", {{session, "session"}}); });
}

tenon_status_t tenon_session_use(tenon_session_t *session, tenon_model_t *model) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_session_use", {{session, "session"}, {model, "model"}}));
    if (session->followsTrainer)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_session_use: the session follows a trainer; create one from a "
                           "model");
    if (!isSameArtifact(*session->program, *model->program))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_session_use: the model is of another artifact; create a session "
                           "for it");
    model->isShared.store(true, std::memory_order_release);
    session->weights = model->weights;
    session->fits = model->fits;
    for (auto &runner : session->runners)
      if (runner)
        runner->unbind();
    return {};
  });
}

uint64_t tenon_session_memory(const tenon_session_t *session) {
  return session ? session->arena.size() : 0;
}
