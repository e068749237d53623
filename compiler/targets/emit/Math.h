//===- Math.h - Transcendental functions for f32 ----------------*- C++ -*-===//
//
// exp, log, tanh, erf, sin and cos of f32 scalars and vectors as sequences of arithmetic: no call, no
// table, no estimate. All are right at infinities, NaN, signed zeros, subnormal arguments and results.
// Errors against the exact value in units in the last place, over all f32 arguments, are tested to
// be at most 1 for exp and log and 2 for tanh and erf; over those up to 2^20, 2 for sin and cos.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_MATH_H
#define TENON_COMPILER_TARGETS_EMIT_MATH_H

#include "compiler/targets/emit/Arithmetic.h"

namespace tenon::emit {

mlir::Value buildExp(const Arithmetic &a, mlir::Value x);
mlir::Value buildLog(const Arithmetic &a, mlir::Value x);
mlir::Value buildTanh(const Arithmetic &a, mlir::Value x);
mlir::Value buildErf(const Arithmetic &a, mlir::Value x);
mlir::Value buildSin(const Arithmetic &a, mlir::Value x);
mlir::Value buildCos(const Arithmetic &a, mlir::Value x);

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_MATH_H
