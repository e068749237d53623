// What this machine can do at best, measured: what a profile compares kernels with.
#ifndef TENON_TOOLS_MACHINELIMITS_H
#define TENON_TOOLS_MACHINELIMITS_H

#include <cstdint>
#include <vector>

namespace tenon::tool {

/// Of `threads` threads that all run at the same time.
struct MachineLimits {
  struct Bandwidth {
    uint64_t footprint = 0; // bytes that one thread reads again and again
    double rate = 0;        // bytes per second, all threads together
  };

  uint32_t threads = 1;
  double flops = 0;                  // f32 multiply-adds count 2; per second, all threads together
  std::vector<Bandwidth> bandwidths; // by footprint, ascending; rates do not rise

  /// Seconds that computing `count` operations takes at least.
  double arithmeticFloor(double count) const { return count / flops; }
  /// Seconds that reading `bytes` in all takes at least: those from one footprint to the next come at
  /// the rate of the first of them. So it is a bound between footprints too: a part of more than a
  /// cache holds may stay there, and the cache may end just before the next footprint.
  double memoryFloor(double bytes) const;
  /// The rate of that footprint, which is one of those measured.
  double rateOf(uint64_t footprint) const;
};

/// Takes about a third of a second: runs of independent fused multiply-adds on the widest vectors of
/// the processor, and reads of 16 KiB, 32 KiB, and so on to 128 MiB per thread; the best of several
/// rounds each. A larger footprint is never said to be read faster.
MachineLimits measureLimits(uint32_t threads);

} // namespace tenon::tool

#endif // TENON_TOOLS_MACHINELIMITS_H
