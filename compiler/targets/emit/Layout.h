//===- Layout.h - How a tensor lies in memory -------------------*- C++ -*-===//
//
// Row-major, or a matrix in panels, as `fuse.layout` of a kernel's argument or result says. Whoever
// makes positions in a buffer asks here or KernelBuilder::position; ElementEmitter does for all
// that goes element by element.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_COMPILER_TARGETS_EMIT_LAYOUT_H
#define TENON_COMPILER_TARGETS_EMIT_LAYOUT_H

#include "dialects/graph/Size.h"
#include "llvm/ADT/ArrayRef.h"

namespace tenon::emit {

/// Packed: axis `cutAxis` of a matrix is cut into panels of `lanes` indices. Panel p, index j of the
/// other axis and lane l are element (p * lanes + l, j), at (p * J + j) * lanes + l, where J is the
/// size of the other axis. So in a panel one step along `cutAxis` is 1 and one along the other axis
/// is `lanes`; the next panel is J * lanes away. The last panel has all its lanes in memory; those
/// beyond the matrix may be read and written, but no result may depend on them.
struct Layout {
  unsigned lanes = 0; ///< of a panel, a power of two; 0: row-major
  int64_t cutAxis = 0;

  using Sizes = llvm::ArrayRef<graph::SizeAttr>;

  bool isPacked() const { return lanes != 0; }
  bool operator==(const Layout &other) const {
    return lanes == other.lanes && cutAxis == other.cutAxis;
  }
  bool operator!=(const Layout &other) const { return !(*this == other); }

  /// From the attribute `fuse.layout`; row-major if it is null.
  static Layout of(mlir::Attribute attribute);

  /// Do neighbours along `axis` of a tensor of this shape have the same distance everywhere?
  bool hasStride(int64_t axis) const { return !isPacked() || axis != cutAxis; }
  /// The distance in memory of neighbours along `axis`; inside a panel where there is no stride.
  graph::SizeAttr strideOf(int64_t axis, Sizes sizes) const;
  /// Packed: the number of panels, and the distance from one to the next.
  graph::SizeAttr panels(Sizes sizes) const;
  graph::SizeAttr panelStride(Sizes sizes) const;
  /// Elements in memory, padding included.
  graph::SizeAttr storageElements(Sizes sizes, mlir::MLIRContext *context) const;
};

} // namespace tenon::emit

#endif // TENON_COMPILER_TARGETS_EMIT_LAYOUT_H
