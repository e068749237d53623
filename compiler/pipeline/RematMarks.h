// What the marks @remat of a program are good for.
#ifndef TENON_COMPILER_PIPELINE_REMATMARKS_H
#define TENON_COMPILER_PIPELINE_REMATMARKS_H

#include "compiler/memory/MemoryReport.h"
#include "compiler/pipeline/Options.h"

namespace tenon::pipeline {

/// A mark that saves no memory, for the user.
struct UselessMark {
  mlir::Location at;
  std::string reason; ///< with a way out
};

/// The marks (`graph.remat_marks`) of `module`, in `graph`, with which no training step takes less
/// memory than without, or one takes more. Each is tried out: copies of the module, one as it is
/// and one for each mark without that mark, are lowered for every processor and measured for
/// `limits`, a size without a limit as graph::kUnknownSize. Without marks, and at -O0, nothing is
/// lowered. Fails after a diagnostic if a phase fails.
mlir::FailureOr<std::vector<UselessMark>> findUselessMarks(mlir::ModuleOp module,
                                                           const Options &options,
                                                           const memory::MemoryLimits &limits);

} // namespace tenon::pipeline

#endif
