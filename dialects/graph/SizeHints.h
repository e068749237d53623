// Expected values of run-time sizes: what costs are estimated with, never what results depend on.
#ifndef TENON_DIALECTS_GRAPH_SIZEHINTS_H
#define TENON_DIALECTS_GRAPH_SIZEHINTS_H

#include "dialects/graph/Size.h"
#include "mlir/IR/Operation.h"
#include <optional>

namespace tenon::graph {

/// A dictionary {size name = integer of at least 1} on graph.func and fuse.func, such as
/// `graph.size_hints = {batch = 32}` from a train block's `batch`. Names are of `graph.sizes`; a
/// name without an entry, and an op without the attribute, is one of which nothing is known.
inline constexpr llvm::StringLiteral sizeHintsAttrName = "graph.size_hints";

/// The value that `function` expects of the size `name`.
std::optional<int64_t> sizeHint(mlir::Operation *function, llvm::StringRef name);

/// What a size without a hint is taken to be where a number is needed.
inline constexpr int64_t kUnknownSize = 64;

/// The value that `function` expects of a size; 0 if it is negative, 2^48 if it is larger than
/// that, does not fit or is null.
uint64_t expectedValue(mlir::Operation *function, SizeAttr size);
/// The same for the bytes of a tensor.
uint64_t expectedBytes(mlir::Operation *function, mlir::Value tensor);

} // namespace tenon::graph

#endif
