// What a program takes of memory, known before it runs.
#ifndef TENON_COMPILER_MEMORY_MEMORYREPORT_H
#define TENON_COMPILER_MEMORY_MEMORYREPORT_H

#include "dialects/exec/Exec.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Error.h"

namespace tenon::memory {

/// The limits of a session or trainer.
struct MemoryLimits {
  llvm::StringMap<int64_t> sizes; ///< largest value of each size by name
  int64_t threads = 1;            ///< that compute
};

/// Bytes that a session or trainer takes: what the runtime asks its allocator for, by the same plan
/// and the same rounding.
struct EntryMemory {
  uint64_t weights = 0;     ///< of a trainer only: parameters, their averages, states of its own
  uint64_t optimizer = 0;   ///< of a trainer only: the states of its optimizer
  uint64_t activations = 0; ///< the arena between the first command and the last, but for
  uint64_t gradients = 0;   ///< what of it are gradients of parameters when most of it is in use,
                            ///< and the sums that a trainer accumulates them in
  uint64_t workspace = 0;   ///< scratch of all threads; room for inputs and outputs

  uint64_t total() const { return weights + optimizer + activations + gradients + workspace; }
};

/// What a session takes that runs only `entry`, of a module in `exec`. Fails, for the user, on a
/// size without a limit, and where more is needed than can be addressed.
llvm::Expected<EntryMemory> measureSession(exec::EntryOp entry, const MemoryLimits &limits);

/// What a trainer of `train` takes: its variables, and once the memory of the largest of its step
/// and of what the step runs on micro-batches. Fails as above.
llvm::Expected<EntryMemory> measureTrainer(exec::TrainOp train, const MemoryLimits &limits);

/// The weights of a model: parameters and states without those of optimizers.
uint64_t modelWeightBytes(mlir::ModuleOp module);

/// Writes a table of the above: the model's weights, every entry, the trainers in place of their
/// steps, and a session, which takes what its largest entry needs. The limit of `batch` is that of the first train block
/// unless there is one. Fails, for the user, as above and on a limit for a size that no entry has.
llvm::Error printMemory(mlir::ModuleOp module, MemoryLimits limits, llvm::raw_ostream &os);

} // namespace tenon::memory

#endif
