// How far the compiler goes to save memory.
#ifndef TENON_COMPILER_SIMPLIFY_RECOMPUTEPOLICY_H
#define TENON_COMPILER_SIMPLIFY_RECOMPUTEPOLICY_H

namespace tenon::simplify {

struct RecomputePolicy {
  /// Above 0: the forward pass is cut into segments of this many contractions, and what is computed
  /// inside a segment is not stored for the backward pass but computed again, contractions
  /// included. 0: only what runs inside kernels that the backward pass has anyway, and costs less
  /// than to store it.
  unsigned segment = 0;
  /// Only so many segments, those first that free most bytes for their operations.
  unsigned segments = ~0u;
};

} // namespace tenon::simplify

#endif
