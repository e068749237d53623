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
  std::vector<Bandwidth> bandwidths; // by footprint, ascending

  /// The rate at which threads read `bytes` in all, the same bytes again and again.
  double bandwidthFor(double bytes) const;
  /// Seconds that this much work takes at least.
  double floor(double flopCount, double byteCount) const;
};

/// Takes about a fifth of a second: runs of independent fused multiply-adds on the widest vectors of
/// the processor, and reads of 16 KiB, 256 KiB, 4 MiB and 128 MiB per thread; the best of several
/// rounds each.
MachineLimits measureLimits(uint32_t threads);

} // namespace tenon::tool

#endif // TENON_TOOLS_MACHINELIMITS_H
