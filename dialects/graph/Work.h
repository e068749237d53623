// How much work tensor operations are: what cost models predict from and profiles report.
#ifndef TENON_DIALECTS_GRAPH_WORK_H
#define TENON_DIALECTS_GRAPH_WORK_H

#include "dialects/graph/Size.h"
#include "mlir/IR/Block.h"

namespace tenon::graph {

/// What one element takes, in additions.
struct ElementWork {
  int64_t operations = 0;
  /// The same in vector registers: operations on more than 32 bits take two.
  int64_t vectorOperations = 0;
};

/// The work of one element of `op`: of a result element, which is its scalar body, or of an element
/// that a reduction takes in, which is lifted and merged. An addition, multiplication, comparison,
/// selection or conversion weighs 1, the rest about the vector instructions that it takes: 2 for
/// rounding, 3 for a maximum, 10 for a division, 12 for a square root, 18 for exp, 24 for log, 28
/// for tanh, 44 for erf. What only moves elements, and a contraction, weighs 0.
ElementWork workPerElement(mlir::Operation *op);

/// The floating-point operations that `op` takes when each of its elements is computed once; null
/// if the number does not fit. A contraction of sizes M, N, K counts 2 M N K, the rest their
/// operations per element.
SizeAttr countFlops(mlir::Operation *op);

struct Work {
  SizeAttr flops; ///< of all ops; null if it does not fit
  SizeAttr bytes; ///< of memory that must be read or written at least; null if it does not fit
};

/// The work of a kernel with this body. Every argument is read once and every result written once,
/// whatever lies between stays in registers.
Work countWork(mlir::Block &body);

} // namespace tenon::graph

#endif
