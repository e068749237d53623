// The parameters that a step trains, with their gradients.
#ifndef TENON_COMPILER_AUTODIFF_TRAINEDPARAMETERS_H
#define TENON_COMPILER_AUTODIFF_TRAINEDPARAMETERS_H

#include "dialects/graph/Graph.h"

namespace tenon::autodiff {

/// A parameter in a step.
struct TrainedParameter {
  graph::ParamOp declaration;
  mlir::Value value;    ///< before the step
  mlir::Value gradient; ///< of the loss, then also of the penalties, then clipped

  llvm::StringRef path() { return declaration.getSymName(); }
  bool decays() { return !declaration.getNodecay(); }
};

/// The floating-point parameters that `body` reads, with the gradients of `loss`, built by `b`. An
/// error at `train` if there is none, and one about the program, at what stops it, if no gradient
/// reaches any of them.
mlir::FailureOr<llvm::SmallVector<TrainedParameter>> differentiate(graph::TrainOp train,
                                                                   mlir::Block &body,
                                                                   mlir::Value loss,
                                                                   graph::GraphBuilder &b,
                                                                   mlir::SymbolTable &symbols);

} // namespace tenon::autodiff

#endif
