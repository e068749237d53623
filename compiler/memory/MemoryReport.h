// What a program takes of memory, said before it runs.
#ifndef TENON_COMPILER_MEMORY_MEMORYREPORT_H
#define TENON_COMPILER_MEMORY_MEMORYREPORT_H

#include "dialects/exec/Exec.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace tenon::memory {

/// Writes a table of the bytes that each entry of a module in `exec` takes for the sizes in
/// `values`, by the same plan as the runtime's:
///
///   temporaries  the arena between the first command and the last
///   scratch      more for each thread that computes
///   arguments    room for copies of inputs and outputs that are not aligned to 64 bytes
///
/// and of the weights, which all entries share. A session takes the sum for its largest entry. The
/// batch of the first train block is the value of `batch` unless there is one. Fails, for the
/// user, on a size without a value, a value for a size that no entry has, and sizes too large.
llvm::Error printMemory(mlir::ModuleOp module, const llvm::StringMap<int64_t> &values,
                        llvm::raw_ostream &os);

} // namespace tenon::memory

#endif
