// The largest value of a size expression for sizes up to given limits.
#ifndef TENON_COMPILER_MEMORY_SIZEBOUNDS_H
#define TENON_COMPILER_MEMORY_SIZEBOUNDS_H

#include "dialects/graph/Size.h"

namespace tenon::memory {

struct SizeBounds {
  int64_t low = 0, high = 0;
};

/// Bounds of `size` while each name is between 0 and `limitOf(name)`, by interval arithmetic: what
/// the runtime takes memory for when a session is created (runtime/program/SizeExpr.h), so it must
/// give the same numbers. Nothing on overflow, a divisor that is never above 0, a null size, or a
/// name without a limit.
std::optional<SizeBounds>
boundsOf(graph::SizeAttr size,
         llvm::function_ref<std::optional<int64_t>(llvm::StringRef)> limitOf);

} // namespace tenon::memory

#endif
