// Random valid programs, the same for the same seed everywhere.
//
// They are made so that rounding cannot be amplified without bound: values stay within known limits,
// divisors and arguments of log and sqrt stay positive, sums are means, and what jumps (comparisons,
// rounding, argmax) only looks at values that are computed without rounding.
#ifndef TENON_TESTS_ORACLE_RANDOMGRAPHS_H
#define TENON_TESTS_ORACLE_RANDOMGRAPHS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tests/oracle/Inputs.h"

namespace tenon::oracle {

/// A module with one function @random over the sizes n and m (both at least 1), with at least one
/// f32 result, and the parameters it reads.
mlir::OwningOpRef<mlir::ModuleOp> makeRandomGraph(mlir::MLIRContext &context, uint64_t seed);

} // namespace tenon::oracle

#endif
