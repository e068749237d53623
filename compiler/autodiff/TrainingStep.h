// The training step: forward, backward, penalties, clipping, update.
#ifndef TENON_COMPILER_AUTODIFF_TRAININGSTEP_H
#define TENON_COMPILER_AUTODIFF_TRAININGSTEP_H

#include "dialects/graph/Graph.h"

namespace tenon::autodiff {

/// The rows that steps and evaluations of the block are given at a time, if it says so.
std::optional<int64_t> expectedRows(graph::TrainOp train);

/// Builds the entry `<train>.step`, with `accumulate` also those of its micro-batches, after
/// `train`, where `entries` stands, and declares the states it needs before it. `symbols` are the
/// module's. Reports errors in the block's settings and objective.
mlir::LogicalResult buildTrainingStep(graph::TrainOp train, mlir::SymbolTable &symbols,
                                      mlir::OpBuilder &entries);

} // namespace tenon::autodiff

#endif
