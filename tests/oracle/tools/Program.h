// Reading a program in the language or as a module.
#ifndef TENON_TESTS_ORACLE_TOOLS_PROGRAM_H
#define TENON_TESTS_ORACLE_TOOLS_PROGRAM_H

#include "tests/oracle/tools/Module.h"

namespace tenon::oracle {

/// The module of a .mlir file, or what the frontend makes of a .tenon file; complains on stderr and
/// returns null.
mlir::OwningOpRef<mlir::ModuleOp> readProgram(llvm::StringRef path, mlir::MLIRContext &context);

} // namespace tenon::oracle

#endif
