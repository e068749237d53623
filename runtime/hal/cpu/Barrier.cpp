#include "runtime/hal/cpu/Barrier.h"

#include "runtime/hal/cpu/Spin.h"

namespace tenon::rt {
namespace {

/// Whether a count has reached another; counts wrap.
bool isReached(uint32_t count, uint32_t goal) { return static_cast<int32_t>(count - goal) >= 0; }

/// Waits until the other thread's arrivals reach `goal`.
template <typename Place> void await(Place &other, uint32_t goal) {
  for (int i = 0; i < spinsBeforeSleep; ++i) {
    if (isReached(other.arrivals.load(std::memory_order_acquire), goal))
      return;
    spinPause();
  }
  other.sleepers.fetch_add(1);
  uint32_t seen;
  while (!isReached(seen = other.arrivals.load(), goal))
    futexWait(&other.arrivals, seen);
  other.sleepers.fetch_sub(1);
}

} // namespace

uint32_t Barrier::begin(uint32_t parts) {
  // Places that the last region did not use have fallen behind, and after 2^31 more would look as
  // if they were ahead.
  if (parts != lastParts)
    for (uint32_t i = 0; i < threads; ++i)
      places[i].arrivals.store(last, std::memory_order_relaxed);
  lastParts = parts;
  return last;
}

void Barrier::wait(uint32_t part, uint32_t parts, uint32_t *count) {
  uint32_t goal = ++*count;
  // Sequentially consistent, as is the count of sleepers: either a sleeper sees this arrival before
  // it sleeps, or it is seen here and woken.
  places[part].arrivals.store(goal);
  if (places[part].sleepers.load() != 0)
    futexWake(&places[part].arrivals);
  for (uint32_t i = 0; i < parts; ++i)
    if (i != part)
      await(places[i], goal);
}

} // namespace tenon::rt
