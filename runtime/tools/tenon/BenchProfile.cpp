#include "runtime/tools/tenon/BenchProfile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>

namespace tenon::tool {

using rt::Status;

namespace {

double secondsOf(uint64_t nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

double medianOf(std::vector<double> values) {
  if (values.empty())
    return 0;
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

/// When the parts of one launch in one run began and ended, and how long the longest of them took: where
/// launches do not wait for each other, a thread begins its part when it is done with the one before.
struct Span {
  uint32_t entry = 0, command = 0;
  uint64_t begin = UINT64_MAX, end = 0, longest = 0;
};

/// The launches of all runs: those of a run are neighbours.
std::vector<Span> spansOf(const std::vector<tenon_launch_time> &times, uint32_t threads) {
  std::vector<Span> spans;
  for (size_t i = 0; i < times.size(); i += threads) {
    Span span;
    for (uint32_t thread = 0; thread < threads; ++thread) {
      const tenon_launch_time &time = times[i + thread];
      if (time.end == 0)
        continue; // this thread had no part
      span.entry = time.entry;
      span.command = time.command;
      span.begin = std::min(span.begin, time.begin);
      span.end = std::max(span.end, time.end);
      span.longest = std::max(span.longest, time.end - time.begin);
    }
    spans.push_back(span);
  }
  return spans;
}

/// What the launches of one run compute, for the sizes of each.
Status describe(const BenchTarget &target, const tenon_model_t *model,
                const std::vector<Span> &launches, std::vector<tenon_command_info> &out) {
  std::map<std::pair<uint32_t, uint32_t>, int64_t> runsOf; // of each entry's command so far
  for (const Span &launch : launches) {
    std::vector<int64_t> sizes =
        target.sizesOfRun(launch.entry, runsOf[{launch.entry, launch.command}]++);
    out.emplace_back();
    TENON_TRY(Status::adopt(tenon_model_command(model, launch.entry, launch.command, sizes.data(),
                                                sizes.size(), &out.back())));
  }
  return Status();
}

void addWork(KernelTime &kernel, const tenon_command_info &command, const MachineLimits &limits) {
  double flops = static_cast<double>(command.flops), bytes = static_cast<double>(command.bytes);
  kernel.calls += 1;
  kernel.threads = std::max(kernel.threads, command.threads);
  kernel.flops += flops;
  kernel.bytes += bytes;
  if (limits.bandwidths.empty())
    return; // not measured
  double arithmetic = limits.arithmeticFloor(flops), memory = limits.memoryFloor(bytes);
  kernel.floor += std::max(arithmetic, memory);
  kernel.isMemoryBound = memory > arithmetic;
}

} // namespace

Status profile(BenchTarget &target, tenon_model_t *model, uint32_t threads, int runs,
               const MachineLimits &alone, const MachineLimits &together, Profile &out) {
  out.threads = threads;
  out.times.resize(target.commandCount(model) * threads * static_cast<size_t>(runs));
  size_t used = 0;
  TENON_TRY(target.record(out.times.data(), out.times.size(), &used));
  Status status;
  for (int run = 0; run < runs && status.ok(); ++run)
    status = target.call();
  TENON_TRY(target.record(nullptr, 0, nullptr));
  TENON_TRY(std::move(status));
  out.times.resize(used);

  std::vector<Span> spans = spansOf(out.times, threads);
  size_t perRun = spans.size() / static_cast<size_t>(runs);
  TENON_TRY(describe(target, model, {spans.begin(), spans.begin() + perRun}, out.commands));
  std::map<std::pair<std::string, uint32_t>, size_t> positions;
  for (size_t i = 0; i < perRun; ++i) {
    const tenon_command_info &command = out.commands[i];
    auto [place, isNew] =
        positions.try_emplace({command.kernel, command.line}, out.kernels.size());
    if (isNew) {
      out.kernels.emplace_back();
      out.kernels.back().kernel = command.kernel;
      out.kernels.back().label = command.label;
      out.kernels.back().line = command.line;
    }
    KernelTime &kernel = out.kernels[place->second];
    addWork(kernel, command, command.threads > 1 ? together : alone);
    std::vector<double> seconds;
    for (size_t k = i; k < spans.size(); k += perRun)
      seconds.push_back(secondsOf(spans[k].longest));
    kernel.seconds += medianOf(std::move(seconds));
  }
  std::vector<double> whole;
  for (size_t i = 0; perRun != 0 && i + perRun <= spans.size(); i += perRun)
    whole.push_back(secondsOf(spans[i + perRun - 1].end - spans[i].begin));
  out.runSeconds = medianOf(std::move(whole));
  for (const KernelTime &kernel : out.kernels)
    out.kernelSeconds += kernel.seconds;
  for (KernelTime &kernel : out.kernels)
    kernel.share = out.kernelSeconds > 0 ? kernel.seconds / out.kernelSeconds : 0;
  std::stable_sort(out.kernels.begin(), out.kernels.end(),
                   [](const KernelTime &a, const KernelTime &b) { return a.seconds > b.seconds; });
  return Status();
}

std::string profileTable(const Profile &profile) {
  std::string table = "  kernel     calls  threads   time us   share  GFLOP/s     GB/s  of limit"
                      "    line  what\n";
  char text[256];
  for (const KernelTime &kernel : profile.kernels) {
    std::snprintf(text, sizeof text, "  %-10s %5u  %7u  %8.2f  %5.1f %%  %7.1f  %7.1f  ",
                  kernel.kernel.c_str(), kernel.calls, kernel.threads, kernel.seconds * 1e6,
                  kernel.share * 100, kernel.flops / kernel.seconds * 1e-9,
                  kernel.bytes / kernel.seconds * 1e-9);
    table += text;
    if (kernel.floor > 0)
      std::snprintf(text, sizeof text, "%4.0f %% %c", kernel.floor / kernel.seconds * 100,
                    kernel.isMemoryBound ? 'M' : 'A');
    else
      std::snprintf(text, sizeof text, "       -");
    table += text;
    std::snprintf(text, sizeof text, "  %6u  ", kernel.line);
    table += text + kernel.label + "\n";
  }
  std::snprintf(text, sizeof text,
                "  %.2f us in kernels, %.2f us from begin to end of a run under the clock\n",
                profile.kernelSeconds * 1e6, profile.runSeconds * 1e6);
  return table + text + "  limit: A arithmetic, M memory, as measured in this run\n";
}

std::string chromeTrace(const std::string &entry, const Profile &profile) {
  nlohmann::ordered_json events = nlohmann::ordered_json::array();
  events.push_back({{"name", "process_name"}, {"ph", "M"}, {"pid", 1}, {"tid", 0},
                    {"args", {{"name", entry}}}});
  uint32_t threads = 1;
  uint64_t origin = UINT64_MAX;
  for (const tenon_launch_time &time : profile.times)
    if (time.end != 0) {
      threads = std::max(threads, time.thread + 1);
      origin = std::min(origin, time.begin);
    }
  for (uint32_t thread = 0; thread < threads; ++thread)
    events.push_back({{"name", "thread_name"}, {"ph", "M"}, {"pid", 1}, {"tid", thread},
                      {"args", {{"name", "thread " + std::to_string(thread)}}}});
  for (size_t i = 0; i < profile.times.size(); ++i) {
    const tenon_launch_time &time = profile.times[i];
    if (time.end == 0)
      continue;
    const tenon_command_info &command =
        profile.commands[i / profile.threads % profile.commands.size()];
    std::string name = *command.label ? command.label : command.kernel;
    events.push_back({{"name", name},
                      {"cat", "kernel"},
                      {"ph", "X"},
                      {"ts", static_cast<double>(time.begin - origin) * 1e-3},
                      {"dur", static_cast<double>(time.end - time.begin) * 1e-3},
                      {"pid", 1},
                      {"tid", time.thread},
                      {"args",
                       {{"kernel", command.kernel},
                        {"line", command.line},
                        {"flops", command.flops},
                        {"bytes", command.bytes}}}});
  }
  nlohmann::ordered_json trace = {{"traceEvents", std::move(events)}, {"displayTimeUnit", "ns"}};
  return trace.dump() + "\n";
}

} // namespace tenon::tool
