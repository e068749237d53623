// A step over a batch in several micro-batches: what runs for each of them.
#ifndef TENON_COMPILER_AUTODIFF_ACCUMULATION_H
#define TENON_COMPILER_AUTODIFF_ACCUMULATION_H

#include "compiler/autodiff/StepStates.h"
#include "compiler/autodiff/TrainedParameters.h"

namespace tenon::autodiff {

/// The micro-batches of a step: `accumulate` of the block, 1 if it is not set. Reports a value that
/// is no number of at least 1.
mlir::FailureOr<int64_t> readMicroBatches(graph::TrainOp train);

/// The rows of a micro-batch of a full batch: batch / micro-batches, rounded up.
std::optional<int64_t> expectedMicroRows(graph::TrainOp train, int64_t microBatches);

/// Builds the entries that a trainer runs on each micro-batch, the first on all of them before the
/// second on all of them; both add to states that are zero when the step begins:
///
///   <train>.counts      what the loss is divided by; only if it is divided by anything
///   <train>.accumulate  loss and gradients, as parts of those of the whole batch
///
/// Returns the parameters that are trained, without values and gradients. Reports an objective
/// that is no sum over examples.
mlir::FailureOr<llvm::SmallVector<TrainedParameter>>
buildMicroSteps(graph::TrainOp train, int64_t microBatches, mlir::SymbolTable &symbols,
                mlir::OpBuilder &entries);

/// In the step's last part: the sums over all micro-batches. `parameters` get their values and
/// gradients, the loss is returned.
mlir::Value readAccumulated(graph::GraphBuilder &b, StepStates &states,
                            llvm::MutableArrayRef<TrainedParameter> parameters);

} // namespace tenon::autodiff

#endif
