//===- SemaRandom.cpp - Functions that draw random numbers ----------------------===//
//
// Each draw is a graph.random_bits of a site of its own: a hash of the path of the innermost module
// instance that is running, plus the number of draws before it in that instance. The count starts
// anew with each entry, loss, metric and prediction, so that one model draws the same numbers in
// all of them.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;

namespace tenon::dsl::sema {

/// FNV-1a, 32 bits; as initialisers hash paths (runtime/rng/Philox.h).
static uint32_t hashOf(StringRef text) {
  uint32_t hash = 2166136261u;
  for (char character : text)
    hash = (hash ^ uint8_t(character)) * 16777619u;
  return hash;
}

uint32_t Sema::nextSite() {
  const Frame *inner = frame;
  while (inner && !inner->self)
    inner = inner->caller;
  StringRef path = inner ? StringRef(inner->self->path) : StringRef();
  return hashOf(path) + draws[path]++;
}

/// i32 bits in the shape of `type`. They are made with the axis that counts examples outermost, so
/// that a batch has the same bits however it is cut.
mlir::Value Sema::randomBits(graph::SizedTensorType type) {
  graph::SizeAttr batch = batchSize().size, example = graph::SizeAttr::constant(&context, 0);
  SmallVector<graph::SizeAttr> sizes(type.getSizes());
  auto *axis = find_if(sizes, [&](graph::SizeAttr size) { return size.divExact(batch); });
  SmallVector<int64_t> permutation; // from the order of the draw to that of the result
  int64_t moved = axis - sizes.begin();
  if (axis != sizes.end()) {
    example = type.numElements().divExact(batch);
    std::rotate(sizes.begin(), axis, axis + 1);
    for (int64_t i = 0; i < type.rank(); ++i)
      permutation.push_back(i == moved ? 0 : i < moved ? i + 1 : i);
  }
  auto drawn = graph::SizedTensorType::get(builder.getI32Type(), sizes);
  operations += 2;
  mlir::Value bits =
      graph::RandomBitsOp::create(builder, loc(), drawn, int64_t(nextSite()), example);
  return permutation.empty() ? bits
                             : graph::GraphBuilder(builder, loc()).transpose(bits, permutation);
}

/// The type that the first argument is, of elements `element`; null after an error.
graph::SizedTensorType Sema::drawnType(ArrayRef<Argument> arguments, StringRef name,
                                       mlir::Type element, StringRef example, Axes &axes) {
  auto *written = arguments.front().value.as<TypeRef>();
  if (!written) {
    wrongKind(arguments.front().range, ("the argument of '" + name + "'").str(), example,
              arguments.front().value);
    return {};
  }
  graph::SizedTensorType type = resolveType(written->type, &axes);
  if (type && type.getElementType() != element) {
    report(diag::WrongKind, arguments.front().range, ("the argument of '" + name + "'").str(),
           example, describe(type));
    return {};
  }
  return type;
}

/// Numbers in [0, 1) that are multiples of 2^-24: the upper 24 bits of each draw.
Value Sema::callUniformOf(ArrayRef<Argument> arguments, SourceRange range) {
  Axes axes;
  graph::SizedTensorType type;
  if (!expectCount(arguments, 1, range, "uniform") ||
      !(type = drawnType(arguments, "uniform", builder.getF32Type(), "a type such as f32[n, 10]",
                         axes)))
    return Poison();
  graph::GraphBuilder b(builder, loc());
  // As f64, which holds 32 bits, without the sign that the upper half of the range has.
  mlir::Value bits = b.convert(randomBits(type), builder.getF64Type());
  bits = b.select(b.compare(graph::ComparePredicate::lt, bits, 0), b.add(bits, 0x1p32), bits);
  mlir::Value whole = graph::FloorOp::create(builder, loc(), b.mul(bits, 0x1p-8));
  return Tensor{b.convert(b.mul(whole, 0x1p-24), builder.getF32Type()), axes};
}

/// Normal numbers by Box and Muller (1958): a radius from one draw, an angle from another.
Value Sema::callGaussian(ArrayRef<Argument> arguments, SourceRange range) {
  Axes axes;
  graph::SizedTensorType type;
  if (!expectCount(arguments, 1, range, "gaussian") ||
      !(type = drawnType(arguments, "gaussian", builder.getF32Type(), "a type such as f32[n, 10]",
                         axes)))
    return Poison();
  graph::GraphBuilder b(builder, loc());
  mlir::Type f32 = builder.getF32Type();
  mlir::Value radius = b.convert(randomBits(type), f32);
  // u in (0, 1]: the bits as a number without sign, plus 1, times 2^-32.
  radius =
      b.select(b.compare(graph::ComparePredicate::lt, radius, 0), b.add(radius, 0x1p32), radius);
  mlir::Value u = b.mul(b.add(radius, 1.0), 0x1p-32);
  // The angle in [-pi, pi), of bits with a sign.
  mlir::Value angle = b.mul(b.convert(randomBits(type), f32), M_PI * 0x1p-31);
  mlir::Value length = b.sqrt(b.mul(b.log(u), -2.0));
  return Tensor{b.mul(length, b.cos(angle)), axes};
}

/// True where the draw is below p * 2^32.
Value Sema::callBernoulli(ArrayRef<Argument> arguments, SourceRange range) {
  Axes axes;
  graph::SizedTensorType type;
  if (!expectCount(arguments, 2, range, "bernoulli") ||
      !(type = drawnType(arguments, "bernoulli", builder.getI1Type(), "a type such as bool[n, 10]",
                         axes)))
    return Poison();
  const Argument &chance = arguments.back();
  std::optional<double> p = chance.value.asFloat();
  if (!p && symbolic && chance.value.isNumber())
    p = 0.5;
  if (!p) {
    wrongKind(chance.range, "the probability of 'bernoulli'", "a number", chance.value);
    return Poison();
  }
  if (!(*p >= 0 && *p <= 1)) {
    report(diag::WrongKind, chance.range, "the probability of 'bernoulli'", "from 0 to 1",
           chance.value.written());
    return Poison();
  }
  // u32 < t is i32 < t - 2^31 once both have their first bit turned.
  double threshold = std::ceil(*p * 0x1p32) - 0x1p31;
  graph::GraphBuilder b(builder, loc());
  if (threshold == 0x1p31) {
    ++operations;
    return Tensor{b.constant(1, type), axes};
  }
  mlir::Value bits = randomBits(type);
  mlir::Value turned = b.add(bits, -0x1p31);
  return Tensor{b.compare(graph::ComparePredicate::lt, turned, threshold), axes};
}

} // namespace tenon::dsl::sema
