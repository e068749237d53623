// Learning-rate schedules, computed from the step's number in f64.
#include "compiler/autodiff/Schedules.h"
#include "llvm/ADT/StringSwitch.h"
#include <cmath>
#include <limits>

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

static constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- Reading ----------------------------------------------------------------------------------

static Span readSpan(Settings &settings, StringRef key, TrainOp train) {
  Span span;
  DurationAttr duration = settings.duration(key);
  if (!duration)
    return span;
  switch (duration.getUnit()) {
  case DurationUnit::Steps:
    span.steps = duration.getValue();
    return span;
  case DurationUnit::Fraction:
    span.fraction = duration.getValue();
    break;
  case DurationUnit::Epochs:
    auto run = train.getSettings().getAs<DurationAttr>("run");
    if (!run || run.getUnit() != DurationUnit::Epochs || !(run.getValue() > 0)) {
      settings.error(key) << "can be in epochs only if 'run' is; give it in steps";
      return span;
    }
    span.fraction = duration.getValue() / run.getValue();
    break;
  }
  return span;
}

static Schedule::Shape shapeOf(StringRef name) {
  return llvm::StringSwitch<Schedule::Shape>(name)
      .Case("linear", Schedule::Shape::Linear)
      .Case("cosine", Schedule::Shape::Cosine)
      .Case("step", Schedule::Shape::Step)
      .Case("exponential", Schedule::Shape::Exponential)
      .Case("inverse_sqrt", Schedule::Shape::InverseSqrt)
      .Default(Schedule::Shape::Constant);
}

static void readFactor(Settings &settings, TrainOp train, Schedule &schedule) {
  schedule.factor = settings.number("factor", 0, infinity);
  if (!(schedule.factor > 0 && schedule.factor <= 1))
    settings.error("factor") << "must be above 0 and at most 1";
  schedule.every = readSpan(settings, "every", train);
  if (schedule.every.isZero())
    settings.error("every") << "must be more than nothing";
}

FailureOr<Schedule> tenon::autodiff::readSchedule(TrainOp train, Settings &optimizer) {
  Schedule schedule;
  auto dictionary = dyn_cast_or_null<DictionaryAttr>(optimizer.get("lr"));
  if (!dictionary) {
    schedule.peak = optimizer.number("lr", 0, infinity);
    return schedule;
  }

  Settings settings(train, "schedule", dictionary);
  schedule.shape = shapeOf(settings.choice(
      "schedule", {"constant", "linear", "cosine", "step", "exponential", "inverse_sqrt"}));
  schedule.peak = settings.number("peak", 0, infinity);
  schedule.warmup = readSpan(settings, "warmup", train);
  if (schedule.warmup.fraction > 1)
    settings.error("warmup") << "is longer than the run";
  if (schedule.shape != Schedule::Shape::Constant)
    schedule.floor = settings.number("floor", 0, infinity, 0);
  if (schedule.shape == Schedule::Shape::Step || schedule.shape == Schedule::Shape::Exponential)
    readFactor(settings, train, schedule);
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

/// e^-x for x >= 0 as 2^-k e^-r with x = k ln 2 + r, 0 <= r < ln 2: e^-r by its Taylor polynomial
/// (first omitted term below 2e-19), 2^-k from the bits of k. Below e^-700 it stays there.
static Value buildExpOfMinus(GraphBuilder &b, Value x) {
  constexpr double ln2 = 0.69314718055994530942;
  constexpr int degree = 18, bits = 10; // k <= 1009
  auto floor = [&](Value y) -> Value { return FloorOp::create(b.getBuilder(), b.getLoc(), y); };
  Value one = b.one(x);
  Value most = b.scalar(700, tensorType(x).getElementType());
  Value bounded = b.min(x, most);
  Value k = floor(b.mul(bounded, 1 / ln2));
  Value r = b.sub(bounded, b.mul(k, ln2));

  Value result = one;
  for (int n = degree; n > 0; --n) // 1 - r/1 (1 - r/2 (1 - r/3 (...)))
    result = b.sub(one, b.mul(b.mul(r, 1.0 / n), result));
  for (int bit = 0; bit < bits; ++bit) {
    Value half = floor(b.mul(k, 0.5));
    Value isSet = b.compare(ComparePredicate::gt, b.sub(k, b.mul(half, 2)), 0.5);
    Value scaled = b.mul(result, std::ldexp(1.0, -(1 << bit)));
    result = b.select(isSet, scaled, result);
    k = half;
  }
  return result;
}

static Value buildStepNumber(GraphBuilder &b, StepField field) {
  Value number = StepOp::create(b.getBuilder(), b.getLoc(), field);
  return b.convert(number, b.getBuilder().getF64Type());
}

namespace {

/// Builds the parts of the formula in Schedules.h, each when it is asked for.
class RateBuilder {
public:
  RateBuilder(GraphBuilder &b, const Schedule &schedule)
      : b(b), schedule(schedule), f64(b.getBuilder().getF64Type()),
        step(buildStepNumber(b, StepField::Step)), one(b.scalar(1, f64)) {}

  Value build() {
    Value rate = b.scalar(schedule.peak, f64);
    warmup = spanOf(schedule.warmup);
    if (!schedule.warmup.isZero())
      rate = b.mul(rate, b.min(b.div(step, warmup), one));
    return schedule.shape == Schedule::Shape::Constant ? rate : b.mul(rate, buildDecay());
  }

private:
  Value total() {
    if (!totalSteps)
      totalSteps = buildStepNumber(b, StepField::TotalSteps);
    return totalSteps;
  }

  Value spanOf(const Span &span) {
    return span.fraction > 0 ? b.mul(total(), span.fraction) : b.scalar(span.steps, f64);
  }

  Value buildDecay() {
    switch (schedule.shape) {
    case Schedule::Shape::Constant:
    case Schedule::Shape::Linear:
      return aboveFloor(shareLeft());
    case Schedule::Shape::Cosine: { // cos(pi p) = sin(pi (1/2 - p))
      Value sine = buildSinPi(b, b.sub(shareLeft(), 0.5));
      return aboveFloor(b.mul(b.add(sine, 1), 0.5));
    }
    case Schedule::Shape::Step:
    case Schedule::Shape::Exponential:
      return notBelowFloor(buildPower());
    case Schedule::Shape::InverseSqrt: {
      Value start = b.max(warmup, one);
      return notBelowFloor(b.sqrt(b.div(start, b.max(start, step))));
    }
    }
    llvm_unreachable("an unknown shape");
  }

  /// max(s - 1 - W, 0)
  Value stepsDone() {
    Value since = b.sub(b.sub(step, 1), warmup);
    return b.max(since, b.zero(since));
  }

  /// 1 - p
  Value shareLeft() {
    Value done = stepsDone();
    Value length = b.max(b.sub(total(), warmup), one);
    Value progress = b.min(b.div(done, length), one);
    return b.sub(one, progress);
  }

  /// factor^(d / E), stepwise or not
  Value buildPower() {
    bool stepwise = schedule.shape == Schedule::Shape::Step;
    Value done = stepsDone();
    Value every = spanOf(schedule.every);
    if (stepwise) {
      Value whole = RoundOp::create(b.getBuilder(), b.getLoc(), every);
      every = b.max(whole, one);
    }
    Value times = b.div(done, every);
    if (stepwise)
      times = FloorOp::create(b.getBuilder(), b.getLoc(), times);
    return buildExpOfMinus(b, b.mul(times, -std::log(schedule.factor)));
  }

  /// floor + (1 - floor) * share
  Value aboveFloor(Value share) {
    double floor = schedule.floor;
    return floor == 0 ? share : b.add(b.mul(share, 1 - floor), floor);
  }
  Value notBelowFloor(Value decay) {
    return schedule.floor == 0 ? decay : b.max(decay, b.scalar(schedule.floor, f64));
  }

  GraphBuilder &b;
  const Schedule &schedule;
  Type f64;
  Value step, one, totalSteps, warmup;
};

} // namespace

Value tenon::autodiff::buildLearningRate(GraphBuilder &b, const Schedule &schedule) {
  if (schedule.warmup.isZero() && schedule.shape == Schedule::Shape::Constant)
    return b.scalar(schedule.peak, b.getBuilder().getF64Type());
  return RateBuilder(b, schedule).build();
}
