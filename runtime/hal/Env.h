// tenon_env_t: what the host lends the runtime.
#ifndef TENON_HAL_ENV_H
#define TENON_HAL_ENV_H

#include "runtime/base/Log.h"
#include "runtime/base/Memory.h"
#include "runtime/base/Ref.h"
#include "runtime/hal/cpu/Launch.h"

/// Shared by any number of threads: the executor serves one at a time and never blocks the others.
struct tenon_env final : tenon::rt::RefCounted {
  explicit tenon_env(const tenon_env_options &options)
      : allocator{options.allocate, options.deallocate, options.allocator_user},
        log{options.log, options.log_user}, executor(options.threads ? options.threads : 1,
                                                     options.parallel_for, options.parallel_user) {}

  const tenon::rt::Allocator allocator;
  const tenon::rt::Log log;
  tenon::rt::Executor executor;
};

#endif
