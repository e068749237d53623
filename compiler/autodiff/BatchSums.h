// How an objective depends on the batch: which of its values are sums over examples.
#ifndef TENON_COMPILER_AUTODIFF_BATCHSUMS_H
#define TENON_COMPILER_AUTODIFF_BATCHSUMS_H

#include "dialects/graph/Graph.h"

namespace tenon::autodiff {

/// What turns the loss of a batch into a sum over its micro-batches. A value of the objective is
///
///   Same   the same for every micro-batch: parameters, constants;
///   Rows   one part for each example, along the one axis that the batch is part of;
///   Sum    without such an axis, and the whole batch's value is the sum of the micro-batches'.
///
/// Sums, counts among them, stay sums under linear ops. Where an op needs a number that is the
/// same for all micro-batches (what a loss is divided by) and gets a sum, the sum must be a count:
/// computed from fields alone. It is added up over all micro-batches before, and the use gets the
/// total. Where a number that is the same for all is added to a sum, each micro-batch adds the
/// part that is its share of the rows.
struct BatchSums {
  /// Values of the region to be added up over all micro-batches before anything else.
  llvm::SmallVector<mlir::Value> counts;
  /// Uses that need the total of counts[index].
  llvm::SmallVector<std::pair<mlir::OpOperand *, unsigned>> totals;
  /// Uses whose value is to be multiplied by rows / all rows of the batch.
  llvm::SmallVector<mlir::OpOperand *> shares;
};

/// Looks at what the first yielded value of `objective`, the loss, is computed from. `batch` is the
/// name of the batch size. Reports, at the op, what cannot be computed in parts: a count that
/// depends on parameters, a nonlinear function of a batch mean, statistics over examples.
mlir::FailureOr<BatchSums> findBatchSums(mlir::Region &objective, llvm::StringRef batch);

} // namespace tenon::autodiff

#endif
