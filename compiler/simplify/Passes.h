// The passes that simplify entries; see Passes.td for what each does.
#ifndef TENON_COMPILER_SIMPLIFY_PASSES_H
#define TENON_COMPILER_SIMPLIFY_PASSES_H

#include "dialects/graph/Graph.h"
#include "mlir/Pass/Pass.h"

namespace mlir {
class OpPassManager;
class RewritePatternSet;
} // namespace mlir

namespace tenon::simplify {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/simplify/Passes.h.inc"

/// Simplifies every entry of a module.
void buildSimplifyPipeline(mlir::OpPassManager &passes);

/// The patterns of the passes of these names. All keep every bit of every result.
void populateSinkBroadcastsPatterns(mlir::RewritePatternSet &patterns);
void populateMergeIndexMapsPatterns(mlir::RewritePatternSet &patterns);
void populateFoldArithmeticPatterns(mlir::RewritePatternSet &patterns);
} // namespace tenon::simplify

#endif
