// The training step: forward, backward, penalties, clipping, update.
#include "compiler/autodiff/TrainingStep.h"
#include "compiler/autodiff/Accumulation.h"
#include "compiler/autodiff/EntryBuilder.h"
#include "compiler/autodiff/Optimizers.h"
#include <limits>

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

static constexpr double infinity = std::numeric_limits<double>::infinity();

std::optional<int64_t> tenon::autodiff::expectedRows(TrainOp train) {
  auto batch = train.getSettings().getAs<IntegerAttr>("batch");
  return batch && batch.getInt() > 0 ? std::optional<int64_t>(batch.getInt()) : std::nullopt;
}

// ---- Penalties --------------------------------------------------------------------------------

namespace {

/// l1 = lambda sum |w|, l2 = lambda/2 sum w^2, over parameters that decay.
struct Penalty {
  StringRef name;
  double strength;
  bool isL1() const { return name == "l1"; }

  Value gradientOf(GraphBuilder &b, Value w) const {
    return b.mul(isL1() ? b.sign(w) : w, strength);
  }
  Value valueOf(GraphBuilder &b, ArrayRef<TrainedParameter> parameters) const {
    Type f32 = b.getBuilder().getF32Type();
    Value total;
    for (TrainedParameter parameter : parameters) {
      if (!parameter.decays())
        continue;
      Value w = parameter.value;
      Value sum = b.convert(b.sumAll(isL1() ? b.abs(w) : b.mul(w, w)), f32);
      total = total ? b.add(total, sum) : sum;
    }
    return total ? b.mul(total, isL1() ? strength : strength / 2) : b.scalar(0, f32);
  }
};

} // namespace

static void addPenalties(GraphBuilder &b, ArrayRef<Penalty> penalties,
                         MutableArrayRef<TrainedParameter> parameters) {
  for (const Penalty &penalty : penalties)
    for (TrainedParameter &parameter : parameters)
      if (parameter.decays())
        parameter.gradient = b.add(parameter.gradient, penalty.gradientOf(b, parameter.value));
}

// ---- Clipping ---------------------------------------------------------------------------------

/// The root of the sum of squares of all gradients: an f64 scalar. Squares are added up in the
/// parameter's type.
static Value buildNorm(GraphBuilder &b, ArrayRef<TrainedParameter> parameters) {
  Value total;
  for (const TrainedParameter &parameter : parameters) {
    Value squares = b.sumAll(b.mul(parameter.gradient, parameter.gradient));
    Value wide = b.convert(squares, b.getBuilder().getF64Type());
    total = total ? b.add(total, wide) : wide;
  }
  return b.sqrt(total);
}

/// Pascanu, Mikolov and Bengio, ICML 2013, as in PyTorch's clip_grad_norm_: every gradient times
/// min(1, most / (norm + 1e-6)).
static void clipGradients(GraphBuilder &b, Value norm, double most,
                          MutableArrayRef<TrainedParameter> parameters) {
  Value limit = b.scalar(most, tensorType(norm).getElementType());
  Value quotient = b.div(limit, b.add(norm, 1e-6));
  Value scale = b.min(quotient, b.one(norm));
  for (TrainedParameter &parameter : parameters)
    parameter.gradient = b.mul(parameter.gradient, splatLike(b, scale, parameter.gradient));
}

// ---- Averages ---------------------------------------------------------------------------------

/// Exponential moving averages of the parameters' new values, as states `average.<path>`:
/// a <- decay a + (1 - decay) w, and a <- w in the first step, as PyTorch's AveragedModel.
static void buildAverages(GraphBuilder &b, StepStates &states, double decay,
                          ArrayRef<std::pair<StringRef, Value>> updated) {
  auto scalar = SizedTensorType::get(b.getBuilder().getF32Type(), {});
  Value begun = states.read(b, "averaged", scalar, 0);
  Value isFirst = b.compare(ComparePredicate::eq, begun, b.zero(begun));
  states.set(begun, b.one(begun));
  for (auto [path, w] : updated) {
    Value old = states.read(b, "average." + path, tensorType(w), 0);
    Value mixed = buildLerp(b, old, w, 1 - decay);
    states.set(old, b.select(isFirst, w, mixed));
  }
}

// ---- Settings ---------------------------------------------------------------------------------

namespace {

/// What a block says about its step.
struct StepRules {
  std::unique_ptr<Optimizer> optimizer;
  SmallVector<Penalty> penalties;
  double clip = 0;    ///< largest norm of the gradients; 0: any
  double average = 0; ///< decay of the averages; 0: none
  int64_t microBatches = 1;
};

} // namespace

static FailureOr<StepRules> readRules(TrainOp train) {
  StepRules rules;
  FailureOr<std::unique_ptr<Optimizer>> optimizer = readOptimizer(train);
  Settings settings(train, "settings", train.getSettings());
  for (StringRef name : {"l1", "l2"})
    if (double strength = settings.number(name, 0, infinity, 0))
      rules.penalties.push_back({name, strength});
  rules.clip = settings.number("clip", 0, infinity, 0);
  rules.average = settings.number("average", 0, 1, 0);
  FailureOr<int64_t> microBatches = readMicroBatches(train);
  if (failed(optimizer) || failed(settings.result()) || failed(microBatches))
    return failure();
  rules.optimizer = std::move(*optimizer);
  rules.microBatches = *microBatches;
  return rules;
}

// ---- The step ---------------------------------------------------------------------------------

/// From loss and gradients to the end of the entry.
static void finishStep(EntryBuilder &entry, GraphBuilder &b, StepStates &states, StepRules &rules,
                       Value loss, MutableArrayRef<TrainedParameter> parameters) {
  SmallVector<Attribute> names;
  SmallVector<Value> results;
  auto addResult = [&](StringRef name, Value value) {
    names.push_back(b.getBuilder().getStringAttr(name));
    results.push_back(value);
  };
  auto isFinite = [&](Value x) {
    return b.compare(ComparePredicate::lt, b.abs(x), infinity);
  };

  addPenalties(b, rules.penalties, parameters);
  Value norm;
  if (rules.clip != 0) {
    norm = buildNorm(b, parameters);
    clipGradients(b, norm, rules.clip, parameters);
  }
  rules.optimizer->begin(b, states);
  SmallVector<std::pair<StringRef, Value>> updated;
  for (TrainedParameter &parameter : parameters) {
    Value next = rules.optimizer->update(b, states, parameter);
    states.set(parameter.value, next);
    updated.push_back({parameter.path(), next});
  }
  if (rules.average != 0)
    buildAverages(b, states, rules.average, updated);
  Value finite = isFinite(loss);
  if (norm)
    finite = b.logicalAnd(finite, isFinite(norm));
  states.writeIf(b, finite);

  addResult("loss", loss);
  addResult("lr", rules.optimizer->learningRate());
  if (norm)
    addResult("grad_norm", norm);
  for (const Penalty &penalty : rules.penalties)
    addResult(penalty.name, penalty.valueOf(b, parameters));
  entry.finish(names, results);
}

/// A step over the whole batch at once.
static LogicalResult buildWholeStep(TrainOp train, StepRules &rules, SymbolTable &symbols,
                                    OpBuilder &entries) {
  EntryBuilder entry(entries, train.getLoc(), (train.getSymName() + ".step").str(), "step");
  entry.expectBatch(expectedRows(train));
  auto yields = entry.addObjective(train);
  if (failed(yields))
    return failure();
  Value loss = yields->front();

  OpBuilder builder = entry.getBuilder();
  GraphBuilder b(builder, train.getLoc());
  auto parameters = differentiate(train, entry.getBody(), loss, b, symbols);
  if (failed(parameters))
    return failure();
  StepStates states(symbols, OpBuilder(train));
  finishStep(entry, b, states, rules, loss, *parameters);
  return success();
}

/// A step in micro-batches. Its last part takes the fields too, which it does not look at: to
/// callers the step is the same.
static LogicalResult buildAccumulatedStep(TrainOp train, StepRules &rules, SymbolTable &symbols,
                                          OpBuilder &entries) {
  auto parameters = buildMicroSteps(train, rules.microBatches, symbols, entries);
  if (failed(parameters))
    return failure();
  EntryBuilder entry(entries, train.getLoc(), (train.getSymName() + ".step").str(), "step");
  if (failed(entry.addArguments(train.getFields(), train.getObjective())))
    return failure();
  OpBuilder builder = entry.getBuilder();
  GraphBuilder b(builder, train.getLoc());
  StepStates states(symbols, OpBuilder(train));
  Value loss = readAccumulated(b, states, *parameters);
  finishStep(entry, b, states, rules, loss, *parameters);
  return success();
}

LogicalResult tenon::autodiff::buildTrainingStep(TrainOp train, SymbolTable &symbols,
                                                 OpBuilder &entries) {
  FailureOr<StepRules> rules = readRules(train);
  if (failed(rules))
    return failure();
  return rules->microBatches > 1 ? buildAccumulatedStep(train, *rules, symbols, entries)
                                 : buildWholeStep(train, *rules, symbols, entries);
}
