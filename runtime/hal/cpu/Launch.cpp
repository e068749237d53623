#include "runtime/hal/cpu/Launch.h"

#include <algorithm>
#include <chrono>

namespace tenon::rt {
namespace {

/// The loops below are compiled once with this clock, which costs nothing, and once with the other.
struct NoClock {
  uint64_t now() const { return 0; }
  void note(uint32_t, uint32_t, uint32_t, uint64_t) const {}
};

struct WallClock {
  LaunchTime *times;
  uint32_t threads;

  uint64_t now() const {
    auto time = std::chrono::steady_clock::now().time_since_epoch();
    return static_cast<uint64_t>(std::chrono::nanoseconds(time).count());
  }
  void note(uint32_t launch, uint32_t command, uint32_t thread, uint64_t begin) const {
    times[uint64_t{launch} * threads + thread] = {command, thread, begin, now(), 0};
  }
};

/// The first tile of a part: sizes of parts differ by one at most.
int64_t firstTile(const Launch &launch, uint32_t part) {
  int64_t whole = launch.tiles / launch.parts, rest = launch.tiles % launch.parts;
  return whole * part + std::min<int64_t>(rest, part);
}

/// Tiles [begin, end) of a launch, as part `part`. False if one of them met a fault.
bool runTiles(const LaunchList &list, uint32_t index, uint32_t part, int64_t begin, int64_t end) {
  tenon_fault fault = {};
  tenon_kernel_args args = list.launches[index].args;
  args.fault = &fault;
  if (list.scratchStride != 0)
    args.scratch = static_cast<uint8_t *>(args.scratch) + list.scratchStride * part;
  list.launches[index].kernel(&args, begin, end);
  if (fault.found)
    list.fault->keep(index, part, fault);
  return !fault.found;
}

void runPart(const LaunchList &list, uint32_t index, uint32_t part) {
  const Launch &launch = list.launches[index];
  runTiles(list, index, part, firstTile(launch, part), firstTile(launch, part + 1));
}

/// Has a launch before number `index` met a fault?
bool hasFault(const LaunchList &list, uint32_t index) {
  return list.fault && list.fault->isBefore(index);
}

/// Everything on the calling thread.
template <typename Clock> void runAlone(const LaunchList &list, const Clock &clock) {
  FloatControl control(list.subnormals);
  for (uint32_t i = 0; i < list.count; ++i) {
    uint64_t begin = clock.now();
    if (!runTiles(list, i, 0, 0, list.launches[i].tiles))
      return;
    clock.note(i, list.launches[i].command, 0, begin);
  }
}

/// What the threads of a region share.
template <typename Clock> struct Region {
  const LaunchList &list;
  const Clock &clock;
  Barrier &barrier;
  uint32_t firstCount;
  uint32_t lastCount = 0; // of the caller's thread

  static void run(void *context, uint32_t thread) {
    Region &region = *static_cast<Region *>(context);
    const LaunchList &list = region.list;
    FloatControl control(list.subnormals); // each thread has control words of its own
    uint32_t count = region.firstCount;
    for (uint32_t i = 0; i < list.count; ++i) {
      const Launch &launch = list.launches[i];
      if (launch.waits)
        region.barrier.wait(thread, list.parts, &count);
      // What depends on a launch with a fault comes after a wait, which shows it to all threads.
      if (thread >= launch.parts || hasFault(list, i))
        continue;
      uint64_t begin = region.clock.now();
      runPart(list, i, thread);
      region.clock.note(i, launch.command, thread, begin);
    }
    if (thread == 0)
      region.lastCount = count;
  }
};

/// A launch that the host's threads share.
template <typename Clock> struct HostLaunch {
  const LaunchList &list;
  const Clock &clock;
  uint32_t index;

  static void run(void *context, uint32_t part) {
    HostLaunch &host = *static_cast<HostLaunch *>(context);
    const Launch &launch = host.list.launches[host.index];
    FloatControl control(host.list.subnormals);
    uint64_t begin = host.clock.now();
    runPart(host.list, host.index, part);
    host.clock.note(host.index, launch.command, part, begin);
  }
};

} // namespace

void FirstFault::clear() { atLaunch.store(kNone, std::memory_order_relaxed); }

void FirstFault::keep(uint32_t launch, uint32_t part, const tenon_fault &fault) {
  while (taken.test_and_set(std::memory_order_acquire)) {
  }
  uint32_t known = atLaunch.load(std::memory_order_relaxed);
  if (launch < known || (launch == known && part < atPart)) {
    atPart = part;
    first = fault;
    atLaunch.store(launch, std::memory_order_release);
  }
  taken.clear(std::memory_order_release);
}

uint32_t partsFor(int64_t tiles, int64_t grain, uint32_t threads) {
  int64_t worth = tiles / std::max<int64_t>(grain, 1);
  return static_cast<uint32_t>(std::clamp<int64_t>(worth, 1, threads));
}

template <typename Clock> void Executor::runOn(const LaunchList &list, const Clock &clock) {
  if (list.parts > 1 && hostFunction)
    runOnHost(list, clock);
  else if (list.parts == 1 || !runOnPool(list, clock))
    runAlone(list, clock);
}

/// The host does not promise that parts run at the same time, so none can wait for another: each
/// launch is a parallel-for of its own.
template <typename Clock> void Executor::runOnHost(const LaunchList &list, const Clock &clock) {
  for (uint32_t i = 0; i < list.count && !hasFault(list, i); ++i) {
    HostLaunch<Clock> context{list, clock, i};
    if (uint32_t parts = list.launches[i].parts; parts > 1)
      hostFunction(hostUser, parts, HostLaunch<Clock>::run, &context);
    else
      HostLaunch<Clock>::run(&context, 0);
  }
}

template <typename Clock> bool Executor::runOnPool(const LaunchList &list, const Clock &clock) {
  if (!pool->tryEnter())
    return false;
  Region<Clock> region{list, clock, barrier, barrier.begin(list.parts)};
  pool->run(list.parts, Region<Clock>::run, &region);
  barrier.end(region.lastCount);
  pool->leave();
  return true;
}

void Executor::run(const LaunchList &list) { runOn(list, NoClock{}); }

void Executor::runTimed(const LaunchList &list, LaunchTime *times) {
  std::fill_n(times, uint64_t{list.count} * count, LaunchTime{});
  runOn(list, WallClock{times, count});
}

} // namespace tenon::rt
