// The training loop: batches in, steps taken, and everything that happens between steps.
#ifndef TENON_TRAIN_LOOP_H
#define TENON_TRAIN_LOOP_H

#include "runtime/base/Status.h"
#include "runtime/data/Entries.h"
#include "runtime/data/Fields.h"
#include "runtime/train/BestValue.h"
#include "runtime/train/Blocks.h"
#include "runtime/train/Checkpoint.h"
#include "runtime/train/Events.h"
#include "runtime/train/MetricsLog.h"
#include "runtime/train/RunDirectory.h"
#include "runtime/train/Schedule.h"

#include <atomic>
#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

/// What a loop works on. Everything outlives the loop.
struct LoopInputs {
  tenon_trainer_t *trainer = nullptr;
  const tenon_model_t *model = nullptr; // the one the trainer was made from
  TrainBlock block;
  Schedule schedule;
  uint64_t seed = 1;
  std::string modelSha256;
  const data::FieldTable *train = nullptr;
  const std::vector<int64_t> *trainRows = nullptr; // the file's row of each field row
  const data::FieldTable *evaluation = nullptr;    // null: no evaluation during training
  RunDirectory directory;
  const std::atomic<bool> *stop = nullptr; // set by another thread or a signal; may be null
};

enum class LoopEnd {
  Finished, // after the last step, or early because patience had ended
  Stopped // because `stop` was set; a checkpoint was saved
};

class TrainingLoop {
public:
  TrainingLoop(const LoopInputs &inputs, const TrainCallbacks &callbacks);

  /// Memory for batches and evaluation; the metrics log, from `state.step` on.
  rt::Status prepare(const TrainState &state);
  /// Takes the steps that are left; none are once `state().endedEarly` is set. A step whose loss is not finite ends the run with NOT_FINITE;
  /// the checkpoints stay as they are.
  rt::Status run(LoopEnd &out);

  const TrainState &state() const { return current; }
  /// The last evaluation, empty if there was none, and the mean loss of the last whole epoch.
  const std::vector<NamedValue> &lastEvaluation() const { return evaluated; }
  double lastEpochLoss() const { return epochLoss; }

private:
  rt::Status takeStep(StepEvent &out);
  rt::Status evaluate();
  void noteEarlyEnd() const;
  rt::Status saveWeights();
  rt::Status saveState();
  void endEpoch();

  LoopInputs inputs;
  const TrainCallbacks &callbacks;
  TrainState current;
  BestValue best;
  Patience patience;
  MetricsLog metrics;
  data::FieldBatch batch;
  data::RowEntry stepEntry;
  data::RowEntry evaluateEntry;
  data::Session evaluateSession;
  std::vector<int64_t> order; // of `orderEpoch`
  int64_t orderEpoch = -1;
  std::vector<double> values; // of the step
  std::vector<NamedValue> evaluated;
  bool evaluatedThisEpoch = false;
  double epochLoss = 0;
  int64_t lastCheckpoint = -1;

  /// Rows and the time that steps took for them; evaluations and checkpoints do not count.
  struct Pace {
    int64_t rows = 0;
    double seconds = 0;
    double perSecond() const { return seconds > 0 ? static_cast<double>(rows) / seconds : 0; }
  };
  Pace epochPace;
  Pace logPace; // since the last logged step
};

} // namespace tenon::train

#endif // TENON_TRAIN_LOOP_H
