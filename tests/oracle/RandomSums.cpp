// Steps of random programs: reductions, and what is made of a few of them over the same rows.
#include "tests/oracle/RandomGenerator.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

Value RandomGenerator::dividedBy(Value sum, ArrayRef<SizeAttr> sizes) {
  SizeAttr count = SizeAttr::product(&context, sizes);
  return count.isConstant(0) ? sum : b.div(sum, b.size(count, tensorType(sum).getElementType()));
}

static SmallVector<SizeAttr> sizesAlong(Value x, ArrayRef<int64_t> axes) {
  return llvm::map_to_vector(axes, [&](int64_t axis) { return tensorType(x).getSizes()[axis]; });
}

Value RandomGenerator::mean(Value x, ArrayRef<int64_t> axes) {
  return dividedBy(b.sum(x, axes), sizesAlong(x, axes));
}

Value RandomGenerator::spread(Value reduced, Value like, ArrayRef<int64_t> axes) {
  SmallVector<int64_t> kept;
  for (int64_t axis = 0; axis < tensorType(like).rank(); ++axis)
    if (!llvm::is_contained(axes, axis))
      kept.push_back(axis);
  return b.broadcast(reduced, tensorType(like), kept);
}

void RandomGenerator::addReduction() {
  Known x = pick();
  if (tensorType(x.value).rank() == 0)
    return;
  SmallVector<int64_t> axes = randomAxes(tensorType(x.value).rank());
  // The largest of nothing is -inf: not bounded, and no gradient passes through it.
  bool isOfNothing = SizeAttr::product(&context, sizesAlong(x.value, axes)).isConstant(0);
  switch (isOfNothing ? 0 : random.below(3)) {
  case 0: return keep(mean(x.value, axes), x.bound);
  case 1: return keep(ReduceMaxOp::create(builder, loc, x.value, axes), x.bound, x.exact);
  default: return keep(ReduceMinOp::create(builder, loc, x.value, axes), x.bound, x.exact);
  }
}

void RandomGenerator::addArgmax() {
  Known x = pickExact();
  if (tensorType(x.value).rank() == 0)
    return;
  Value position = ArgmaxOp::create(builder, loc, x.value, randomAxes(tensorType(x.value).rank()));
  // Sizes are below 300 in the checks.
  keep(b.mul(b.convert(position, builder.getF32Type()), 1.0 / 4096), 8, true);
}

/// Softmax over some axes, or its logarithm.
void RandomGenerator::addSoftmax() {
  Known x = pick();
  if (tensorType(x.value).rank() == 0)
    return;
  SmallVector<int64_t> axes = randomAxes(tensorType(x.value).rank());
  Value largest = ReduceMaxOp::create(builder, loc, x.value, axes);
  Value shifted = b.sub(x.value, spread(largest, x.value, axes)); // at most 0
  Value e = b.exp(shifted);
  Value sum = b.sum(e, axes); // at least 1
  if (random.below(2))
    return keep(b.div(e, spread(sum, x.value, axes)), 1);
  keep(b.sub(shifted, spread(b.log(sum), x.value, axes)), 2 * x.bound + 16);
}

/// With mean 0 and a variance of at most 1 over some axes.
void RandomGenerator::addNormalised() {
  Known x = pick();
  if (tensorType(x.value).rank() == 0)
    return;
  SmallVector<int64_t> axes = randomAxes(tensorType(x.value).rank());
  Value centred = b.sub(x.value, spread(mean(x.value, axes), x.value, axes));
  Value variance = mean(b.mul(centred, centred), axes);
  Value deviation = b.sqrt(b.add(variance, 0.5));
  keep(b.div(centred, spread(deviation, x.value, axes)), 3 * x.bound);
}

} // namespace tenon::oracle
