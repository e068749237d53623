#include "runtime/train/Schedule.h"

#include "runtime/data/Fields.h"

#include <cmath>

namespace tenon::train {

using rt::Status;

/// Rounded to the nearest step, at least one; -1 if that is more than a run can count.
static int64_t stepsOf(const schema::Duration &duration, const Schedule &schedule) {
  double unit = 1;
  if (duration.unit() == schema::DurationUnit::Epochs)
    unit = static_cast<double>(schedule.stepsPerEpoch);
  else if (duration.unit() == schema::DurationUnit::Fraction)
    unit = static_cast<double>(schedule.totalSteps);
  double steps = std::floor(duration.value() * unit + 0.5);
  constexpr double Most = 1e15;
  if (!(steps <= Most))
    return -1;
  return steps < 1 ? 1 : static_cast<int64_t>(steps);
}

static Status plan(const schema::Duration *duration, const char *setting, uint32_t line,
                   const Schedule &schedule, int64_t &out) {
  if (!duration)
    return Status();
  out = stepsOf(*duration, schedule);
  if (out < 0)
    return Status::errorAt(line, TENON_STATUS_INVALID_ARGUMENT, "'%s' is too long", setting);
  return Status();
}

Status planSchedule(const schema::Train &train, int64_t rows, Schedule &out) {
  out = Schedule();
  out.rows = rows;
  out.batch = static_cast<int64_t>(train.batch());
  if (rows == 0)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "there are no rows to train on");
  if (out.batch < 1)
    return Status::errorAt(train.line(), TENON_STATUS_INVALID_ARGUMENT,
                           "'batch' is not a positive number");
  out.stepsPerEpoch = data::batchCount(rows, out.batch, train.drop_remainder());
  if (out.stepsPerEpoch == 0)
    return Status::errorAt(
        train.line(), TENON_STATUS_INVALID_ARGUMENT,
        "a batch of %lld rows, but only %lld to train on, and `remainder = drop` "
        "drops them",
        static_cast<long long>(out.batch), static_cast<long long>(rows));
  TENON_TRY(plan(train.run(), "run", train.line(), out, out.totalSteps));
  TENON_TRY(plan(train.log_every(), "log", train.line(), out, out.logEvery));
  if (train.evaluate_on() && train.evaluate_on()->size() != 0)
    TENON_TRY(plan(train.evaluate_every(), "evaluate", train.line(), out, out.evaluateEvery));
  TENON_TRY(plan(train.stop_after(), "stop", train.line(), out, out.stopAfter));
  return plan(train.checkpoint_every(), "checkpoint", train.line(), out, out.checkpointEvery);
}

} // namespace tenon::train
