#include "compiler/memory/Expected.h"
#include "dialects/graph/SizeHints.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;

uint64_t memory::ExpectedBytes::elementsOf(Value value) const {
  constexpr int64_t most = int64_t(1) << 48; // sums of these stay far below 2^64
  graph::SizeAttr elements = graph::tensorType(value).numElements();
  std::optional<int64_t> count;
  if (elements) // null: more than 2^63
    count = elements.evaluate([&](StringRef name) -> std::optional<int64_t> {
      return graph::sizeHint(entry, name).value_or(kUnknownSize);
    });
  return std::clamp<int64_t>(count.value_or(most), 0, most);
}

uint64_t memory::ExpectedBytes::of(Value value) const {
  Type element = graph::tensorType(value).getElementType();
  return elementsOf(value) * llvm::divideCeil(element.getIntOrFloatBitWidth(), 8u);
}
