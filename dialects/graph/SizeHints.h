// Expected values of run-time sizes: what costs are estimated with, never what results depend on.
#ifndef TENON_DIALECTS_GRAPH_SIZEHINTS_H
#define TENON_DIALECTS_GRAPH_SIZEHINTS_H

#include "mlir/IR/Operation.h"
#include <optional>

namespace tenon::graph {

/// A dictionary {size name = integer of at least 1} on graph.func and fuse.func, such as
/// `graph.size_hints = {batch = 32}` from a train block's `batch`. Names are of `graph.sizes`; a
/// name without an entry, and an op without the attribute, is one of which nothing is known.
inline constexpr llvm::StringLiteral sizeHintsAttrName = "graph.size_hints";

/// The value that `function` expects of the size `name`.
std::optional<int64_t> sizeHint(mlir::Operation *function, llvm::StringRef name);

} // namespace tenon::graph

#endif
