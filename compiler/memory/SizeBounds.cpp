// Interval arithmetic over sizes.
#include "compiler/memory/SizeBounds.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;

using Limits = llvm::function_ref<std::optional<int64_t>(StringRef)>;

/// From the least to the greatest of `operation` over the ends of two intervals.
template <typename Operation>
static std::optional<SizeBounds> overEnds(SizeBounds a, SizeBounds b, Operation operation) {
  SizeBounds result{INT64_MAX, INT64_MIN};
  for (int64_t x : {a.low, a.high})
    for (int64_t y : {b.low, b.high}) {
      std::optional<int64_t> value = operation(x, y);
      if (!value)
        return std::nullopt;
      result = {std::min(result.low, *value), std::max(result.high, *value)};
    }
  return result;
}

static std::optional<SizeBounds> boundsOfAtom(Attribute atom, Limits limitOf) {
  if (auto name = dyn_cast<StringAttr>(atom)) {
    std::optional<int64_t> limit = limitOf(name);
    return limit ? std::optional(SizeBounds{0, *limit}) : std::nullopt;
  }
  auto division = cast<graph::FloorDivAttr>(atom);
  std::optional<SizeBounds> num = boundsOf(division.getNum(), limitOf),
                            den = boundsOf(division.getDen(), limitOf);
  if (!num || !den || den->high <= 0)
    return std::nullopt;
  den->low = std::max<int64_t>(den->low, 1);
  return overEnds(*num, *den, [](int64_t x, int64_t y) {
    return std::optional(llvm::divideFloorSigned(x, y));
  });
}

std::optional<SizeBounds> memory::boundsOf(graph::SizeAttr size, Limits limitOf) {
  if (!size)
    return std::nullopt;
  SizeBounds sum;
  for (graph::MonomialAttr term : size.getTerms()) {
    std::optional<SizeBounds> product = SizeBounds{term.getCoefficient(), term.getCoefficient()};
    for (Attribute atom : term.getAtoms()) {
      std::optional<SizeBounds> value = boundsOfAtom(atom, limitOf);
      if (!value || !(product = overEnds(*product, *value, llvm::checkedMul<int64_t>)))
        return std::nullopt;
    }
    std::optional<int64_t> low = llvm::checkedAdd(sum.low, product->low),
                           high = llvm::checkedAdd(sum.high, product->high);
    if (!low || !high)
      return std::nullopt;
    sum = {*low, *high};
  }
  return sum;
}
