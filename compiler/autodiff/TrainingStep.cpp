// The training step: forward, backward, penalties, update.
#include "compiler/autodiff/TrainingStep.h"
#include "compiler/autodiff/EntryBuilder.h"
#include "compiler/autodiff/Gradient.h"
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

static FailureOr<SmallVector<Penalty>> readPenalties(TrainOp train) {
  Settings settings(train, "settings", train.getSettings());
  SmallVector<Penalty> penalties;
  for (StringRef name : {"l1", "l2"})
    if (double strength = settings.number(name, 0, infinity, 0))
      penalties.push_back({name, strength});
  if (failed(settings.result()))
    return failure();
  return penalties;
}

// ---- Parameters -------------------------------------------------------------------------------

/// The floating-point parameters that the body reads, with the gradients of the loss.
static FailureOr<SmallVector<TrainedParameter>>
differentiate(TrainOp train, Block &body, Value loss, GraphBuilder &b, SymbolTable &symbols) {
  SmallVector<TrainedParameter> parameters;
  SmallVector<Value> values, gradients;
  for (ReadOp read : mergeReads(body)) {
    auto declaration = symbols.lookup<ParamOp>(read.getPath());
    if (!declaration || !isFloat(read))
      continue;
    parameters.push_back({declaration, read, Value()});
    values.push_back(read);
  }
  if (parameters.empty())
    return train.emitOpError("has an objective that reads no parameter: there is nothing to train");
  if (failed(buildGradients(loss, values, b, gradients)))
    return failure();
  for (auto [parameter, gradient] : llvm::zip_equal(parameters, gradients))
    parameter.gradient = gradient;
  return parameters;
}

static void addPenalties(GraphBuilder &b, ArrayRef<Penalty> penalties,
                         MutableArrayRef<TrainedParameter> parameters) {
  for (const Penalty &penalty : penalties)
    for (TrainedParameter &parameter : parameters)
      if (parameter.decays())
        parameter.gradient = b.add(parameter.gradient, penalty.gradientOf(b, parameter.value));
}

// ---- The step ---------------------------------------------------------------------------------

LogicalResult tenon::autodiff::buildTrainingStep(TrainOp train, SymbolTable &symbols,
                                                 OpBuilder &entries) {
  FailureOr<std::unique_ptr<Optimizer>> optimizer = readOptimizer(train);
  FailureOr<SmallVector<Penalty>> penalties = readPenalties(train);
  if (failed(optimizer) || failed(penalties))
    return failure();

  EntryBuilder entry(entries, train.getLoc(), (train.getSymName() + ".step").str(), "step");
  entry.expectBatch(expectedRows(train));
  auto fields = entry.addArguments(train.getFields(), train.getObjective());
  if (failed(fields))
    return failure();
  auto yields = entry.inlineRegion(train.getObjective(), *fields);
  if (failed(yields))
    return failure();
  Value loss = yields->front();

  OpBuilder builder = entry.getBuilder();
  GraphBuilder b(builder, train.getLoc());
  auto parameters = differentiate(train, entry.getBody(), loss, b, symbols);
  if (failed(parameters))
    return failure();
  addPenalties(b, *penalties, *parameters);

  StepStates states(symbols, OpBuilder(train));
  (*optimizer)->begin(b, states);
  for (TrainedParameter &parameter : *parameters)
    states.set(parameter.value, (*optimizer)->update(b, states, parameter));
  states.writeIf(b, b.compare(ComparePredicate::lt, b.abs(loss), infinity));

  SmallVector<Attribute> names{builder.getStringAttr("loss"), builder.getStringAttr("lr")};
  SmallVector<Value> results{loss, (*optimizer)->learningRate()};
  for (const Penalty &penalty : *penalties) {
    names.push_back(builder.getStringAttr(penalty.name));
    results.push_back(penalty.valueOf(b, *parameters));
  }
  entry.finish(names, results);
  return success();
}
