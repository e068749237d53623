// The parameters that a step trains, with their gradients.
#include "compiler/autodiff/TrainedParameters.h"
#include "compiler/autodiff/Gradient.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

FailureOr<SmallVector<TrainedParameter>>
tenon::autodiff::differentiate(TrainOp train, Block &body, Value loss, GraphBuilder &b,
                               SymbolTable &symbols) {
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
