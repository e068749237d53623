// Marks on ops that say what is computed twice to save memory.
#ifndef TENON_DIALECTS_GRAPH_RECOMPUTE_H
#define TENON_DIALECTS_GRAPH_RECOMPUTE_H

#include "llvm/ADT/StringRef.h"

namespace tenon::graph {

/// On ops that the frontend emits for a call marked @remat: an integer that the ops of one call
/// share and those of others do not have. The backward pass stores nothing of what is computed
/// inside the call, but computes it again.
inline constexpr llvm::StringLiteral rematAttrName = "graph.remat";

/// A unit attribute on ops that compute a value of the forward pass again. They belong to the
/// kernels that read them: a kernel of the forward pass that took them in would store what they are
/// there to compute again.
inline constexpr llvm::StringLiteral recomputedAttrName = "graph.recomputed";

} // namespace tenon::graph

#endif
