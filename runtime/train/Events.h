// What a training run tells whoever started it. The loop itself prints nothing.
#ifndef TENON_TRAIN_EVENTS_H
#define TENON_TRAIN_EVENTS_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tenon::train {

/// A number with the name it has in the model: "loss", "l2", "accuracy".
struct NamedValue {
  std::string name;
  double value;
};

/// After every step.
struct StepEvent {
  int64_t step;                   // from 1
  int64_t totalSteps;             // of the run
  int64_t epoch;                  // that the step belongs to, from 1
  int64_t epochs;                 // of the run, rounded up
  double epochsDone;              // step / steps per epoch
  std::vector<NamedValue> values; // of this step: the loss before its update, then penalties
  double examplesPerSecond;       // since the last logged step
};

/// After every evaluation on a part of the data.
struct EvaluationEvent {
  int64_t step;
  double epochsDone;
  std::string split;              // "val"
  std::vector<NamedValue> values; // loss, then metrics
};

/// After the last step of an epoch, and after the last step of a run that ends within one.
struct EpochEvent {
  int64_t epoch; // from 1
  int64_t epochs;
  double loss; // mean over the epoch's rows, each counted in the step that saw it
  double examplesPerSecond;
  std::string evaluatedSplit;         // empty if nothing was evaluated in this epoch
  std::vector<NamedValue> evaluation; // the epoch's last one
};

/// Called by the training thread, between steps. Any of them may be empty.
struct TrainCallbacks {
  std::function<void(const StepEvent &)> onStep;
  std::function<void(const EvaluationEvent &)> onEvaluation;
  std::function<void(const EpochEvent &)> onEpoch;
  std::function<void(const std::string &)> onNote; // a remark in words, such as a resumed step
};

} // namespace tenon::train

#endif // TENON_TRAIN_EVENTS_H
