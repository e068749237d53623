// Marks on ops that say what is computed twice to save memory.
#ifndef TENON_DIALECTS_GRAPH_RECOMPUTE_H
#define TENON_DIALECTS_GRAPH_RECOMPUTE_H

#include "llvm/ADT/StringRef.h"

namespace tenon::graph {

/// On ops that the frontend emits for a call marked @remat: an integer that the ops of one call
/// share and those of others do not have. The backward pass stores nothing of what is computed
/// inside the call, but computes it again.
inline constexpr llvm::StringLiteral rematAttrName = "graph.remat";

/// On a module: for each mark @remat in the source, in its order, that losses have calls of, a
/// dictionary {at = its place, a location; calls = their numbers, an array of i64}.
inline constexpr llvm::StringLiteral rematMarksAttrName = "graph.remat_marks";

/// On ops that compute a value of the forward pass again: "shared" if they do so once for all that
/// reads it, else a unit attribute. The latter belong to the kernels that read them: a kernel of the
/// forward pass, or of shared ones, that took them in would store what they are there to compute
/// again.
inline constexpr llvm::StringLiteral recomputedAttrName = "graph.recomputed";
inline constexpr llvm::StringLiteral sharedRecomputation = "shared";

} // namespace tenon::graph

#endif
