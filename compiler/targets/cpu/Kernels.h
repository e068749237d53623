//===- Kernels.h - Kernels for CPUs -----------------------------*- C++ -*-===//
//
// From a `fuse.func`, a kernel as tensor operations, to a `func.func` that loops over memory, one
// schedule per anchor. The result has the type of runtime/schema/KernelAbi.h: its buffers are the
// arguments, then the results, in order; its sizes are the names in `graph.sizes`, in order.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_KERNELS_H
#define TENON_COMPILER_TARGETS_CPU_KERNELS_H

#include "compiler/targets/TargetInfo.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Size.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace tenon::cpu {

/// A kernel and what a launch of it has to know, as sizes over the names of the `fuse.func`.
struct EmittedKernel {
  mlir::func::FuncOp function;
  graph::SizeAttr tiles;   ///< independent pieces of work; 0 if there is nothing to do
  graph::SizeAttr grain;   ///< tiles that are worth a thread of their own, at least 1
  graph::SizeAttr scratch; ///< bytes of scratch memory per thread
  /// Per buffer a number n: if not 0, tile i touches only the elements [n*i, n*i + n) of it.
  llvm::SmallVector<int64_t> tileElements;
};

/// Emits `kernel` at the insertion point of `builder`, under the same name; the caller erases
/// `kernel` or keeps the two in different modules.
///
/// What a result reads at an index is read before that index of a result is written, so a result
/// may lie in the memory of an argument that is only read at the indices of the result.
///
/// The members of a multi_tensor kernel are launches of kernels that were emitted before and have the
/// attributes that say so (see dialects/fuse/README.md); they are called by the names noted there.
///
/// Fails with a diagnostic at the operation that does not fit the kernel's anchor.
mlir::FailureOr<EmittedKernel> emitKernel(fuse::FuncOp kernel, const targets::TargetInfo &target,
                                          mlir::OpBuilder &builder);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_KERNELS_H
