#include "runtime/train/Loop.h"

#include "runtime/data/Split.h"
#include "runtime/train/Evaluate.h"
#include "runtime/train/Progress.h"

#include <algorithm>
#include <chrono>
#include <numeric>

namespace tenon::train {

using rt::Status;

TrainingLoop::TrainingLoop(const LoopInputs &inputs, const TrainCallbacks &callbacks)
    : inputs(inputs), callbacks(callbacks),
      best(inputs.block.train->best() ? inputs.block.train->best()->str() : ""),
      patience(inputs.block.train->stop_best() ? inputs.block.train->stop_best()->str() : "",
               inputs.schedule.stopAfter) {}

Status TrainingLoop::prepare(const TrainState &state) {
  current = state;
  best.known = state.hasBest;
  best.value = state.best;
  patience.best.known = state.hasStopBest;
  patience.best.value = state.stopBest;
  patience.bestStep = state.stopBestStep;
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
  auto begin = std::chrono::steady_clock::now();
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
  int64_t first = schedule.batchOf(step) * schedule.batch;
  int64_t rows = std::min(schedule.batch, schedule.rows - first);
  batch.gather(order.data() + first, rows);

  tenon_call call = {};
  call.inputs = batch.inputs();
  call.input_count = batch.inputCount();
  call.sizes = &rows;
  call.size_count = stepEntry.sizeName.empty() ? 0 : 1;
  Status status =
      Status::adopt(tenon_trainer_step(inputs.trainer, &call, values.data(), values.size()));
  if (int64_t example = status.example(); example >= 0 && example < rows)
    status = inputs.train->places.at(order[static_cast<size_t>(first + example)], std::move(status));
  if (!status.ok())
    return std::move(status).withPrefix("epoch " + std::to_string(epoch + 1));

  current.step = step;
  current.lossSum += values[0] * static_cast<double>(rows);
  current.lossRows += rows;
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  for (Pace *pace : {&epochPace, &logPace}) {
    pace->rows += rows;
    pace->seconds += seconds.count();
  }
  out = StepEvent{step,
                  schedule.totalSteps,
                  epoch + 1,
                  schedule.epochs(),
                  static_cast<double>(step) / static_cast<double>(schedule.stepsPerEpoch),
                  {},
                  logPace.perSecond()};
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
  current.endedEarly = patience.endsWith(evaluated, current.step);
  current.hasStopBest = patience.best.known;
  current.stopBest = patience.best.value;
  current.stopBestStep = patience.bestStep;
  return Status();
}

void TrainingLoop::noteEarlyEnd() const {
  if (!callbacks.onNote)
    return;
  std::string rule = inputs.block.train->stop_best()->str();
  std::string since = current.hasStopBest
                          ? rule + " is " + formatValue(current.stopBest) + " since step " +
                                std::to_string(current.stopBestStep)
                          : rule + " was never a number";
  callbacks.onNote("ended early, after step " + std::to_string(current.step) + " of " +
                   std::to_string(inputs.schedule.totalSteps) + ": " + since);
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
  event.examplesPerSecond = epochPace.perSecond();
  if (evaluatedThisEpoch) {
    event.evaluatedSplit = inputs.block.train->evaluate_on()->str();
    event.evaluation = evaluated;
  }
  if (callbacks.onEpoch)
    callbacks.onEpoch(event);
  current.lossSum = 0;
  current.lossRows = 0;
  epochPace = Pace();
  evaluatedThisEpoch = false;
}

Status TrainingLoop::run(LoopEnd &out) {
  const Schedule &schedule = inputs.schedule;
  out = LoopEnd::Finished;
  while (current.step < schedule.totalSteps && !current.endedEarly) {
    if (inputs.stop && inputs.stop->load(std::memory_order_relaxed)) {
      out = LoopEnd::Stopped;
      return saveState();
    }
    StepEvent event;
    TENON_TRY(takeStep(event));
    int64_t step = current.step;
    bool last = step == schedule.totalSteps;
    bool isLogged = isDue(schedule.logEvery, step) || last;
    if (isLogged) {
      TENON_TRY(metrics.write(event));
      logPace = Pace();
    }
    if (callbacks.onStep)
      callbacks.onStep(event);
    if (inputs.evaluation && (isDue(schedule.evaluateEvery, step) || last))
      TENON_TRY(evaluate());
    last |= current.endedEarly;
    if (last && !isLogged) // the last step is always in the log
      TENON_TRY(metrics.write(event));
    if (schedule.endsEpoch(step) || last)
      endEpoch();
    if (isDue(schedule.checkpointEvery, step) || last)
      TENON_TRY(saveState());
  }
  if (current.endedEarly)
    noteEarlyEnd();
  return current.hasBest ? Status() : saveWeights();
}

} // namespace tenon::train
