//===- Exec.h - The dialect of what is serialised ---------------*- C++ -*-===//
//
// Everything a user of the dialect includes. OPS.md is its reference, README.md its rationale.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_DIALECTS_EXEC_EXEC_H
#define TENON_DIALECTS_EXEC_EXEC_H

#include "dialects/graph/Size.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"

namespace tenon::exec {

/// The attribute of a function that is a kernel: a `DenseBoolArrayAttr`, one element per buffer
/// argument, true where the kernel writes it.
inline constexpr llvm::StringLiteral kWritesAttrName = "exec.writes";
/// What such a function computes, in words, for profiles. Optional.
inline constexpr llvm::StringLiteral kLabelAttrName = "exec.label";

} // namespace tenon::exec

#include "dialects/exec/ExecDialect.h.inc"
#include "dialects/exec/ExecEnums.h.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/exec/ExecTypes.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/exec/ExecAttrs.h.inc"

#define GET_OP_CLASSES
#include "dialects/exec/ExecOps.h.inc"

namespace tenon::exec {

/// True for the ops of an entry that do something: launches and copies. The others name buffers.
inline bool isCommand(mlir::Operation &op) { return llvm::isa<LaunchOp, CopyOp>(op); }

} // namespace tenon::exec

#endif // TENON_DIALECTS_EXEC_EXEC_H
