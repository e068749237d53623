#include "runtime/hal/Env.h"

using namespace tenon::rt;

const char *tenon_version(void) { return TENON_VERSION; }

tenon_status_t tenon_env_create(const tenon_env_options *options, tenon_env_t **out_env) {
  return atBorder([&]() -> Status {
    if (!out_env)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_env_create: out_env is NULL");
    *out_env = nullptr;
    const tenon_env_options defaults = {};
    if (!options)
      options = &defaults;
    if (options->threads > 256)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_env_create: %u threads; at most 256 are possible",
                           options->threads);
    if (!options->allocate != !options->deallocate)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_env_create: give both allocate and deallocate, or neither");
    Ref<tenon_env> env = Ref<tenon_env>::adopt(new tenon_env(*options));
    TENON_TRY(env->executor.start());
    *out_env = env.take();
    return {};
  });
}

void tenon_env_retain(tenon_env_t *env) {
  if (env)
    env->retain();
}

void tenon_env_release(tenon_env_t *env) {
  if (env)
    env->release();
}

uint32_t tenon_env_threads(const tenon_env_t *env) { return env ? env->executor.threads() : 0; }
