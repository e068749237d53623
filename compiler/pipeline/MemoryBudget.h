// Keeping the training steps of a program within a number of bytes.
#ifndef TENON_COMPILER_PIPELINE_MEMORYBUDGET_H
#define TENON_COMPILER_PIPELINE_MEMORYBUDGET_H

#include "compiler/memory/MemoryReport.h"
#include "compiler/pipeline/Options.h"

namespace tenon::pipeline {

/// A policy with which every training step fits a budget.
struct BudgetPlan {
  simplify::RecomputePolicy policy;
  std::string entry;     ///< the step of the trainer that takes most
  uint64_t bytes = 0;    ///< what it takes: its line of --print-memory
  unsigned compiled = 0; ///< programs that were lowered to find out
};

/// Finds a policy that fits `options.memoryBudget`: the default, or else as few segments as possible,
/// the shortest that fit (see RecomputePolicy.h). Each is tried out: a copy of `module`, in `graph`,
/// is lowered for every processor and measured for `limits`. Fails, for the user, if no policy fits
/// (the message names the least that one takes, which a budget may be), if the program does not
/// train, or as measureTrainer does; and after a diagnostic if a phase fails.
llvm::Expected<BudgetPlan> fitMemoryBudget(mlir::ModuleOp module, const Options &options,
                                           const memory::MemoryLimits &limits);

} // namespace tenon::pipeline

#endif
