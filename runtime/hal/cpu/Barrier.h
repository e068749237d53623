// A barrier for the threads of one parallel region.
#ifndef TENON_HAL_CPU_BARRIER_H
#define TENON_HAL_CPU_BARRIER_H

#include <atomic>
#include <cstdint>
#include <memory>

namespace tenon::rt {

/// Every thread counts its arrivals in a cache line of its own and waits until the others have
/// counted as many: with two threads that is one transfer of a line each way. Waiting threads spin
/// briefly, then sleep.
class Barrier {
public:
  explicit Barrier(uint32_t threads) : places(new Place[threads]), threads(threads) {}

  /// Begins a region of `parts` threads; no other region is running. Returns what its threads give
  /// to their first `wait`.
  uint32_t begin(uint32_t parts);

  /// Thread `part` of `parts` waits for the others; what they wrote before is visible after.
  /// `count` is the thread's own: what begin returned, counted up by every call. All threads of the
  /// region call this equally often.
  void wait(uint32_t part, uint32_t parts, uint32_t *count);

  /// Ends the region; `count` is that of any of its threads.
  void end(uint32_t count) { last = count; }

private:
  struct alignas(64) Place {
    std::atomic<uint32_t> arrivals{0};
    std::atomic<uint32_t> sleepers{0}; // threads that sleep until `arrivals` changes
  };

  std::unique_ptr<Place[]> places;
  uint32_t threads;
  uint32_t last = 0;       // count at the end of the last region
  uint32_t lastParts = 0;  // of the last region: only its places are up to date
};

} // namespace tenon::rt

#endif
