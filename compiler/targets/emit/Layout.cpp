//===- Layout.cpp - How a tensor lies in memory ---------------------------===//

#include "compiler/targets/emit/Layout.h"
#include "dialects/fuse/Fuse.h"

using namespace mlir;
using tenon::graph::SizeAttr;

namespace tenon::emit {

Layout Layout::of(Attribute attribute) {
  auto layout = dyn_cast_or_null<fuse::LayoutAttr>(attribute);
  return layout ? Layout{layout.getLanes(), layout.getCutAxis()} : Layout();
}

SizeAttr Layout::strideOf(int64_t axis, Sizes sizes) const {
  MLIRContext *context = sizes[axis].getContext();
  if (isPacked())
    return SizeAttr::constant(context, axis == cutAxis ? 1 : lanes);
  return SizeAttr::product(context, sizes.drop_front(axis + 1));
}

SizeAttr Layout::panels(Sizes sizes) const { return sizes[cutAxis].divCeil(lanes); }

SizeAttr Layout::panelStride(Sizes sizes) const {
  SizeAttr other = sizes[1 - cutAxis];
  return other.mul(SizeAttr::constant(other.getContext(), lanes));
}

SizeAttr Layout::storageElements(Sizes sizes, MLIRContext *context) const {
  return isPacked() ? panels(sizes).mul(panelStride(sizes)) : SizeAttr::product(context, sizes);
}

} // namespace tenon::emit
