//===- KernelMemory.cpp - Loads, stores and lanes of kernels --------------===//

#include "compiler/targets/emit/KernelBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;

namespace tenon::emit {

static Type storedType(const Memory &memory) {
  return cast<MemRefType>(memory.row.getType()).getElementType();
}

/// From memory to values: a byte that is not zero is true.
static Value fromStored(const Arithmetic &a, Value x, Type elementType) {
  return elementType.isInteger(1) ? a.convert(x, elementType) : x;
}
static Value toStored(const Arithmetic &a, Value x, Type stored) {
  return stored == Arithmetic::elementType(x) ? x : a.convert(x, stored);
}

//===----------------------------------------------------------------------===//
// One element
//===----------------------------------------------------------------------===//

Value KernelBuilder::load(const Memory &memory, Value offset) {
  Value loaded = memref::LoadOp::create(b, memory.row, offset);
  return fromStored(arithmetic(), loaded, memory.elementType);
}

void KernelBuilder::store(const Memory &memory, Value offset, Value element) {
  Value stored = toStored(arithmetic(), element, storedType(memory));
  memref::StoreOp::create(b, stored, memory.row, offset);
}

void KernelBuilder::prefetch(const Memory &memory, Value offset) {
  constexpr int kSecondCache = 2;
  memref::PrefetchOp::create(b, memory.row, ValueRange{offset}, /*isWrite=*/false, kSecondCache,
                             /*isDataCache=*/true);
}

//===----------------------------------------------------------------------===//
// Lanes
//===----------------------------------------------------------------------===//

Value KernelBuilder::loadLanes(const Memory &memory, Value offset, const Lanes &lanes) {
  if (lanes.count == 0)
    return load(memory, offset);
  auto type = VectorType::get({lanes.count}, storedType(memory));
  Value loaded;
  if (lanes.mask) {
    Value zero = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
    loaded = vector::MaskedLoadOp::create(b, type, memory.row, offset, lanes.mask, zero);
  } else {
    loaded = vector::LoadOp::create(b, type, memory.row, ValueRange{offset});
  }
  return fromStored(arithmetic(), loaded, memory.elementType);
}

void KernelBuilder::storeLanes(const Memory &memory, Value offset, Value elements,
                               const Lanes &lanes) {
  if (lanes.count == 0)
    return store(memory, offset, elements);
  Value stored =
      toStored(arithmetic(), arithmetic().broadcast(elements, lanes.count), storedType(memory));
  if (std::optional<int64_t> known = lanes.active ? getConstantIntValue(lanes.active) : std::nullopt)
    storePieces(memory, offset, stored, *known);
  else if (lanes.mask)
    vector::MaskedStoreOp::create(b, memory.row, ValueRange{offset}, lanes.mask, stored);
  else
    vector::StoreOp::create(b, stored, memory.row, ValueRange{offset});
}

void KernelBuilder::storePieces(const Memory &memory, Value offset, Value stored, int64_t count) {
  for (int64_t first = 0, piece = llvm::bit_floor(uint64_t(count)); count > 0;
       first += piece, count -= piece, piece = llvm::bit_floor(uint64_t(count)))
    vector::StoreOp::create(b, slice(stored, first, piece), memory.row,
                            ValueRange{add(offset, index(first))});
}

Value KernelBuilder::gatherLanes(const Memory &memory, Value offset, Value stride,
                                 const Lanes &lanes) {
  if (lanes.count == 0)
    return load(memory, offset);
  if (getConstantIntValue(stride) == 1)
    return loadLanes(memory, offset, lanes);
  Values elements;
  for (unsigned lane = 0; lane < lanes.count; ++lane) {
    Value position = add(offset, mul(existing(lanes, lane), stride));
    elements.push_back(memref::LoadOp::create(b, memory.row, position));
  }
  return fromStored(arithmetic(), fromElements(elements), memory.elementType);
}

Value KernelBuilder::gatherAt(const Memory &memory, Value offsets, Value mask) {
  auto type = VectorType::get({Arithmetic::lanesOf(offsets)}, storedType(memory));
  Value zero = arith::ConstantOp::create(b, type, b.getZeroAttr(type));
  Value loaded = vector::GatherOp::create(b, type, memory.row, ValueRange{index(0)}, offsets, mask,
                                          zero);
  return fromStored(arithmetic(), loaded, memory.elementType);
}

void KernelBuilder::scatterLanes(const Memory &memory, Value offset, Value stride, Value elements,
                                 const Lanes &lanes) {
  if (lanes.count == 0 || getConstantIntValue(stride) == 1)
    return storeLanes(memory, offset, elements, lanes);
  elements = arithmetic().broadcast(elements, lanes.count);
  for (unsigned lane = 0; lane < lanes.count; ++lane) {
    auto storeLane = [&] {
      store(memory, add(offset, mul(index(lane), stride)), extract(elements, lane));
    };
    if (lanes.active)
      ifThen(lessThan(index(lane), lanes.active), storeLane);
    else
      storeLane();
  }
}

//===----------------------------------------------------------------------===//
// Vectors
//===----------------------------------------------------------------------===//

Value KernelBuilder::laneNumbers(unsigned lanes, Type type) {
  SmallVector<Attribute> numbers;
  for (unsigned lane = 0; lane < lanes; ++lane)
    numbers.push_back(IntegerAttr::get(type, lane));
  return arith::ConstantOp::create(b,
                                   DenseElementsAttr::get(VectorType::get({lanes}, type), numbers));
}

Value KernelBuilder::fromElements(ValueRange elements) {
  auto type = VectorType::get({int64_t(elements.size())}, elements[0].getType());
  return vector::FromElementsOp::create(b, type, elements);
}

Value KernelBuilder::extract(Value vector, unsigned lane) {
  return vector::ExtractOp::create(b, vector, int64_t(lane));
}

Value KernelBuilder::extract(Value vector, Value lane) {
  return vector::ExtractOp::create(b, vector, OpFoldResult(lane));
}

Value KernelBuilder::anyOf(Value mask) {
  return vector::ReductionOp::create(b, vector::CombiningKind::OR, mask);
}

Value KernelBuilder::reversed(Value vector) {
  int64_t lanes = Arithmetic::lanesOf(vector);
  SmallVector<int64_t> order;
  for (int64_t lane = lanes - 1; lane >= 0; --lane)
    order.push_back(lane);
  return vector::ShuffleOp::create(b, vector, vector, order);
}

Value KernelBuilder::existing(const Lanes &lanes, unsigned lane) {
  Value number = index(lane);
  if (lanes.active && lane > 0)
    number = min(number, sub(lanes.active, index(1)));
  return lanes.first ? max(number, lanes.first) : number;
}

Value KernelBuilder::slice(Value vector, unsigned first, unsigned count) {
  return vector::ExtractStridedSliceOp::create(b, vector, ArrayRef<int64_t>{first},
                                               ArrayRef<int64_t>{count}, ArrayRef<int64_t>{1});
}

Value KernelBuilder::repeat(Value vector, unsigned lanes) {
  unsigned period = Arithmetic::lanesOf(vector);
  return vector::ShuffleOp::create(
      b, vector, vector,
      llvm::map_to_vector(llvm::seq(lanes), [&](unsigned i) { return int64_t(i % period); }));
}

Value KernelBuilder::splatOfRepeated(Value vector, unsigned period, unsigned lane) {
  return vector::ShuffleOp::create(
      b, vector, vector,
      llvm::map_to_vector(llvm::seq(Arithmetic::lanesOf(vector)),
                          [&](unsigned i) { return int64_t(i / period * period + lane); }));
}

void KernelBuilder::transpose(MutableArrayRef<Value> vectors) {
  // Halves of squares change places, then halves of the halves.
  int64_t lanes = vectors.size();
  for (int64_t distance = lanes / 2; distance > 0; distance /= 2) {
    SmallVector<int64_t> lower, upper;
    for (int64_t lane = 0; lane < lanes; ++lane) {
      bool isFirstHalf = (lane & distance) == 0;
      lower.push_back(isFirstHalf ? lane : lanes + lane - distance);
      upper.push_back(isFirstHalf ? lane + distance : lanes + lane);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & distance)
        continue;
      Value x = vectors[i], y = vectors[i + distance];
      vectors[i] = vector::ShuffleOp::create(b, x, y, lower);
      vectors[i + distance] = vector::ShuffleOp::create(b, x, y, upper);
    }
  }
}

} // namespace tenon::emit
