//===- Random.cpp - Random bits in kernels --------------------------------===//
//
// Two forms of the same numbers. Neighbouring elements that begin at a multiple of four, the case
// that matters, share blocks: half a register of 32-bit words is the even words of its blocks, the
// other half does not matter, so that one multiplication is all of a round's and the words come out
// in order without a transpose. Elements anywhere else compute a block each and keep one word of
// it.
//
// Words are carried in 64-bit lanes whose upper halves hold whatever was there: multiplications
// mask it off, which costs nothing where the instruction does so itself (vpmuludq).
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/emit/Random.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using tenon::graph::ComparePredicate;

namespace tenon::emit {

static constexpr int kRounds = 10;
static constexpr int64_t kMultipliers[] = {0xD2511F53, 0xCD9E8D57};
static constexpr int64_t kKeySteps[] = {0x9E3779B9, 0xBB67AE85};
static constexpr int64_t kWordMask = 0xFFFFFFFF;

namespace {

class Philox {
public:
  Philox(KernelBuilder &kernel, graph::RandomBitsOp op)
      : kernel(kernel), a(kernel.arithmetic()), i32(kernel.getBuilder().getI32Type()),
        i64(kernel.getBuilder().getI64Type()), seed(kernel.stepField(graph::StepField::Seed)),
        step(kernel.stepField(graph::StepField::Step)),
        site(a.add(a.convert(kernel.site(), i64), a.constantInt(op.getSite(), i64))) {}

  /// Words first % 4, … of block first / 4 and those after it, for `lanes` elements.
  Value neighbours(Value first, unsigned lanes);
  /// For each position the word of its block.
  Value anywhere(Value positions);

private:
  Value shuffle(Value x, Value y, ArrayRef<int64_t> ofFour);
  /// The bits of vector x as `lanes` lanes of another width.
  Value cast(Value x, Type elementType, unsigned lanes) {
    return vector::BitCastOp::create(kernel.getBuilder(), kernel.getLoc(),
                                     VectorType::get({lanes}, elementType), x);
  }
  /// A constant of i64 lanes: both numbers, again and again.
  Value alternating(const int64_t (&pair)[2], unsigned lanes);
  /// The i64 lanes of `even` at even and of `odd` at odd numbers.
  Value interleave(Value even, Value odd, unsigned lanes);

  KernelBuilder &kernel;
  Arithmetic a;
  Type i32, i64;
  Value seed, step, site; ///< i64; of the last two only the low halves matter
};

} // namespace

/// x and y have the same number of 32-bit lanes; in each group of four, the words numbered so in
/// the groups of x (0 to 3) and y (4 to 7).
Value Philox::shuffle(Value x, Value y, ArrayRef<int64_t> ofFour) {
  int64_t lanes = Arithmetic::lanesOf(x);
  SmallVector<int64_t> order;
  for (int64_t group = 0; group < lanes; group += 4)
    for (int64_t word : ofFour)
      order.push_back(group + word % 4 + (word < 4 ? 0 : lanes));
  return vector::ShuffleOp::create(kernel.getBuilder(), kernel.getLoc(), x, y, order);
}

Value Philox::alternating(const int64_t (&pair)[2], unsigned lanes) {
  return interleave(a.constantInt(pair[0], i64), a.constantInt(pair[1], i64), lanes);
}

Value Philox::interleave(Value even, Value odd, unsigned lanes) {
  SmallVector<int64_t> order;
  for (unsigned lane = 0; lane < lanes; ++lane)
    order.push_back(lane % 2 ? lanes + lane : lane);
  return vector::ShuffleOp::create(kernel.getBuilder(), kernel.getLoc(), a.broadcast(even, lanes),
                                   a.broadcast(odd, lanes), order);
}

Value Philox::neighbours(Value first, unsigned lanes) {
  // A block is two i64 lanes: (word 0, word 2) in `even`, (word 1, word 3) in `odd`.
  unsigned wide = lanes / 2;
  Value blocks = a.add(a.shiftRight(first, 2), a.shiftRight(kernel.laneNumbers(wide, i64), 1));
  Value even = cast(interleave(blocks, step, wide), i32, lanes);
  Value odd = cast(interleave(a.shiftRightUnsigned(blocks, 32), site, wide), i32, lanes);
  Value words = cast(a.broadcast(seed, wide), i32, lanes),
        key = shuffle(words, words, {0, 0, 1, 1});
  Value multipliers = alternating(kMultipliers, wide);
  Value keySteps = cast(alternating(kKeySteps, wide), i32, lanes);
  for (int round = 0; round < kRounds; ++round) {
    Value masked = a.bitAnd(cast(even, i64, wide), a.constantInt(kWordMask, i64));
    Value product = cast(a.mul(masked, multipliers), i32, lanes);
    even = a.bitXor(a.bitXor(shuffle(product, product, {3, 3, 1, 1}), odd), key);
    odd = shuffle(product, product, {2, 2, 0, 0});
    key = a.add(key, keySteps);
  }
  return shuffle(even, odd, {0, 4, 2, 6});
}

Value Philox::anywhere(Value positions) {
  Value block = a.shiftRight(positions, 2);
  SmallVector<Value> state; // the words, then the keys
  for (Value x :
       {block, a.shiftRightUnsigned(block, 32), step, site, seed, a.shiftRightUnsigned(seed, 32)})
    state.push_back(a.broadcast(x, Arithmetic::lanesOf(positions)));
  Value zero = kernel.index(0), rounds = kernel.index(kRounds);
  state = kernel.forRange(zero, rounds, 1, state, [&](Value, ValueRange x) {
    Value mask = a.constantInt(kWordMask, i64);
    auto product = [&](int i) {
      return a.mul(a.bitAnd(x[2 * i], mask), a.constantInt(kMultipliers[i], i64));
    };
    Value first = product(0), second = product(1);
    auto mix = [&](Value product, Value word, Value key) {
      return a.bitXor(a.bitXor(a.shiftRightUnsigned(product, 32), word), key);
    };
    return SmallVector<Value>{mix(second, x[1], x[4]),
                              second,
                              mix(first, x[3], x[5]),
                              first,
                              a.add(x[4], a.constantInt(kKeySteps[0], i64)),
                              a.add(x[5], a.constantInt(kKeySteps[1], i64))};
  });
  auto hasBit = [&](int64_t bit) {
    return a.compare(ComparePredicate::ne, a.bitAnd(positions, a.constantInt(bit, i64)),
                     a.constantInt(0, i64));
  };
  Value isOdd = hasBit(1);
  Value word =
      a.select(hasBit(2), a.select(isOdd, state[3], state[2]), a.select(isOdd, state[1], state[0]));
  return a.convert(word, i32);
}

Value buildRandomBits(KernelBuilder &kernel, graph::RandomBitsOp op, Value first, Value stride,
                      const Lanes &lanes) {
  Arithmetic a = kernel.arithmetic();
  Type i64 = kernel.getBuilder().getI64Type();
  first = kernel.toInteger(first, i64);
  if (!op.getExample().isConstant(0)) {
    Value example = kernel.toInteger(kernel.size(op.getExample()), i64);
    first = a.add(first, a.mul(kernel.stepField(graph::StepField::ExampleOffset), example));
  }
  Philox philox(kernel, op);
  if (lanes.count == 0)
    return philox.anywhere(first);
  auto anywhere = [&] {
    Value distances = a.mul(kernel.toInteger(stride, i64), kernel.laneNumbers(lanes.count, i64));
    return philox.anywhere(a.add(first, distances));
  };
  if (getConstantIntValue(stride) != 1 || lanes.count % 4 != 0)
    return anywhere();
  Value isAligned = a.compare(ComparePredicate::eq, a.bitAnd(first, a.constantInt(3, i64)),
                              a.constantInt(0, i64));
  Type type = VectorType::get({lanes.count}, kernel.getBuilder().getI32Type());
  return kernel.ifThen(
      isAligned, type, [&] { return KernelBuilder::Values{philox.neighbours(first, lanes.count)}; },
      [&] { return KernelBuilder::Values{anywhere()}; })[0];
}

} // namespace tenon::emit
