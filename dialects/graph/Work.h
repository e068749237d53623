// How much work tensor operations are: what cost models predict from and profiles report.
#ifndef TENON_DIALECTS_GRAPH_WORK_H
#define TENON_DIALECTS_GRAPH_WORK_H

#include "dialects/graph/Size.h"
#include "mlir/IR/Block.h"

namespace tenon::graph {

/// The floating-point operations that `op` takes when each of its elements is computed once; null
/// if the number does not fit.
///
/// A contraction of sizes M, N, K counts 2 M N K. An elementwise op counts its scalar body per
/// result element, a reduction lifting and merging per operand element: 1 for each addition,
/// multiplication, comparison, selection, conversion or rounding, and about the vector instructions
/// that it takes for the rest: 8 for a division or square root, 20 for exp, 24 for log, 28 for
/// tanh, 32 for erf. What only moves elements counts nothing.
SizeAttr countFlops(mlir::Operation &op);

struct Work {
  SizeAttr flops; ///< of all ops; null if it does not fit
  SizeAttr bytes; ///< of memory that must be read or written at least; null if it does not fit
};

/// The work of a kernel with this body. Every argument is read once and every result written once,
/// whatever lies between stays in registers.
Work countWork(mlir::Block &body);

} // namespace tenon::graph

#endif
