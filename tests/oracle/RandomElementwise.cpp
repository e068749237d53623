// Steps of random programs: elementwise ops, and random numbers.
#include "tests/oracle/RandomGenerator.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

void RandomGenerator::addUnary() {
  Known x = pick();
  switch (random.below(10)) {
  case 0: return keep(b.neg(x.value), x.bound, x.exact);
  case 1: return keep(b.abs(x.value), x.bound, x.exact);
  case 2: return keep(b.tanh(within(x, 3).value), 1);
  case 3: return keep(ErfOp::create(builder, loc, within(x, 2).value), 1);
  case 4: return keep(b.exp(within(x, 2).value), 7.4);
  case 5: return keep(b.log(b.add(b.abs(x.value), 1.25)), 3);
  case 6: return keep(b.sqrt(b.add(b.mul(x.value, x.value), 0.5)), x.bound + 1);
  case 7: return keep(b.sin(x.value), 1);
  case 8: return keep(b.cos(x.value), 1);
  default: return keep(b.mul(x.value, 0.375), 0.375 * x.bound);
  }
}

void RandomGenerator::addBinary() {
  Known x = pick(), y = pickLike(x);
  bool exact = x.exact && y.exact;
  switch (random.below(5)) {
  case 0: return keep(b.add(x.value, y.value), x.bound + y.bound);
  case 1: return keep(b.sub(x.value, y.value), x.bound + y.bound);
  case 2: return keep(b.mul(x.value, y.value), x.bound * y.bound);
  case 3: return keep(b.max(x.value, y.value), std::max(x.bound, y.bound), exact);
  default: return keep(b.min(x.value, y.value), std::max(x.bound, y.bound), exact);
  }
}

void RandomGenerator::addDivision() {
  Known x = pick(), y = pickLike(x);
  keep(b.div(x.value, b.add(b.abs(y.value), 1.5)), x.bound);
}

/// What jumps: on values without rounding only.
void RandomGenerator::addJump() {
  Known x = pickExact();
  switch (random.below(6)) {
  case 0: return keep(FloorOp::create(builder, loc, x.value), x.bound + 1, true);
  case 1: return keep(CeilOp::create(builder, loc, x.value), x.bound + 1, true);
  case 2: return keep(RoundOp::create(builder, loc, x.value), x.bound + 1, true);
  case 3: return keep(TruncOp::create(builder, loc, x.value), x.bound, true);
  case 4: return keep(b.sign(x.value), 1, true);
  default:
    return keep(b.convert(b.convert(x.value, builder.getI32Type()), builder.getF32Type()), x.bound,
                true);
  }
}

/// Few sites, so that the same numbers come again. An example is what lies along the first axis.
Value RandomGenerator::randomBits(SizedTensorType type) {
  SizeAttr example = constant(0);
  if (type.rank() > 0)
    example = SizeAttr::product(&context, type.getSizes().drop_front());
  return RandomBitsOp::create(builder, loc, type.withElementType(builder.getI32Type()),
                              40 + random.below(3), example);
}

Value RandomGenerator::randomMask(SizedTensorType type) {
  return b.compare(ComparePredicate::lt, randomBits(type), -0x1p30);
}

/// In [-0.5, 0.5).
void RandomGenerator::addUniform() {
  Value bits = randomBits(tensorType(pick().value));
  keep(b.mul(b.convert(bits, builder.getF32Type()), 0x1p-32), 0.5);
}

void RandomGenerator::addSelect() {
  Known left = pickExact(), right = pickLike(left);
  if (!right.exact)
    right = {b.constant(0.25, left.value.getType()), 0.25, true};
  auto predicate = ComparePredicate(2 + random.below(4)); // lt le gt ge
  Value condition = b.compare(predicate, left.value, right.value);
  switch (random.below(6)) {
  case 0: condition = randomMask(tensorType(left.value)); break;
  case 1: condition = NotOp::create(builder, loc, condition); break;
  case 2: condition = b.logicalAnd(condition, randomMask(tensorType(left.value))); break;
  case 3: condition = OrOp::create(builder, loc, randomMask(tensorType(left.value)), condition);
  }
  Known x = pickLike(left), y = pickLike(left);
  keep(b.select(condition, x.value, y.value), std::max(x.bound, y.bound), x.exact && y.exact);
}

/// Through f64 and back, as a field of data is: bounds are such that f32 holds it.
void RandomGenerator::addWide() {
  Known x = pick();
  Value wide = b.convert(x.value, builder.getF64Type());
  Value y = CheckedConvertOp::create(builder, loc, x.value.getType(),
                                     b.sub(b.mul(wide, wide), wide), /*field=*/0);
  keep(y, x.bound * x.bound + x.bound);
}

} // namespace tenon::oracle
