//===- Artifact.h - exec module and code to artifact bytes ------*- C++ -*-===//
//
// Writes what runtime/schema/program.fbs describes. The same input gives the same bytes: nothing in
// them depends on addresses, time, environment or the order of a hash table.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_SERIALIZE_ARTIFACT_H
#define TENON_COMPILER_SERIALIZE_ARTIFACT_H

#include "compiler/serialize/CodeImage.h"
#include "compiler/targets/TargetInfo.h"
#include "compiler/targets/cpu/Codegen.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>
#include <vector>

namespace tenon::serialize {

/// What an artifact says about where it comes from.
struct ArtifactOptions {
  std::string name;                 ///< of the model
  std::string sourceName;           ///< file name as given on the command line
  std::string source;               ///< the model text
  std::vector<std::string> defines; ///< the -D options, as given
};

/// The program for one device. `module` is in the exec dialect and verified; its functions with an
/// attribute `exec.writes` are the kernels, in this order.
struct Variant {
  mlir::ModuleOp module;
  const targets::TargetInfo *target;
  const CodeImage *code; ///< null: the kernels are linked with the program (--emit=lib)
};

/// Serialises `variants`, of which there is at least one. Their modules differ in kernels and
/// programs only: signatures, data and training are taken from the first.
///
/// Fails with a diagnostic if a kernel has no code, or if the result would exceed what the runtime
/// reads (1 GiB).
mlir::FailureOr<std::string> writeArtifact(llvm::ArrayRef<Variant> variants,
                                           const ArtifactOptions &options);

/// Compiles the kernels of an exec module, links them and serialises: all from `exec` to the bytes
/// of a .tnm with one variant.
mlir::FailureOr<std::string> translateToArtifact(mlir::ModuleOp module,
                                                 const targets::TargetInfo &target,
                                                 const cpu::CodegenOptions &codegen,
                                                 const ArtifactOptions &options);

/// Compiles and links the kernels of `module`; fails with a diagnostic.
mlir::FailureOr<CodeImage> buildCodeImage(mlir::ModuleOp module, const targets::TargetInfo &target,
                                          const cpu::CodegenOptions &codegen);

/// The names of the kernels of an exec module, in the order in which programs count them.
std::vector<std::string> kernelNames(mlir::ModuleOp module);

} // namespace tenon::serialize

#endif // TENON_COMPILER_SERIALIZE_ARTIFACT_H
