// Expected values of run-time sizes.
#include "dialects/graph/SizeHints.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

std::optional<int64_t> tenon::graph::sizeHint(Operation *function, StringRef name) {
  auto hints = function->getAttrOfType<DictionaryAttr>(sizeHintsAttrName);
  auto hint = hints ? hints.getAs<IntegerAttr>(name) : IntegerAttr();
  return hint ? std::optional<int64_t>(hint.getInt()) : std::nullopt;
}

uint64_t tenon::graph::expectedValue(Operation *function, SizeAttr size) {
  constexpr int64_t most = int64_t(1) << 48; // sums of these stay far below 2^64
  std::optional<int64_t> value;
  if (size)
    value = size.evaluate([&](StringRef name) -> std::optional<int64_t> {
      return sizeHint(function, name).value_or(kUnknownSize);
    });
  return std::clamp<int64_t>(value.value_or(most), 0, most);
}

uint64_t tenon::graph::expectedBytes(Operation *function, Value tensor) {
  int64_t elementBytes = (tensorType(tensor).getElementTypeBitWidth() + 7) / 8;
  SizeAttr elements = tensorType(tensor).numElements();
  return expectedValue(function, elements ? elements.mul(SizeAttr::constant(
                                                tensor.getContext(), elementBytes))
                                          : SizeAttr());
}
