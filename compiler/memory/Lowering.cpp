// What both halves need: places in the model text, types and layouts in the words of the exec dialect.
#include "compiler/memory/Lowering.h"

using namespace mlir;
using namespace tenon;

int64_t memory::lineOf(Location loc) {
  int64_t line = 0;
  loc->walk([&](Location inner) {
    auto file = dyn_cast<FileLineColLoc>(inner);
    if (!file)
      return WalkResult::advance();
    line = file.getLine();
    return WalkResult::interrupt();
  });
  return line;
}

exec::BufferType memory::bufferType(Type type) {
  auto tensor = cast<graph::SizedTensorType>(type);
  return exec::BufferType::get(tensor.getElementType(), tensor.getSizes());
}

exec::LayoutAttr memory::execLayout(fuse::LayoutAttr layout) {
  if (!layout)
    return {};
  bool isTransposed = layout.getKind() == fuse::LayoutKind::packed_transposed;
  return exec::LayoutAttr::get(
      layout.getContext(),
      isTransposed ? exec::LayoutKind::PackedTransposed : exec::LayoutKind::Packed, layout.getLanes());
}

exec::BufferType memory::storageType(Type tensorType, fuse::LayoutAttr layout) {
  exec::BufferType type = bufferType(tensorType);
  return layout ? execLayout(layout).getStorageType(type) : type;
}
