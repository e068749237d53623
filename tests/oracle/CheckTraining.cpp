#include "tests/oracle/CheckTraining.h"
#include "compiler/pipeline/Pipeline.h"
#include <set>

using namespace llvm;

namespace tenon::oracle {

static const std::string averagePrefix = "optimizer.average.";

namespace {

/// The interpreter's side of a run.
struct Reference {
  TrainingRun exact, real;
};

} // namespace

/// Optimizer states start at constants.
static void addOptimizerStates(mlir::ModuleOp entries, std::map<std::string, Tensor> &stored) {
  for (auto state : entries.getOps<graph::StateOp>()) {
    if (!state.getSymName().starts_with("optimizer."))
      continue;
    auto type = cast<graph::SizedTensorType>(state.getType());
    Tensor tensor(elementOf(type.getElementType()), Shape(type.getShape()));
    std::fill(tensor.reals.begin(), tensor.reals.end(), state.getInit().getA());
    stored[state.getSymName().str()] = std::move(tensor);
  }
}

static Expected<TrainingRun> interpretSteps(graph::FuncOp step,
                                            const std::map<std::string, Tensor> &start,
                                            ArrayRef<std::vector<Tensor>> batches,
                                            Precision precision) {
  TrainingRun run;
  Environment environment;
  environment.stored = start;
  std::set<std::string> written;
  environment.totalSteps = int64_t(batches.size());
  for (auto [i, batch] : enumerate(batches)) {
    environment.step = int64_t(i) + 1;
    Expected<Outcome> outcome = interpret(step, batch, environment, precision);
    if (!outcome)
      return outcome.takeError();
    Tensor values(Element::F32, {int64_t(outcome->results.size())});
    for (auto [k, result] : enumerate(outcome->results))
      values.reals[k] = result.at(0);
    run.values.push_back(std::move(values));
    for (const auto &[path, value] : outcome->writes) {
      environment.stored[path] = value;
      written.insert(path);
    }
  }
  // Averages that only other blocks keep.
  for (auto state = environment.stored.begin(); state != environment.stored.end();)
    state = state->first.rfind(averagePrefix, 0) == 0 && !written.count(state->first)
                ? environment.stored.erase(state)
                : std::next(state);
  run.weights = std::move(environment.stored);
  return run;
}

static void compareRuns(const std::string &where, const TrainingRun &actual,
                        const Reference &reference, Findings &findings) {
  auto compare = [&](const Twine &what, const Tensor &is, const Tensor &exact, const Tensor &real,
                     Tolerance tolerance) {
    ++findings.comparisons;
    std::string text = difference(is, exact, real, tolerance, /*largest=*/0);
    if (!text.empty())
      findings.fail(where + " " + what, text);
  };
  for (size_t i = 0; i < actual.values.size(); ++i)
    compare("step " + Twine(i + 1), actual.values[i], reference.exact.values[i],
            reference.real.values[i], Tolerance::Tensor);
  for (const auto &[path, value] : actual.weights) {
    std::string average = averagePrefix + path; // what is deployed where there is one
    std::string same = reference.exact.weights.count(average) ? average : path;
    compare(path, value, reference.exact.weights.at(same), reference.real.weights.at(same),
            Tolerance::Tensor);
  }
}

static bool sameBits(const TrainingRun &a, const TrainingRun &b) {
  for (const auto &[path, value] : a.weights)
    if (value.toBytes() != b.weights.at(path).toBytes())
      return false;
  return true;
}

/// The size of the smallest axis that `ids`, or what only moves them, pick from; none if they are
/// no indices.
static std::optional<int64_t> pickedSize(mlir::Value ids) {
  std::optional<int64_t> least;
  auto limit = [&](std::optional<int64_t> size) {
    if (size && (!least || *size < *least))
      least = size;
  };
  for (mlir::Operation *user : ids.getUsers()) {
    if (isa<graph::BroadcastOp, graph::ReshapeOp, graph::TransposeOp, graph::SliceOp>(user))
      limit(pickedSize(user->getResult(0)));
    auto move = dyn_cast<graph::MoveInterface>(user);
    if (!move)
      continue;
    for (const graph::Piece &piece : move.getPieces())
      for (auto [axis, index] : enumerate(piece.axes))
        if (index.ids == ids)
          limit(graph::tensorType(user->getOperand(piece.operand)).getSizes()[axis].getConstant());
  }
  return least;
}

/// Brings integers that pick from an axis into its range.
static void fitIndices(graph::FuncOp step, std::vector<Tensor> &inputs) {
  for (auto [argument, input] : zip(step.getArguments(), inputs))
    if (std::optional<int64_t> size = pickedSize(argument))
      for (int64_t &id : input.ints)
        id = (id % *size + *size) % *size;
}

/// Batches of `batch` rows, every third one row short, every fourth a single row.
static Expected<std::vector<std::vector<Tensor>>> makeBatches(graph::FuncOp step, int64_t batch,
                                                              int64_t steps) {
  Random random(5);
  std::vector<std::vector<Tensor>> batches;
  for (int64_t i = 0; i < steps; ++i) {
    int64_t rows = i % 4 == 3 ? 1 : i % 3 == 2 ? batch - 1 : batch;
    Expected<std::vector<Tensor>> inputs =
        makeInputs(step, {{"batch", rows}}, Fill::Plain, random);
    if (!inputs)
      return inputs.takeError();
    fitIndices(step, *inputs);
    batches.push_back(std::move(*inputs));
  }
  return batches;
}

static void checkBlock(uint32_t index, StringRef name, mlir::ModuleOp entries,
                       const Builds &builds, int64_t batch, int64_t steps, Findings &findings) {
  auto step = entries.lookupSymbol<graph::FuncOp>((name + ".step").str());
  Expected<std::map<std::string, Tensor>> start = builds.o3.initialWeights();
  if (!step || !start)
    return findings.fail(name, step ? toString(start.takeError()) : "has no step");
  addOptimizerStates(entries, *start);
  auto batches = makeBatches(step, batch, steps);
  if (!batches)
    return findings.fail(name, toString(batches.takeError()));
  Expected<TrainingRun> exact = interpretSteps(step, *start, *batches, Precision::Exact);
  Expected<TrainingRun> real = interpretSteps(step, *start, *batches, Precision::Double);
  if (!exact || !real)
    return findings.fail(name, toString(joinErrors(exact.takeError(), real.takeError())));
  Reference reference{std::move(*exact), std::move(*real)};

  for (auto [level, build] : {std::pair("-O0", &builds.o0), std::pair("-O3", &builds.o3)}) {
    std::string where = (name + " " + level).str();
    Expected<TrainingRun> one = build->train(index, *batches, 1);
    Expected<TrainingRun> two = build->train(index, *batches, 2);
    if (!one || !two) {
      findings.fail(where, toString(joinErrors(one.takeError(), two.takeError())));
      continue;
    }
    if (!sameBits(*one, *two))
      findings.fail(where, "2 threads give other bits than 1");
    compareRuns(where, *one, reference, findings);
  }
}

void checkTraining(mlir::ModuleOp module, int64_t batch, int64_t steps, Findings &findings) {
  mlir::OwningOpRef<mlir::ModuleOp> entries = module.clone();
  // The reference takes every batch whole: micro-batches must not change what a step does.
  for (auto train : entries->getOps<graph::TrainOp>()) {
    mlir::NamedAttrList settings(train.getSettings());
    settings.erase("accumulate");
    train.setSettingsAttr(settings.getDictionary(train.getContext()));
  }
  if (failed(pipeline::lower(*entries, pipeline::Phase::Autodiff, 3, "x86-64-v3")))
    return findings.fail("module", "has no entries");
  Expected<Builds> builds = Builds::create(module);
  if (!builds)
    return findings.fail("module", toString(builds.takeError()));
  for (auto [index, train] : enumerate(module.getOps<graph::TrainOp>()))
    checkBlock(index, train.getSymName(), *entries, *builds, batch, steps, findings);
}

} // namespace tenon::oracle
