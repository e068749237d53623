// Steps of random programs: ops that move elements and compute nothing.
#include "tests/oracle/RandomGenerator.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

// ---- Shapes -----------------------------------------------------------------------------------

void RandomGenerator::addBroadcast() {
  Known x = pick();
  SizedTensorType type = tensorType(x.value);
  if (type.rank() > 2)
    return;
  SmallVector<SizeAttr> sizes;
  SmallVector<int64_t> axes;
  int64_t before = random.below(type.rank() + 1); // the new axis comes before this one
  for (int64_t axis = 0; axis <= type.rank(); ++axis) {
    if (axis == before)
      sizes.push_back(randomSize());
    if (axis == type.rank())
      break;
    axes.push_back(sizes.size());
    sizes.push_back(type.getSizes()[axis]);
  }
  keep(b.broadcast(x.value, type.withSizes(sizes), axes), x.bound, x.exact);
}

void RandomGenerator::addTranspose() {
  Known x = pick();
  keep(b.transpose(x.value, randomPermutation(tensorType(x.value).rank())), x.bound, x.exact);
}

void RandomGenerator::addReshape() {
  Known x = pick();
  SmallVector<SizeAttr> sizes = llvm::to_vector(tensorType(x.value).getSizes());
  if (sizes.size() < 2 || random.below(2))
    sizes.insert(sizes.begin() + random.below(sizes.size() + 1), constant(1));
  else
    sizes = {sizes[0].mul(sizes[1])};
  if (SizeAttr::product(&context, sizes) != tensorType(x.value).numElements() || sizes.size() > 3)
    return;
  keep(b.reshape(x.value, sizes), x.bound, x.exact);
}

void RandomGenerator::addIndices() {
  SizedTensorType type = randomType(1, 2);
  Value index = b.iota(type.withElementType(builder.getI32Type()), random.below(type.rank()));
  keep(b.mul(b.convert(index, builder.getF32Type()), 1.0 / 256), 2, true);
}

// ---- Moves ------------------------------------------------------------------------------------

/// A block that begins and ends at random along axes of constant size, and is whole along others.
void RandomGenerator::addSlice() {
  Known x = pick();
  SmallVector<SizeAttr> sizes(tensorType(x.value).getSizes()), starts;
  for (SizeAttr &size : sizes) {
    // n + 2 has 2 elements to spare, whatever n is.
    int64_t room = 0;
    for (MonomialAttr term : size.getTerms())
      if (term.getAtoms().empty())
        room = term.getCoefficient();
    int64_t cut = random.below(std::max<int64_t>(room, 0) + 1);
    starts.push_back(constant(random.below(cut + 1)));
    size = size.sub(constant(cut));
  }
  keep(b.slice(x.value, sizes, starts), x.bound, x.exact);
}

void RandomGenerator::addPad() {
  Known x = pick();
  SmallVector<SizeAttr> sizes(tensorType(x.value).getSizes()), low;
  for (SizeAttr &size : sizes) {
    int64_t more = random.below(3);
    low.push_back(constant(random.below(more + 1)));
    size = size.add(constant(more));
  }
  keep(b.pad(x.value, sizes, low), x.bound, x.exact);
}

void RandomGenerator::addConcat() {
  Known x = pick();
  int64_t rank = tensorType(x.value).rank();
  if (rank == 0)
    return;
  int64_t axis = random.below(rank);
  if (tensorType(x.value).getSizes()[axis].getTerms().size() > 2)
    return; // it grew before
  Known y = pickLike(x);
  SmallVector<Value> inputs{x.value, y.value};
  if (random.below(3) == 0)
    inputs.push_back(x.value);
  keep(b.concat(inputs, axis), std::max(x.bound, y.bound), x.exact && y.exact);
}

void RandomGenerator::addReverse() {
  Known x = pick();
  if (tensorType(x.value).rank() == 0)
    return;
  keep(ReverseOp::create(builder, loc, x.value, randomAxes(tensorType(x.value).rank())), x.bound,
       x.exact);
}

Value RandomGenerator::randomIds(ArrayRef<SizeAttr> first, int64_t extent) {
  mlir::Type i32 = builder.getI32Type();
  SmallVector<SizeAttr> sizes(first);
  for (int64_t more = random.below(3); more > 0; --more)
    sizes.push_back(randomSize());
  auto type = SizedTensorType::get(i32, sizes);
  // From a value without rounding, so that the same elements are picked at any precision.
  Value x = pickExact().value;
  if (int64_t rank = tensorType(x).rank())
    x = ReduceMaxOp::create(builder, loc, x, llvm::to_vector(llvm::seq<int64_t>(0, rank)));
  Value ids = b.broadcast(b.convert(x, i32), type, {});
  if (type.rank() > 0)
    ids = b.add(ids, b.iota(type, random.below(type.rank())));
  return b.max(b.min(ids, b.scalar(double(extent - 1), i32)), b.scalar(0, i32));
}

void RandomGenerator::addGather() {
  Known x = pick();
  ArrayRef<SizeAttr> sizes = tensorType(x.value).getSizes();
  for (auto [axis, size] : llvm::enumerate(sizes))
    if (std::optional<int64_t> extent = size.getConstant(); extent && *extent > 0) {
      Value ids = randomIds(sizes.take_front(axis), *extent);
      if (tensorType(ids).rank() + int64_t(sizes.size() - axis) - 1 <= 3)
        keep(b.gather(x.value, ids, axis), x.bound, x.exact);
      return;
    }
}

/// Sends the first axes of a value to a few places.
void RandomGenerator::addScatter() {
  Known x = pick();
  ArrayRef<SizeAttr> sizes = tensorType(x.value).getSizes();
  int64_t sent = random.below(sizes.size() + 1), places = 1 + random.below(5);
  auto type = SizedTensorType::get(builder.getI32Type(), sizes.take_front(sent));
  Value ids = b.broadcast(b.scalar(double(random.below(places)), builder.getI32Type()), type, {});
  if (sent > 0)
    ids = b.min(b.add(ids, b.iota(type, random.below(sent))),
                b.scalar(double(places - 1), builder.getI32Type()));
  SmallVector<SizeAttr> result{constant(places)};
  llvm::append_range(result, sizes.drop_front(sent));
  Value sum = b.scatterAdd(x.value, ids, 0, result);
  keep(sent > 0 ? dividedBy(sum, sizes.take_front(sent)) : sum, x.bound);
}

} // namespace tenon::oracle
