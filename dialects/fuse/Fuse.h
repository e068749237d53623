// The fuse dialect: one region, one kernel.
#ifndef TENON_DIALECTS_FUSE_FUSE_H
#define TENON_DIALECTS_FUSE_FUSE_H

#include "dialects/graph/Size.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/fuse/FuseDialect.h.inc"
#include "dialects/fuse/FuseEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/fuse/FuseAttrs.h.inc"

namespace tenon::fuse {

/// The attribute that says how a declaration, argument or result lies in memory: a `LayoutAttr`.
inline constexpr llvm::StringLiteral kLayoutAttrName = "fuse.layout";

/// What an emitted kernel, a `fuse.func`, says of itself; its documentation has the meanings.
inline constexpr llvm::StringLiteral kEmittedAttrName = "fuse.emitted";
inline constexpr llvm::StringLiteral kTilesAttrName = "fuse.tiles";
inline constexpr llvm::StringLiteral kGrainAttrName = "fuse.grain";
inline constexpr llvm::StringLiteral kScratchAttrName = "fuse.scratch";
inline constexpr llvm::StringLiteral kFlopsAttrName = "fuse.flops";
inline constexpr llvm::StringLiteral kBytesAttrName = "fuse.bytes";
inline constexpr llvm::StringLiteral kTileBytesAttrName = "fuse.tile_bytes";

} // namespace tenon::fuse

#define GET_OP_CLASSES
#include "dialects/fuse/FuseOps.h.inc"

#endif
