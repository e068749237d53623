// The parameters that a step trains, with their gradients.
#include "compiler/autodiff/TrainedParameters.h"
#include "compiler/autodiff/Gradient.h"
#include "dialects/graph/ProgramError.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

/// An op as the language calls it.
static std::string nameOf(Operation *op) {
  if (auto function = dyn_cast<FunctionInterface>(op))
    if (StringRef name = function.getFunctionName(); !name.starts_with("operator"))
      return ("'" + name + "'").str();
  if (isa<CompareOp>(op))
    return "a comparison";
  if (isa<ConvertOp>(op))
    return "a conversion to integers";
  return ("'" + op->getName().stripDialect() + "'").str();
}

/// A loss that no parameter can change by a small step trains nothing.
static LogicalResult refuseFlat(Value loss, Operation *stop) {
  if (!stop)
    return emitProgramError(loss.getLoc())
           << "the loss depends on no parameter: there is nothing to train";
  return emitProgramError(stop->getLoc())
         << "no gradient passes " << nameOf(stop)
         << ", and no parameter reaches the loss without it, so nothing would be trained; put "
            "something smooth in its place, or make it a metric";
}

FailureOr<SmallVector<TrainedParameter>>
tenon::autodiff::differentiate(TrainOp train, Block &body, Value loss, GraphBuilder &b,
                               SymbolTable &symbols) {
  SmallVector<TrainedParameter> parameters;
  SmallVector<Value> values;
  for (ReadOp read : mergeReads(body)) {
    auto declaration = symbols.lookup<ParamOp>(read.getPath());
    if (!declaration || !isFloat(read))
      continue;
    parameters.push_back({declaration, read, Value()});
    values.push_back(read);
  }
  if (parameters.empty())
    return train.emitOpError("has an objective that reads no parameter: there is nothing to train");
  FailureOr<Gradients> gradients = buildGradients(loss, values, b);
  if (failed(gradients))
    return failure();
  if (llvm::none_of(gradients->values, [](Value gradient) { return bool(gradient); }))
    return refuseFlat(loss, gradients->stop);
  for (auto [parameter, gradient] : llvm::zip_equal(parameters, gradients->values))
    parameter.gradient = gradient ? gradient : b.zero(parameter.value);
  return parameters;
}
