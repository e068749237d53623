// C functions of trainers.
#include "runtime/session/Session.h"
#include "runtime/session/Trainer.h"

using namespace tenon::rt;

tenon_status_t tenon_trainer_create(tenon_env_t *env, tenon_model_t *model, uint32_t train,
                                    const tenon_trainer_options *options,
                                    tenon_trainer_t **out_trainer) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_create",
                           {{model, "model"}, {options, "options"}, {out_trainer, "out_trainer"}}));
    *out_trainer = nullptr;
    Ref<tenon_env> used = env ? Ref<tenon_env>::share(env) : model->env;
    std::unique_ptr<tenon_trainer> trainer;
    TENON_TRY(createTrainer(std::move(used), *model, train, *options, &trainer));
    model->isShared.store(true, std::memory_order_release);
    *out_trainer = trainer.release();
    return {};
  });
}

void tenon_trainer_release(tenon_trainer_t *trainer) { delete trainer; }

tenon_status_t tenon_trainer_step(tenon_trainer_t *trainer, const tenon_call *call,
                                  double *out_values, size_t value_count) {
  return atBorder([&]() -> Status {
    if (!trainer || !call || !out_values)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_trainer_step: %s is NULL",
                           !trainer ? "trainer"
                           : !call  ? "call"
                                    : "out_values");
    TENON_TRY(bindStep(trainer, *call));
    return trainStep(trainer, out_values, value_count);
  });
}

tenon_status_t tenon_trainer_bind(tenon_trainer_t *trainer, const tenon_call *call) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_bind", {{trainer, "trainer"}, {call, "call"}}));
    return bindStep(trainer, *call);
  });
}

tenon_status_t tenon_trainer_step_bound(tenon_trainer_t *trainer, double *out_values,
                                        size_t value_count) {
  return atBorder([&]() -> Status {
    if (!trainer || !out_values)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_trainer_step_bound: %s is NULL",
                           trainer ? "out_values" : "trainer");
    return trainStep(trainer, out_values, value_count);
  });
}

int64_t tenon_trainer_get_step(const tenon_trainer_t *trainer) {
  return trainer ? trainer->step.step : 0;
}

tenon_status_t tenon_trainer_set_step(tenon_trainer_t *trainer, int64_t step) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_set_step", {{trainer, "trainer"}}));
    if (step < 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_trainer_set_step: %lld steps",
                           static_cast<long long>(step));
    trainer->step.step = step;
    return {};
  });
}

uint32_t tenon_trainer_entry(const tenon_trainer_t *trainer) {
  return trainer ? trainer->entry : 0;
}

tenon_status_t tenon_trainer_create_session(tenon_trainer_t *trainer,
                                            const tenon_session_options *options,
                                            tenon_session_t **out_session) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_create_session",
                           {{trainer, "trainer"}, {out_session, "out_session"}}));
    *out_session = nullptr;
    std::unique_ptr<tenon_session> session;
    TENON_TRY(createSession(trainer->env, trainer->program, trainer->deployed, trainer->fits,
                            options, &session));
    session->followsTrainer = true;
    *out_session = session.release();
    return {};
  });
}

tenon_status_t tenon_trainer_snapshot(const tenon_trainer_t *trainer, tenon_model_t **out_model) {
  return atBorder([&]() -> Status {
    TENON_TRY(
        checkNotNull("tenon_trainer_snapshot", {{trainer, "trainer"}, {out_model, "out_model"}}));
    *out_model = nullptr;
    Ref<tenon_model> model;
    TENON_TRY(createModel(trainer->env, trainer->program, &model));
    model->weights->copyModelFrom(*trainer->deployed);
    model->fits->values = trainer->fits->values;
    *out_model = model.take();
    return {};
  });
}

tenon_status_t tenon_trainer_snapshot_into(const tenon_trainer_t *trainer, tenon_model_t *model) {
  return atBorder([&]() -> Status {
    TENON_TRY(
        checkNotNull("tenon_trainer_snapshot_into", {{trainer, "trainer"}, {model, "model"}}));
    if (!isSameArtifact(*trainer->program, *model->program))
      return Status::error(
          TENON_STATUS_INVALID_ARGUMENT,
          "tenon_trainer_snapshot_into: the model is of another artifact; take one "
          "from tenon_trainer_snapshot");
    // The weights first: whoever lets go of them may do so on another thread.
    if (!model->weights->isUnique() || !model->fits->isUnique() || !model->isUnique())
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_trainer_snapshot_into: the model is still used; give its session "
                           "another one by tenon_session_use first, or keep one snapshot more");
    model->weights->copyModelFrom(*trainer->deployed);
    model->fits->values = trainer->fits->values;
    return {};
  });
}

tenon_status_t tenon_trainer_save(const tenon_trainer_t *trainer, const char *weights_path,
                                  const char *optimizer_path) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_save", {{trainer, "trainer"},
                                                  {weights_path, "weights_path"},
                                                  {optimizer_path, "optimizer_path"}}));
    return saveTrainer(*trainer, weights_path, optimizer_path);
  });
}

tenon_status_t tenon_trainer_load(tenon_trainer_t *trainer, const char *weights_path,
                                  const char *optimizer_path) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_load", {{trainer, "trainer"},
                                                  {weights_path, "weights_path"},
                                                  {optimizer_path, "optimizer_path"}}));
    return loadTrainer(trainer, weights_path, optimizer_path);
  });
}
