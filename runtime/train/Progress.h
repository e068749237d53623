// Shows a training run to a person: a bar on a terminal, one plain line per epoch elsewhere.
#ifndef TENON_TRAIN_PROGRESS_H
#define TENON_TRAIN_PROGRESS_H

#include "runtime/train/Events.h"

#include <chrono>
#include <cstdio>
#include <string>

namespace tenon::train {

/// "12.3k", "951", "1.2M".
std::string formatCount(double count);
/// "0:07", "12:30", "2:04:00".
std::string formatSeconds(double seconds);
/// Four significant digits: "0.5320", "12.34", "1.250e-07".
std::string formatValue(double value);

/// The line that stays of an epoch:
/// "epoch  3/20  loss 0.5321  val loss 0.6012  accuracy 0.93  12.3k examples/s"
std::string formatEpoch(const EpochEvent &event);

class Progress {
public:
  /// Writes to `out`, which stays open and belongs to the caller. With `terminal` a bar is drawn
  /// and redrawn on the last line, at most ten times a second.
  Progress(FILE *out, bool terminal);
  /// Removes the bar.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  void step(const StepEvent &event);
  void epoch(const EpochEvent &event);
  void note(const std::string &text);

private:
  using Clock = std::chrono::steady_clock;

  std::string bar(const StepEvent &event) const;
  void clear();
  void line(const std::string &text);

  FILE *out;
  bool terminal;
  bool drawn = false;
  int64_t firstStep = -1; // where the clock began
  Clock::time_point begin;
  Clock::time_point lastDrawn;
};

} // namespace tenon::train

#endif // TENON_TRAIN_PROGRESS_H
