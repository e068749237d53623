// How long a run is and when things happen in it, in steps.
#ifndef TENON_TRAIN_SCHEDULE_H
#define TENON_TRAIN_SCHEDULE_H

#include "runtime/base/Status.h"
#include "runtime/schema/program_generated.h"

#include <cstdint>

namespace tenon::train {

struct Schedule {
  int64_t rows = 0;          // of the train split
  int64_t batch = 0;         // rows of a step, the last of an epoch perhaps excepted
  int64_t stepsPerEpoch = 0; // at least 1
  int64_t totalSteps = 0;    // at least 1
  int64_t logEvery = 0;      // 0 here and below: never
  int64_t evaluateEvery = 0;
  int64_t checkpointEvery = 0; // beside the one at the end
  int64_t stopAfter = 0;       // without a better evaluation

  /// Epochs of the run; the last may be cut short.
  int64_t epochs() const { return (totalSteps + stepsPerEpoch - 1) / stepsPerEpoch; }
  /// The epoch, from 0, that step `step` (from 1) belongs to, and its batch within it, from 0.
  int64_t epochOf(int64_t step) const { return (step - 1) / stepsPerEpoch; }
  int64_t batchOf(int64_t step) const { return (step - 1) % stepsPerEpoch; }
  bool endsEpoch(int64_t step) const { return step % stepsPerEpoch == 0 || step == totalSteps; }
};

/// Works out the schedule of a block for `rows` training rows. Errors: no rows, or none left when
/// the remainder is dropped; a run too long to count.
rt::Status planSchedule(const schema::Train &train, int64_t rows, Schedule &out);

/// Whether something that happens every `interval` steps happens after `step`.
inline bool isDue(int64_t interval, int64_t step) { return interval > 0 && step % interval == 0; }

} // namespace tenon::train

#endif // TENON_TRAIN_SCHEDULE_H
