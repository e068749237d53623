#include "compiler/autodiff/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "tests/oracle/Check.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;
using llvm::Expected;

namespace tenon::oracle {

static bool isFloat(Value value) { return isa<FloatType>(tensorType(value).getElementType()); }

/// Appends an argument of the type of `like`.
static Value addArgument(FuncOp function, Value like, const Twine &name) {
  Builder builder(function.getContext());
  unsigned index = function.getNumArguments();
  auto attributes = builder.getDictionaryAttr(
      builder.getNamedAttr("graph.name", builder.getStringAttr(name)));
  (void)function.insertArgument(index, like.getType(), attributes, function.getLoc());
  return function.getArgument(index);
}

/// Makes `function` return one scalar only: the sum over all its float results of result times an
/// extra argument, so that the gradient passes on any adjoint of the results.
static bool reduceToScalar(FuncOp function) {
  auto terminator = cast<ReturnOp>(function.getBody().front().getTerminator());
  OpBuilder builder(terminator);
  GraphBuilder b(builder, function.getLoc());
  Value loss;
  for (Value result : llvm::to_vector(terminator.getValues())) {
    if (!isFloat(result))
      continue;
    Value weight = addArgument(function, result, "weight" + Twine(function.getNumArguments()));
    Value term = b.sumAll(b.mul(result, weight));
    loss = loss ? b.add(loss, b.convert(term, tensorType(loss).getElementType())) : term;
  }
  if (!loss)
    return false;
  terminator.getValuesMutable().assign(loss);
  while (function.getNumResults() > 0)
    (void)function.eraseResult(0);
  auto name = builder.getDictionaryAttr(
      builder.getNamedAttr("graph.name", builder.getStringAttr("loss")));
  (void)function.insertResult(0, loss.getType(), name);
  return true;
}

OwningOpRef<ModuleOp> buildGradientModule(FuncOp function) {
  OwningOpRef<ModuleOp> module = function->getParentOfType<ModuleOp>().clone();
  FuncOp kept;
  for (FuncOp other : llvm::make_early_inc_range(module->getOps<FuncOp>()))
    if (other.getName() == function.getName())
      kept = other;
    else
      other.erase();
  if (!reduceToScalar(kept))
    return {};
  PassManager passes(function.getContext());
  passes.addNestedPass<FuncOp>(autodiff::createGradientPass());
  if (failed(passes.run(*module)))
    return {};
  return module;
}

/// The first result, a scalar, in double precision.
static double lossOf(FuncOp function, const Case &testCase, Findings &findings) {
  Expected<Outcome> outcome =
      interpret(function, testCase.inputs, testCase.environment, Precision::Double);
  if (outcome)
    return outcome->results[0].reals[0];
  findings.fail(testCase.name, llvm::toString(outcome.takeError()));
  return NAN;
}

/// Compares `gradient` with the change of the loss under a change of `tensor`, which is part of
/// `testCase`, along a direction of length 1. Where a maximum changes sides within a step, a shorter one
/// stays on this side. A loss that is not a number fails as any other that differs: inputs must be such
/// that it is one.
static bool compareAlong(const std::vector<double> &direction, FuncOp function, Case &testCase,
                         Tensor &tensor, const Tensor &gradient, const Twine &name,
                         Findings &findings) {
  const std::vector<double> at = tensor.reals;
  double slope = 0;
  for (size_t i = 0; i < at.size(); ++i)
    if (direction[i] != 0)
      slope += gradient.reals[i] * direction[i];

  auto lossAt = [&](double distance) {
    for (size_t i = 0; i < at.size(); ++i)
      tensor.reals[i] = at[i] + distance * direction[i];
    return lossOf(function, testCase, findings);
  };
  std::string differences;
  bool agrees = false;
  for (double step : {1e-5, 1e-6, 1e-7}) {
    double expected = (lossAt(step) - lossAt(-step)) / (2 * step);
    agrees = std::fabs(slope - expected) <= 1e-5 * std::fabs(expected) + 1e-7;
    if (agrees)
      break;
    differences += (differences.empty() ? "" : ", ") + std::to_string(expected);
  }
  tensor.reals = at;
  if (!agrees)
    findings.fail(testCase.name,
                  name + " is " + std::to_string(slope) + ", but differences give " + differences);
  return agrees;
}

/// Along every element of a small tensor; of a large one along some elements, and along directions
/// in which all elements change at once.
static void compareWithDifferences(FuncOp function, Case &testCase, Tensor &tensor,
                                   const Tensor &gradient, StringRef name, Findings &findings) {
  constexpr int64_t kMostElements = 128, kElements = 16, kDirections = 4;
  ++findings.comparisons;
  int64_t count = tensor.count();
  int64_t stride = count <= kMostElements ? 1 : llvm::divideCeil(count, kElements);
  for (int64_t i = 0; i < count; i += stride) {
    std::vector<double> one(count);
    one[i] = 1;
    if (!compareAlong(one, function, testCase, tensor, gradient, name + " element " + Twine(i),
                      findings))
      return;
  }
  Random random(count);
  for (int64_t k = 0; stride > 1 && k < kDirections; ++k) {
    std::vector<double> all(count);
    double squares = 0;
    for (double &x : all) {
      x = random.uniform(-1, 1);
      squares += x * x;
    }
    for (double &x : all)
      x /= std::sqrt(squares);
    if (!compareAlong(all, function, testCase, tensor, gradient, name + " along a direction",
                      findings))
      return;
  }
}

void checkGradients(FuncOp function, const Case &given, Findings &findings) {
  Case testCase = given;
  Expected<Outcome> outcome =
      interpret(function, testCase.inputs, testCase.environment, Precision::Double);
  if (!outcome)
    return findings.fail(testCase.name, llvm::toString(outcome.takeError()));

  for (unsigned i = 1; i < function.getNumResults(); ++i) {
    StringRef name = function.getResultName(i);
    name.consume_front("d.");
    Tensor *tensor = nullptr;
    for (unsigned argument = 0; argument < function.getNumArguments(); ++argument)
      if (function.getArgName(argument) == name)
        tensor = &testCase.inputs[argument];
    if (!tensor)
      tensor = &testCase.environment.stored.at(name.str());
    compareWithDifferences(function, testCase, *tensor, outcome->results[i],
                           function.getResultName(i), findings);
  }
}

} // namespace tenon::oracle
