#include "runtime/train/Loop.h"

#include "runtime/data/Split.h"
#include "runtime/train/Evaluate.h"

#include <algorithm>
#include <numeric>

namespace tenon::train {

using rt::Status;

static double secondsSince(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

static double rate(int64_t rows, double seconds) {
  return seconds > 0 ? static_cast<double>(rows) / seconds : 0;
}

TrainingLoop::TrainingLoop(const LoopInputs &inputs, const TrainCallbacks &callbacks)
    : inputs(inputs), callbacks(callbacks),
      best(inputs.block.train->best() ? inputs.block.train->best()->str() : "") {}

Status TrainingLoop::prepare(const TrainState &state) {
  current = state;
  best.known = state.hasBest;
  best.value = state.best;
  lastCheckpoint = state.step > 0 ? state.step : -1;
  TENON_TRY(data::describeRowEntry(inputs.model, tenon_trainer_entry(inputs.trainer), stepEntry));
  values.resize(stepEntry.outputs.size());
  if (values.empty())
    return Status::error(TENON_STATUS_CORRUPT, "entry '" + stepEntry.name + "' has no loss");
  int64_t rows = std::min(inputs.schedule.batch, inputs.schedule.rows);
  TENON_TRY(data::FieldBatch::create(inputs.model, stepEntry.index, *inputs.train, rows, batch));
  if (inputs.evaluation) {
    TENON_TRY(data::describeRowEntry(inputs.model, inputs.block.train->evaluate(), evaluateEntry));
    TENON_TRY(data::createRowSession(inputs.trainer, evaluateEntry, inputs.schedule.batch,
                                     evaluateSession));
  }
  return MetricsLog::open(inputs.directory.metrics(), state.step, metrics);
}

/// One step on the next batch; afterwards the sums of the epoch include it.
Status TrainingLoop::takeStep(StepEvent &out) {
  const Schedule &schedule = inputs.schedule;
  int64_t step = current.step + 1;
  int64_t epoch = schedule.epochOf(step);
  if (epoch != orderEpoch) {
    orderEpoch = epoch;
    if (inputs.block.train->shuffle()) {
      order = data::epochOrder(*inputs.trainRows, inputs.seed, static_cast<uint32_t>(epoch));
    } else {
      order.resize(inputs.trainRows->size());
      std::iota(order.begin(), order.end(), int64_t(0));
    }
  }
  int64_t begin = schedule.batchOf(step) * schedule.batch;
  int64_t rows = std::min(schedule.batch, schedule.rows - begin);
  batch.gather(order.data() + begin, rows);

  tenon_call call = {};
  call.inputs = batch.inputs();
  call.input_count = batch.inputCount();
  call.sizes = &rows;
  call.size_count = stepEntry.sizeName.empty() ? 0 : 1;
  Status status =
      Status::adopt(tenon_trainer_step(inputs.trainer, &call, values.data(), values.size()));
  if (!status.ok())
    return std::move(status).withPrefix("epoch " + std::to_string(epoch + 1));

  current.step = step;
  current.lossSum += values[0] * static_cast<double>(rows);
  current.lossRows += rows;
  rateRows += rows;
  out = StepEvent{step,
                  schedule.totalSteps,
                  epoch + 1,
                  schedule.epochs(),
                  static_cast<double>(step) / static_cast<double>(schedule.stepsPerEpoch),
                  {},
                  rate(rateRows, secondsSince(rateBegin))};
  for (size_t i = 0; i < values.size(); ++i)
    out.values.push_back({stepEntry.outputs[i].name, values[i]});
  return Status();
}

/// Puts the current weights where they are deployed from.
Status TrainingLoop::saveWeights() {
  tenon_model_t *snapshot = nullptr;
  Status status = Status::adopt(tenon_trainer_snapshot(inputs.trainer, &snapshot));
  data::Model owner(snapshot);
  if (!status.ok())
    return status;
  return Status::adopt(tenon_model_save(snapshot, inputs.directory.weights().c_str()));
}

Status TrainingLoop::evaluate() {
  TENON_TRY(evaluateFields(inputs.model, evaluateSession.get(), evaluateEntry, *inputs.evaluation,
                           inputs.schedule.batch, evaluated));
  evaluatedThisEpoch = true;
  EvaluationEvent event{current.step,
                        static_cast<double>(current.step) /
                            static_cast<double>(inputs.schedule.stepsPerEpoch),
                        inputs.block.train->evaluate_on()->str(), evaluated};
  TENON_TRY(metrics.write(event));
  if (callbacks.onEvaluation)
    callbacks.onEvaluation(event);
  if (best.active() && best.improves(evaluated)) {
    TENON_TRY(saveWeights());
    current.hasBest = true;
    current.best = best.value;
  }
  return Status();
}

Status TrainingLoop::saveState() {
  if (lastCheckpoint == current.step)
    return Status();
  lastCheckpoint = current.step;
  return saveCheckpoint(inputs.directory.checkpoints(), inputs.trainer, current,
                        inputs.block.train->checkpoint_keep());
}

void TrainingLoop::endEpoch() {
  epochLoss = current.lossSum / static_cast<double>(current.lossRows);
  EpochEvent event;
  event.epoch = inputs.schedule.epochOf(current.step) + 1;
  event.epochs = inputs.schedule.epochs();
  event.loss = epochLoss;
  event.examplesPerSecond = rate(current.lossRows - epochBeginRows, secondsSince(epochBegin));
  if (evaluatedThisEpoch) {
    event.evaluatedSplit = inputs.block.train->evaluate_on()->str();
    event.evaluation = evaluated;
  }
  if (callbacks.onEpoch)
    callbacks.onEpoch(event);
  current.lossSum = 0;
  current.lossRows = 0;
  epochBeginRows = 0;
  evaluatedThisEpoch = false;
  epochBegin = Clock::now();
}

Status TrainingLoop::run(LoopEnd &out) {
  const Schedule &schedule = inputs.schedule;
  out = LoopEnd::Finished;
  epochBegin = rateBegin = Clock::now();
  epochBeginRows = current.lossRows;
  while (current.step < schedule.totalSteps) {
    if (inputs.stop && inputs.stop->load(std::memory_order_relaxed)) {
      out = LoopEnd::Stopped;
      return saveState();
    }
    StepEvent event;
    TENON_TRY(takeStep(event));
    int64_t step = current.step;
    bool last = step == schedule.totalSteps;
    if (isDue(schedule.logEvery, step) || last) {
      TENON_TRY(metrics.write(event));
      rateRows = 0;
      rateBegin = Clock::now();
    }
    if (callbacks.onStep)
      callbacks.onStep(event);
    if (inputs.evaluation && (isDue(schedule.evaluateEvery, step) || last))
      TENON_TRY(evaluate());
    if (schedule.endsEpoch(step))
      endEpoch();
    if (isDue(schedule.checkpointEvery, step) || last)
      TENON_TRY(saveState());
  }
  return current.hasBest ? Status() : saveWeights();
}

} // namespace tenon::train
