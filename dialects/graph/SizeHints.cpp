// Expected values of run-time sizes.
#include "dialects/graph/SizeHints.h"
#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

std::optional<int64_t> tenon::graph::sizeHint(Operation *function, StringRef name) {
  auto hints = function->getAttrOfType<DictionaryAttr>(sizeHintsAttrName);
  auto hint = hints ? hints.getAs<IntegerAttr>(name) : IntegerAttr();
  return hint ? std::optional<int64_t>(hint.getInt()) : std::nullopt;
}
