// The passes of the fuse phase.
#ifndef TENON_COMPILER_FUSION_PASSES_H
#define TENON_COMPILER_FUSION_PASSES_H

#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace tenon::fusion {

#define GEN_PASS_DECL
#include "compiler/fusion/Passes.h.inc"
#define GEN_PASS_REGISTRATION
#include "compiler/fusion/Passes.h.inc"

class Explanation;

/// The passes, which tell what they decide to `explanation` unless that is null; the last one also
/// describes the kernels.
std::unique_ptr<mlir::Pass> createFormKernels(FormKernelsOptions options, Explanation *explanation);
std::unique_ptr<mlir::Pass> createSplitKernels(SplitKernelsOptions options,
                                               Explanation *explanation);
std::unique_ptr<mlir::Pass> createInlineProducers(InlineProducersOptions options,
                                                  Explanation *explanation);
std::unique_ptr<mlir::Pass> createMergeKernels(MergeKernelsOptions options,
                                               Explanation *explanation);

} // namespace tenon::fusion

#endif
