// Runs kernels on the CPU: splits their tiles over the threads of an executor.
#ifndef TENON_HAL_CPU_LAUNCH_H
#define TENON_HAL_CPU_LAUNCH_H

#include "runtime/hal/cpu/ThreadPool.h"
#include "runtime/schema/KernelAbi.h"

#include <cstdint>

namespace tenon::rt {

/// Threads to run on: the own pool, or the host's parallel-for.
class Executor {
public:
  using ParallelFor = void (*)(void *user, uint32_t parts, PartFunction part, void *context);

  Executor(uint32_t threads, ParallelFor hostFunction, void *hostUser)
      : count(threads), hostFunction(hostFunction), hostUser(hostUser) {}
  /// Must be called once before run, unless the host runs the threads.
  Status start() { return hostFunction ? Status() : ThreadPool::create(count, &pool); }

  uint32_t threads() const { return count; }
  void run(uint32_t parts, PartFunction part, void *context) {
    if (parts > 1 && hostFunction)
      hostFunction(hostUser, parts, part, context);
    else if (parts > 1)
      pool->run(parts, part, context);
    else if (parts == 1)
      part(context, 0);
  }

private:
  uint32_t count;
  ParallelFor hostFunction;
  void *hostUser;
  std::unique_ptr<ThreadPool> pool;
};

/// One kernel over all its tiles.
struct Launch {
  tenon_kernel_fn kernel = nullptr;
  tenon_kernel_args args = {}; // scratch is set per thread
  int64_t tiles = 0;
  int64_t grain = 1; // least tiles worth a thread of their own
  uint8_t *scratch = nullptr;
  uint64_t scratchStride = 0; // bytes per thread, a multiple of 64; 0: none
};

/// Returns when all tiles are done. The split depends on tiles, grain and the number of threads
/// only. Allocates nothing.
void launch(Executor &executor, const Launch &work);

} // namespace tenon::rt

#endif
