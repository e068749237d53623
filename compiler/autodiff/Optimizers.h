// Optimizers: from a gradient to a parameter's next value.
#ifndef TENON_COMPILER_AUTODIFF_OPTIMIZERS_H
#define TENON_COMPILER_AUTODIFF_OPTIMIZERS_H

#include "compiler/autodiff/Schedules.h"
#include "compiler/autodiff/StepStates.h"
#include "compiler/autodiff/TrainedParameters.h"
#include <memory>

namespace tenon::autodiff {

/// PyTorch's lerp, from + weight (to - from): starts from the nearer end, which is exact at both.
mlir::Value buildLerp(graph::GraphBuilder &b, mlir::Value from, mlir::Value to, double weight);

/// An f64 scalar in every element of `like`, rounded to its type.
mlir::Value splatLike(graph::GraphBuilder &b, mlir::Value scalar, mlir::Value like);

/// An update rule. Numbers that are the same for all elements (learning rate, bias correction)
/// are f64 scalars, rounded once to the parameter's type, as in PyTorch.
class Optimizer {
public:
  virtual ~Optimizer() = default;

  /// Builds what all parameters share. Called once, before `update`.
  void begin(graph::GraphBuilder &b, StepStates &states);
  /// The parameter's next value.
  mlir::Value update(graph::GraphBuilder &b, StepStates &states, TrainedParameter &parameter);
  /// The step's learning rate, an f64 scalar; after `begin`.
  mlir::Value learningRate() const { return rate; }

  Schedule schedule;
  double weightDecay = 0; ///< decoupled: w shrinks by lr * weightDecay before the update

protected:
  virtual void buildShared(graph::GraphBuilder &b, StepStates &states) = 0;
  /// The next value of a parameter that is `w` after its decay.
  virtual mlir::Value buildUpdate(graph::GraphBuilder &b, StepStates &states, mlir::Value w,
                                  mlir::Value gradient, llvm::StringRef path) = 0;

  mlir::Value rate;
};

/// The optimizer of a train block, from its dictionary:
///   sgd      lr, momentum = 0, nesterov = false, weight_decay = 0
///   adam     lr, beta1 = 0.9, beta2 = 0.999, eps = 1e-8, weight_decay = 0
///   adamw    the same with weight_decay = 0.01
///   adagrad  lr, eps = 1e-10, weight_decay = 0
///   rmsprop  lr, alpha = 0.99, eps = 1e-8, momentum = 0, centered = false, weight_decay = 0
///   lion     lr, beta1 = 0.9, beta2 = 0.99, weight_decay = 0
/// Reports every mistake at the op.
mlir::FailureOr<std::unique_ptr<Optimizer>> readOptimizer(graph::TrainOp train);

} // namespace tenon::autodiff

#endif
