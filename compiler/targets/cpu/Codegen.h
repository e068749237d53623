//===- Codegen.h - Kernels to machine code, in process ----------*- C++ -*-===//
//
// The last step of compilation for CPUs. Kernels come in as `func.func`s of type
// `(!llvm.ptr, i64, i64) -> ()`, the kernel ABI of runtime/schema/KernelAbi.h: arguments, first
// tile, one past the last tile. Their bodies use `vector`, `scf`, `memref`, `arith`, `index` and
// the `llvm` dialect, and from `math` only what is one instruction (sqrt, absf, fma, floor, ...).
//
// Floating point is IEEE throughout. A multiplication and an addition are contracted to an FMA
// exactly where both carry the fast-math flag `contract`; no other liberty is taken whatever the
// flags say, and no reciprocal estimate is used. Loops stay as they are written: they are neither
// vectorised nor reassociated, because the emitters already chose.
//
// Only the files behind this header include MLIR's conversions and LLVM's code generator.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_CODEGEN_H
#define TENON_COMPILER_TARGETS_CPU_CODEGEN_H

#include "compiler/targets/TargetInfo.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Support/LLVM.h"
#include <string>
#include <vector>

namespace mlir {
class DialectRegistry;
class OpPassManager;
} // namespace mlir

namespace tenon::cpu {

struct CodegenOptions {
  unsigned optLevel = 3;    ///< 0 to 3, as -O of tenonc
  std::string symbolPrefix; ///< put before each kernel's name, so that libraries can be combined
};

enum class CodegenOutput {
  LlvmIr,   ///< optimised LLVM IR as text
  Assembly, ///< the target's assembly language
  Object    ///< a relocatable ELF object
};

/// Makes known the dialects that kernels are written in and their translation to LLVM IR. A context
/// that compiles kernels is built from a registry that went through here.
void registerKernelDialects(mlir::DialectRegistry &registry);

/// The passes from kernels to the LLVM dialect, in order.
void buildKernelLoweringPipeline(mlir::OpPassManager &passes);

/// Compiles the functions of `module` and the constants they use; operations of other dialects in
/// it are left alone, and `module` is not changed. Public functions are kernels and become hidden
/// symbols `symbolPrefix + name`; private ones are helpers and become local.
///
/// Fails with a diagnostic if a kernel does not have the type above, if it uses what cannot be
/// lowered, or if the code refers to a function outside of the module (a math routine, memcpy):
/// such code could not be loaded, and the diagnostic names the functions.
mlir::FailureOr<std::string> compileKernels(mlir::ModuleOp module,
                                            const targets::TargetInfo &target,
                                            const CodegenOptions &options, CodegenOutput output);

/// The same as objects, between which the kernels are dealt out by their size; they are compiled at
/// the same time, on the threads that the machine has. How many there are, and every byte of them,
/// depends on the kernels only. Helpers and constants are in each object that uses them.
mlir::FailureOr<std::vector<std::string>>
compileKernelObjects(mlir::ModuleOp module, const targets::TargetInfo &target,
                     const CodegenOptions &options);

/// The most objects that compileKernelObjects makes: each brings two segments to a code image, of
/// which the runtime takes eight.
inline constexpr unsigned kMostObjects = 4;

/// What a program finds a linked model by.
struct LinkTable {
  std::string symbol;                  ///< of the table, visible to the whole program
  uint32_t abiVersion;                 ///< TENON_ABI_VERSION that the table is made for
  llvm::ArrayRef<std::string> kernels; ///< symbols, in the order in which programs count them
  llvm::StringRef artifact;            ///< bytes of the .tnm without code
};

/// An object with one constant of the C type `tenon_linked_model` (tenon/tenon.h): the kernels'
/// addresses and the artifact, aligned to 64 bytes.
mlir::FailureOr<std::string> compileLinkTable(mlir::Location loc, const targets::TargetInfo &target,
                                              const LinkTable &table);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_CODEGEN_H
