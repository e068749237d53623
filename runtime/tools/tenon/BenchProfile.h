// Which kernels a run spends its time in, and how near each is to what the machine can do.
#ifndef TENON_TOOLS_BENCHPROFILE_H
#define TENON_TOOLS_BENCHPROFILE_H

#include "runtime/tools/tenon/Bench.h"
#include "runtime/tools/tenon/MachineLimits.h"

#include <string>
#include <vector>

namespace tenon::tool {

/// All launches of one kernel for one line of the model text.
struct KernelTime {
  std::string kernel, label;
  uint32_t line = 0;
  uint32_t calls = 0;   // per run
  uint32_t threads = 1; // the most that a launch is split over
  double seconds = 0;   // per run, the longest part of each call: the median of the runs
  double share = 0;     // of the time of all kernels
  double flops = 0, bytes = 0; // per run
  double floor = 0;            // seconds per run that the machine needs at least; 0: unknown
  bool isMemoryBound = false;  // what `floor` is bound by; else arithmetic
};

struct Profile {
  std::vector<KernelTime> kernels; // the slowest first
  double kernelSeconds = 0;        // per run, all kernels
  double runSeconds = 0;           // per run, from the first begin to the last end
  std::vector<tenon_launch_time> times; // of all runs, in order
  std::vector<tenon_command_info> commands; // of the launches of a run, in order
  uint32_t threads = 1;                     // times of each launch
};

/// Runs the target `runs` times under the clock. `alone` and `together` are the limits of one thread
/// and of all threads of the env; without them no floors are known.
rt::Status profile(BenchTarget &target, tenon_model_t *model, uint32_t threads, int runs,
                   const MachineLimits &alone, const MachineLimits &together, Profile &out);

/// A table in words.
std::string profileTable(const Profile &profile);

/// Runs in the trace event format that chrome://tracing and Perfetto open: a JSON object with
/// `traceEvents`, one complete event ("ph": "X", times in microseconds) per part of a launch, one row
/// per thread.
std::string chromeTrace(const std::string &entry, const Profile &profile);

} // namespace tenon::tool

#endif // TENON_TOOLS_BENCHPROFILE_H
