// The way from the graph dialect to an artifact.
#ifndef TENON_COMPILER_PIPELINE_PIPELINE_H
#define TENON_COMPILER_PIPELINE_PIPELINE_H

#include "compiler/fusion/Explanation.h"
#include "compiler/pipeline/Options.h"
#include "compiler/serialize/Artifact.h"
#include "compiler/serialize/Library.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Pass/PassManager.h"

namespace tenon::pipeline {

/// Registers every dialect that a compilation meets.
void registerDialects(mlir::DialectRegistry &registry);

llvm::StringRef nameOf(Phase phase);
std::optional<Phase> phaseNamed(llvm::StringRef name);

/// Adds the passes that lead to `phase` from the one before it. What fusion decides is told to
/// `explanation` if that is not null.
void addPhase(mlir::OpPassManager &passes, Phase phase, unsigned optLevel, llvm::StringRef cpu,
              fusion::Explanation *explanation = nullptr,
              const simplify::RecomputePolicy &recompute = {});

/// Is told of each phase when it is done, with the time it took.
using PhaseObserver =
    llvm::function_ref<void(llvm::StringRef phase, double milliseconds, mlir::ModuleOp module)>;

/// Lowers a module, in whatever phase it is, to `last`. Fails after a diagnostic.
mlir::LogicalResult lower(mlir::ModuleOp module, Phase last, unsigned optLevel, llvm::StringRef cpu,
                          PhaseObserver observer = nullptr,
                          fusion::Explanation *explanation = nullptr,
                          const simplify::RecomputePolicy &recompute = {});

/// From a module in `graph` (or any later phase) to the bytes of a .tnm with one variant per
/// processor of `options.cpus`. `module` is lowered in place for the first.
mlir::FailureOr<std::string> compileToArtifact(mlir::ModuleOp module, const Options &options,
                                               const serialize::ArtifactOptions &artifact,
                                               PhaseObserver observer = nullptr);

} // namespace tenon::pipeline

#endif
