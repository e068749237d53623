//===- MachineCode.h - One LLVM module to bytes -----------------*- C++ -*-===//
//
// Internal to the CPU target: what its code generation asks of LLVM. Nothing here is shared between
// modules of different LLVM contexts, so these may run on several threads.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_CPU_MACHINECODE_H
#define TENON_COMPILER_TARGETS_CPU_MACHINECODE_H

#include "compiler/targets/cpu/Codegen.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>

namespace tenon::cpu {

/// The code generator for exactly the features of `target`.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>>
createTargetMachine(const targets::TargetInfo &target, unsigned optLevel);

/// The module as it is, as assembly or an object.
llvm::Expected<std::string> generateCode(llvm::Module &module, llvm::TargetMachine &machine,
                                         llvm::CodeGenFileType fileType);

/// Gives a module of kernels its target, optimises it and generates code; see compileKernels. An
/// object that needs a symbol from outside is an error that names it.
llvm::Expected<std::string> compileModule(llvm::Module &module, const targets::TargetInfo &target,
                                          const CodegenOptions &options, CodegenOutput output);

} // namespace tenon::cpu

#endif // TENON_COMPILER_TARGETS_CPU_MACHINECODE_H
