// Runs lists of kernels on the CPU, their tiles split over threads.
//
// A list runs in one parallel region: part i of every launch is on thread i, each thread goes
// through the whole list, and waits for the others only before launches that say so.
#ifndef TENON_HAL_CPU_LAUNCH_H
#define TENON_HAL_CPU_LAUNCH_H

#include "runtime/hal/cpu/Barrier.h"
#include "runtime/hal/cpu/FloatControl.h"
#include "runtime/hal/cpu/ThreadPool.h"
#include "runtime/schema/KernelAbi.h"

#include <atomic>
#include <cstdint>

namespace tenon::rt {

/// One kernel over all its tiles, ready to run.
struct Launch {
  tenon_kernel_fn kernel = nullptr;
  tenon_kernel_args args = {}; // scratch is that of the caller's thread; fault is set by the run
  int64_t tiles = 0;           // at least 1
  uint32_t parts = 1;          // threads that the tiles are split over
  bool waits = false;          // for all parts of all launches before this one
  uint32_t command = 0;        // which command of the program this is, for records
};

/// The fault of a run that comes first in the order of launches and, in one launch, of tiles: the same
/// at any number of threads. Once there is one, launches that depend on it do not run.
class FirstFault {
public:
  void clear();
  bool isFound() const { return atLaunch.load(std::memory_order_acquire) != kNone; }
  /// Is there one in an earlier launch than this?
  bool isBefore(uint32_t launch) const { return atLaunch.load(std::memory_order_acquire) < launch; }
  /// Where a fault is noted first by threads that share the list, each for its own part.
  void keep(uint32_t launch, uint32_t part, const tenon_fault &fault);

  /// Once the run is over. `launch` counts in the list.
  uint32_t launch() const { return atLaunch.load(std::memory_order_relaxed); }
  const tenon_fault &fault() const { return first; }

private:
  static constexpr uint32_t kNone = UINT32_MAX;
  std::atomic<uint32_t> atLaunch{kNone};
  std::atomic_flag taken = ATOMIC_FLAG_INIT; // guards all of it while threads run
  uint32_t atPart = 0;
  tenon_fault first = {};
};

/// How many threads the tiles of a launch are worth: depends on the arguments only.
uint32_t partsFor(int64_t tiles, int64_t grain, uint32_t threads);

struct LaunchList {
  const Launch *launches = nullptr;
  uint32_t count = 0;
  uint32_t parts = 1;         // the most of any launch
  uint64_t scratchStride = 0; // bytes from the scratch memory of one thread to that of the next
  FirstFault *fault = nullptr; // null if no kernel of the list can have one
  Subnormals subnormals = Subnormals::Keep;
};

/// When a part of a launch ran; begin and end are equal where a thread had no part.
using LaunchTime = tenon_launch_time;

/// Threads to run on: the own pool, or the host's parallel-for.
class Executor {
public:
  using ParallelFor = void (*)(void *user, uint32_t parts, PartFunction part, void *context);

  Executor(uint32_t threads, ParallelFor hostFunction, void *hostUser)
      : count(threads), hostFunction(hostFunction), hostUser(hostUser), barrier(threads) {}
  /// Must be called once before run.
  Status start() { return hostFunction ? Status() : ThreadPool::create(count, &pool); }

  uint32_t threads() const { return count; }

  /// Returns when all launches are done. Allocates nothing. While another list runs on the pool,
  /// this one runs on the caller's thread. Floating-point control words have their defaults during
  /// the call.
  void run(const LaunchList &list);

  /// The same, noting times: `times` has room for count * threads() values, those of launch i from
  /// times[i * threads()] on.
  void runTimed(const LaunchList &list, LaunchTime *times);

private:
  template <typename Clock> void runOn(const LaunchList &list, const Clock &clock);
  template <typename Clock> void runOnHost(const LaunchList &list, const Clock &clock);
  template <typename Clock> bool runOnPool(const LaunchList &list, const Clock &clock);

  uint32_t count;
  ParallelFor hostFunction;
  void *hostUser;
  std::unique_ptr<ThreadPool> pool;
  Barrier barrier;
};

} // namespace tenon::rt

#endif
