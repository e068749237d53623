// Reverse-mode differentiation of straight-line code.
#ifndef TENON_COMPILER_AUTODIFF_GRADIENT_H
#define TENON_COMPILER_AUTODIFF_GRADIENT_H

#include "dialects/graph/Graph.h"

namespace tenon::autodiff {

/// Whether a value can carry an adjoint: integers and booleans cannot.
bool isFloat(mlir::Value value);

/// Makes every read of a path in `block` the first one, so that the path is one value, and
/// returns the reads that are left, in order.
llvm::SmallVector<graph::ReadOp> mergeReads(mlir::Block &block);

/// What `buildGradients` builds: one gradient for each value, of its type. It is null where no
/// adjoint arrives: the loss does not depend on the value, or only through ops whose derivative is
/// zero or that give no floats.
struct Gradients {
  llvm::SmallVector<mlir::Value> values;
  /// An op on a way from the values to the loss that no adjoint passes; null if there is none.
  mlir::Operation *stop = nullptr;
};

/// Builds the gradient of `loss`, a floating-point scalar, with respect to values of its block,
/// `withRespectTo`, all of which are floats.
///
/// The ops are built where `b` stands, which must come after the loss. Only ops between
/// `withRespectTo` and the loss are differentiated, through GradientInterface, and each adjoint
/// takes the location of the op it belongs to; `b` gets its own location back. Contributions to
/// one value are added in reverse program order, those of one op in the order of its operands.
/// Adjoints that no gradient needs may be left behind as dead ops.
///
/// Fails with an error at the op when one on the way does not implement GradientInterface.
mlir::FailureOr<Gradients> buildGradients(mlir::Value loss,
                                          llvm::ArrayRef<mlir::Value> withRespectTo,
                                          graph::GraphBuilder &b);

} // namespace tenon::autodiff

#endif
