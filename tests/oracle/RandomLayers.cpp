// Steps of random programs: contractions, with what follows them in a model.
#include "tests/oracle/RandomGenerator.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

/// One element along the last axis is added to all others of the tensor.
Known RandomGenerator::bias(Known y) {
  SizedTensorType type = tensorType(y.value);
  int64_t last = type.rank() - 1;
  std::optional<int64_t> extent = type.getSizes()[last].getConstant();
  if (!extent || *extent == 0)
    return y;
  Value row = b.broadcast(makeParameter({*extent}).value, type, {last});
  return {b.add(y.value, row), y.bound + 0.5, false};
}

Known RandomGenerator::epilogue(Known y) {
  if (tensorType(y.value).rank() > 0 && random.below(3) == 0)
    y = bias(y);
  switch (random.below(7)) {
  case 0: return {b.tanh(within(y, 4).value), 1, false};
  case 1: // as relu, but smooth: what rounds differently does not jump
    return {b.sqrt(b.add(b.mul(y.value, y.value), 0.5)), y.bound + 1, false};
  case 2: {
    Known residual = pickLike(y);
    return {b.add(y.value, residual.value), y.bound + residual.bound, false};
  }
  case 3: {
    Value kept = b.mul(y.value, 1.25);
    return {b.select(randomMask(tensorType(y.value)), b.zero(y.value), kept), 1.25 * y.bound, false};
  }
  case 4: {
    Known other = pickLike(y);
    return {b.mul(y.value, b.sin(other.value)), y.bound, false};
  }
  default: return y;
  }
}

/// Contracts two values over the axes whose sizes agree, each label used once.
void RandomGenerator::addContraction() {
  Known x = pick(), y = pick();
  ArrayRef<SizeAttr> left = tensorType(x.value).getSizes(), right = tensorType(y.value).getSizes();
  SmallVector<int64_t> lhs = llvm::to_vector(llvm::seq<int64_t>(0, left.size())), rhs;
  SmallVector<int64_t> out = lhs;
  SmallVector<SizeAttr> summed;
  for (SizeAttr size : right) {
    int64_t label = int64_t(left.size() + rhs.size());
    for (int64_t axis : lhs)
      if (left[axis] == size && !llvm::is_contained(rhs, axis) && random.below(4) > 0)
        label = axis;
    rhs.push_back(label);
    if (label >= int64_t(left.size()))
      out.push_back(label);
    else if (random.below(4) > 0) {
      llvm::erase(out, label);
      summed.push_back(size);
    }
  }
  if (out.size() > 3)
    return;
  bool isWide = random.below(8) == 0;
  auto operand = [&](Known k) {
    return isWide ? b.convert(k.value, builder.getF64Type()) : k.value;
  };
  Value product = b.contract(operand(x), operand(y), lhs, rhs, out);
  if (!summed.empty())
    product = dividedBy(product, summed);
  if (isWide)
    product = b.convert(product, builder.getF32Type());
  keep(epilogue(within({product, x.bound * y.bound, false}, 8)));
}

/// A matrix of parameters times the last axis of a value. The matrix lies either way round, and may be
/// one that was used before, the other way round even.
void RandomGenerator::addLayer() {
  static const int64_t widths[] = {1, 3, 8, 10, 33, 64, 72, 100};
  auto lastExtent = [](const Known &k) {
    SizedTensorType type = tensorType(k.value);
    return type.rank() > 0 ? type.getSizes().back().getConstant().value_or(0) : 0;
  };
  Known x = pick();
  for (int attempt = 0; attempt < 3; ++attempt)
    if (Known other = pick(); lastExtent(other) > lastExtent(x))
      x = other;
  SizedTensorType type = tensorType(x.value);
  int64_t depth = lastExtent(x);
  if (depth == 0)
    return;
  int64_t width = widths[random.below(std::size(widths))];
  bool isOutFirst = random.below(3) > 0;
  std::optional<Known> weight;
  for (const Known &given : parameters)
    for (int64_t axis : {0, 1})
      if (ArrayRef<SizeAttr> sizes = tensorType(given.value).getSizes();
          sizes.size() == 2 && sizes[axis].isConstant(depth) && random.below(2)) {
        weight = given;
        isOutFirst = axis == 1;
      }
  if (!weight)
    weight = isOutFirst ? makeParameter({width, depth}) : makeParameter({depth, width});

  // Labels: the value's axes, the last of which is summed, then the new one.
  SmallVector<int64_t> lhs = llvm::to_vector(llvm::seq<int64_t>(0, type.rank())), out = lhs;
  int64_t summed = lhs.back(), added = type.rank();
  out.back() = added;
  if (random.below(6) == 0)
    std::swap(out.front(), out.back());
  SmallVector<int64_t> rhs = {summed, added};
  if (isOutFirst)
    std::swap(rhs[0], rhs[1]);
  // Terms of either sign: their sum is about the root of their number.
  double scale = 1 / std::sqrt(double(depth));
  Value y = b.mul(b.contract(x.value, weight->value, lhs, rhs, out), scale);
  keep(epilogue(within({y, x.bound * 0.5 * depth * scale, false}, 8)));
}

} // namespace tenon::oracle
