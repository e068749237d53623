// metrics.jsonl: one JSON object a line, for scripts and plots.
//
//   {"step":12,"epoch":1.0,"split":"train","loss":0.53,"examples_per_s":51234.0}
//   {"step":12,"epoch":1.0,"split":"val","loss":0.61,"accuracy":0.93}
#ifndef TENON_TRAIN_METRICSLOG_H
#define TENON_TRAIN_METRICSLOG_H

#include "runtime/base/Status.h"
#include "runtime/train/Events.h"

#include <cstdio>
#include <memory>
#include <string>

namespace tenon::train {

class MetricsLog {
public:
  /// Opens the file for appending, after dropping the lines of steps after `lastStep`: what a run
  /// that continues from there will write again. A line cut short by a crash goes too.
  static rt::Status open(const std::string &path, int64_t lastStep, MetricsLog &out);

  rt::Status write(const StepEvent &event);
  rt::Status write(const EvaluationEvent &event);

private:
  rt::Status writeLine(const std::string &line);

  struct Close {
    void operator()(FILE *file) const { std::fclose(file); }
  };
  std::string path;
  std::unique_ptr<FILE, Close> file;
};

} // namespace tenon::train

#endif // TENON_TRAIN_METRICSLOG_H
