//===- OperationWeight.h - What an op's arithmetic takes --------*- C++ -*-===//
//
// For estimates: schedules and fusion decide by it what to compute twice.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_OPERATIONWEIGHT_H
#define TENON_COMPILER_TARGETS_EMIT_OPERATIONWEIGHT_H

#include "mlir/IR/Operation.h"

namespace tenon::emit {

/// How many additions one element of `op` is worth, found by building its scalar body: of a result
/// element, or of an element that a reduction takes in. Ops without arithmetic weigh 0.
double operationWeight(mlir::Operation *op);

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_OPERATIONWEIGHT_H
