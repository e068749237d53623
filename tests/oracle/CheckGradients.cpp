#include "compiler/autodiff/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "tests/oracle/Check.h"
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

/// Compares `gradient` with the change of the loss under a change of each element of `tensor`, which
/// is part of `testCase`.
static void compareWithDifferences(FuncOp function, Case &testCase, Tensor &tensor,
                                   const Tensor &gradient, StringRef name, Findings &findings) {
  ++findings.comparisons;
  for (int64_t i = 0; i < tensor.count(); ++i) {
    double x = tensor.reals[i], step = 1e-5;
    tensor.reals[i] = x + step;
    double above = lossOf(function, testCase, findings);
    tensor.reals[i] = x - step;
    double below = lossOf(function, testCase, findings);
    tensor.reals[i] = x;
    double expected = (above - below) / (2 * step);
    if (std::isnan(expected))
      continue; // the loss is not a number here: nothing to compare with
    if (!(std::fabs(gradient.reals[i] - expected) <= 1e-5 * std::fabs(expected) + 1e-7)) {
      findings.fail(testCase.name, name + " element " + Twine(i) + " is " +
                                       std::to_string(gradient.reals[i]) +
                                       ", but differences give " + std::to_string(expected));
      return;
    }
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
