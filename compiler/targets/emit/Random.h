//===- Random.h - Random bits in kernels ------------------------*- C++ -*-===//
//
// Philox4x32-10 (Salmon, Moraes, Dror and Shaw, Parallel random numbers: as easy as 1, 2, 3,
// SC'11): a block of four words of random bits is a function of a counter and a key, in ten rounds
// of two multiplications of 32 by 32 bits. What counter and key are stands at graph.random_bits.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_RANDOM_H
#define TENON_COMPILER_TARGETS_EMIT_RANDOM_H

#include "compiler/targets/emit/KernelBuilder.h"

namespace tenon::emit {

/// The bits of `op`, as i32, at row-major position `first` and, if there are lanes, at the
/// positions `stride` apart from there on. Lanes that do not exist get some bits too.
mlir::Value buildRandomBits(KernelBuilder &kernel, graph::RandomBitsOp op, mlir::Value first,
                            mlir::Value stride, const Lanes &lanes);

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_RANDOM_H
