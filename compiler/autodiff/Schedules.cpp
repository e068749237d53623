// Learning-rate schedules, computed from the step's number in f64.
#include "compiler/autodiff/Schedules.h"
#include <limits>

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

static constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- Reading ----------------------------------------------------------------------------------

static void readWarmup(Settings &settings, TrainOp train, Schedule &schedule) {
  DurationAttr warmup = settings.duration("warmup");
  if (!warmup)
    return;
  switch (warmup.getUnit()) {
  case DurationUnit::Steps:
    schedule.warmupSteps = warmup.getValue();
    return;
  case DurationUnit::Fraction:
    schedule.warmupFraction = warmup.getValue();
    break;
  case DurationUnit::Epochs:
    auto run = train.getSettings().getAs<DurationAttr>("run");
    if (!run || run.getUnit() != DurationUnit::Epochs || !(run.getValue() > 0)) {
      settings.error("warmup") << "can be in epochs only if 'run' is; give it in steps";
      return;
    }
    schedule.warmupFraction = warmup.getValue() / run.getValue();
    break;
  }
  if (schedule.warmupFraction > 1)
    settings.error("warmup") << "is longer than the run";
}

FailureOr<Schedule> tenon::autodiff::readSchedule(TrainOp train, Settings &optimizer) {
  Schedule schedule;
  auto dictionary = dyn_cast_or_null<DictionaryAttr>(optimizer.get("lr"));
  if (!dictionary) {
    schedule.peak = optimizer.number("lr", 0, infinity);
    return schedule;
  }

  Settings settings(train, "schedule", dictionary);
  StringRef shape = settings.choice("schedule", {"constant", "linear", "cosine"});
  schedule.peak = settings.number("peak", 0, infinity);
  readWarmup(settings, train, schedule);
  if (shape != "constant") {
    schedule.shape = shape == "linear" ? Schedule::Shape::Linear : Schedule::Shape::Cosine;
    schedule.floor = settings.number("floor", 0, infinity, 0);
  }
  if (failed(settings.finish()))
    return failure();
  return schedule;
}

// ---- Building ---------------------------------------------------------------------------------

/// sin(pi x) for |x| <= 1/2 by its Taylor polynomial: the first omitted term is below 3e-16.
static Value buildSinPi(GraphBuilder &b, Value x) {
  constexpr double pi = 3.14159265358979323846;
  constexpr int terms = 10;
  double coefficients[terms]; // of x, x^3, x^5, ...
  coefficients[0] = pi;
  for (int k = 1; k < terms; ++k)
    coefficients[k] = -coefficients[k - 1] * pi * pi / (2 * k * (2 * k + 1));

  Value square = b.mul(x, x);
  Value sum = b.scalar(coefficients[terms - 1], tensorType(x).getElementType());
  for (int k = terms - 2; k >= 0; --k)
    sum = b.add(b.mul(sum, square), coefficients[k]);
  return b.mul(sum, x);
}

static Value buildStepNumber(GraphBuilder &b, StepField field) {
  Value number = StepOp::create(b.getBuilder(), b.getLoc(), field);
  return b.convert(number, b.getBuilder().getF64Type());
}

/// floor + (1 - floor) * share, the rate's part of the peak.
static Value aboveFloor(GraphBuilder &b, Value share, double floor) {
  return floor == 0 ? share : b.add(b.mul(share, 1 - floor), floor);
}

Value tenon::autodiff::buildLearningRate(GraphBuilder &b, const Schedule &schedule) {
  Type f64 = b.getBuilder().getF64Type();
  Value rate = b.scalar(schedule.peak, f64);
  bool warmsUp = schedule.warmupSteps > 0 || schedule.warmupFraction > 0;
  if (!warmsUp && schedule.shape == Schedule::Shape::Constant)
    return rate;

  Value step = buildStepNumber(b, StepField::Step);
  Value total = buildStepNumber(b, StepField::TotalSteps);
  Value warmup = schedule.warmupFraction > 0 ? b.mul(total, schedule.warmupFraction)
                                             : b.scalar(schedule.warmupSteps, f64);
  Value zero = b.zero(step), one = b.one(step);
  if (warmsUp)
    rate = b.mul(rate, b.min(b.div(step, warmup), one));
  if (schedule.shape == Schedule::Shape::Constant)
    return rate;

  Value done = b.sub(b.sub(step, 1), warmup);
  Value length = b.max(b.sub(total, warmup), one);
  Value progress = b.min(b.max(b.div(done, length), zero), one);
  Value share = b.sub(one, progress);
  if (schedule.shape == Schedule::Shape::Cosine) // cos(pi p) = sin(pi (1/2 - p))
    share = b.mul(b.add(buildSinPi(b, b.sub(share, 0.5)), 1), 0.5);
  return b.mul(rate, aboveFloor(b, share, schedule.floor));
}
