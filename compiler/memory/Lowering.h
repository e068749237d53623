// The two halves of the lowering to exec: what a program declares, and what its entries do.
#ifndef TENON_COMPILER_MEMORY_LOWERING_H
#define TENON_COMPILER_MEMORY_LOWERING_H

#include "dialects/exec/Exec.h"
#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"

namespace tenon::memory {

/// The line of the model text behind a location; 0 if there is none.
int64_t lineOf(mlir::Location loc);

exec::BufferType bufferType(mlir::Type tensorType);

/// The layout `layout` in the words of the exec dialect; null if it is null.
exec::LayoutAttr execLayout(fuse::LayoutAttr layout);
/// The memory of a tensor that lies as `layout` says; row-major if it is null.
exec::BufferType storageType(mlir::Type tensorType, fuse::LayoutAttr layout);

/// Replaces graph.param, graph.state, graph.data and graph.train by their exec declarations.
mlir::LogicalResult lowerDeclarations(mlir::ModuleOp module);

/// Replaces a graph.func whose tensor ops are launches, reads, writes and reshapes.
mlir::LogicalResult lowerEntry(graph::FuncOp function, mlir::SymbolTable &symbols);

} // namespace tenon::memory

#endif
