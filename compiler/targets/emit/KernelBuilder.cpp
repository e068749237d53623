//===- KernelBuilder.cpp - Sizes, indices and control flow of kernels -----===//

#include "compiler/targets/emit/KernelBuilder.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "runtime/schema/KernelAbi.h"
#include <cstddef>
#include <numeric>

using namespace mlir;
using tenon::graph::SizeAttr;
using tenon::graph::SizedTensorType;

namespace tenon::emit {

/// The fields of tenon_kernel_args, each of 8 bytes up to the padding after `site`.
enum ArgumentField { kBuffers, kSizes, kStep, kSite, kScratch, kFault, kFieldCount };

//===----------------------------------------------------------------------===//
// The function and its arguments
//===----------------------------------------------------------------------===//

KernelBuilder::KernelBuilder(OpBuilder &builder, Location loc, StringRef name,
                             ArrayRef<StringAttr> sizeNames, TypeRange bufferTypes,
                             ArrayRef<Layout> layouts)
    : b(loc, builder), sizeNames(sizeNames) {
  Type pointer = LLVM::LLVMPointerType::get(b.getContext()), i64 = b.getI64Type();
  function = func::FuncOp::create(b, name, b.getFunctionType({pointer, i64, i64}, {}));
  Block *entry = function.addEntryBlock();
  b.setInsertionPointToStart(entry);
  arguments = entry->getArgument(0);
  begin = arith::IndexCastOp::create(b, b.getIndexType(), entry->getArgument(1));
  end = arith::IndexCastOp::create(b, b.getIndexType(), entry->getArgument(2));
  if (!sizeNames.empty())
    sizeTable = field(arguments, kSizes, pointer);
  bufferTable = field(arguments, kBuffers, pointer);
  lastAtEntry = bufferTable.getDefiningOp();
  for (auto [i, type, layout] : llvm::enumerate(bufferTypes, layouts)) {
    auto tensor = cast<SizedTensorType>(type);
    Value count = size(layout.storageElements(tensor.getSizes(), getContext()));
    b.setInsertionPointAfter(lastAtEntry);
    buffers.push_back(rowAt(field(bufferTable, i, pointer), tensor.getElementType(), count));
    buffers.back().layout = layout;
    lastAtEntry = buffers.back().row.getDefiningOp();
  }
  b.setInsertionPointToEnd(entry);
}

FailureOr<func::FuncOp> KernelBuilder::finish() {
  b.setInsertionPointToEnd(&function.getBody().front());
  func::ReturnOp::create(b);
  if (!hasFailed)
    return function;
  function.erase();
  return failure();
}

void KernelBuilder::fail(Operation *op, const Twine &reason) {
  if (!hasFailed)
    op->emitError(reason);
  hasFailed = true;
}

Value KernelBuilder::wordAddress(Value base, int64_t word) {
  return LLVM::GEPOp::create(b, base.getType(), b.getI64Type(), base,
                             ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(int32_t(word))});
}

/// Word `word` of what `base` points to. Not marked as invariant: where one kernel calls another
/// the words were stored just before.
Value KernelBuilder::field(Value base, int64_t word, Type type) {
  return LLVM::LoadOp::create(b, type, wordAddress(base, word), /*alignment=*/8);
}

/// A memref is the struct {allocated, aligned, offset, [sizes], [strides]} of the LLVM dialect.
Memory KernelBuilder::rowAt(Value pointer, Type elementType, Value count) {
  Type stored = elementType.isInteger(1) ? b.getI8Type() : elementType;
  Type i64 = b.getI64Type(), array = LLVM::LLVMArrayType::get(i64, 1);
  Type type = LLVM::LLVMStructType::getLiteral(
      b.getContext(), {pointer.getType(), pointer.getType(), i64, array, array});
  auto put = [&](Value descriptor, Value x, ArrayRef<int64_t> position) -> Value {
    return LLVM::InsertValueOp::create(b, descriptor, x, position);
  };
  Value zero = LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(0));
  Value one = LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(1));
  Value length = arith::IndexCastOp::create(b, i64, count);
  Value descriptor = LLVM::PoisonOp::create(b, type);
  descriptor = put(put(descriptor, pointer, {0}), pointer, {1});
  descriptor = put(put(put(descriptor, zero, {2}), length, {3, 0}), one, {4, 0});
  auto row = MemRefType::get({ShapedType::kDynamic}, stored);
  return {UnrealizedConversionCastOp::create(b, row, descriptor).getResult(0), elementType, {}};
}

Memory KernelBuilder::scratch(Value offset, Type elementType, Value count) {
  Value base = atEntry([&] { return field(arguments, kScratch, arguments.getType()); });
  Value bytes = arith::IndexCastOp::create(b, b.getI64Type(), offset);
  Value pointer = LLVM::GEPOp::create(b, base.getType(), b.getI8Type(), base,
                                      ArrayRef<LLVM::GEPArg>{LLVM::GEPArg(bytes)});
  return rowAt(pointer, elementType, count);
}

/// Words on the stack, stored here.
Value KernelBuilder::tableOf(ValueRange words) {
  Value table = atEntry([&]() -> Value {
    Value count = LLVM::ConstantOp::create(b, b.getI64Type(), b.getI64IntegerAttr(words.size()));
    return LLVM::AllocaOp::create(b, LLVM::LLVMPointerType::get(b.getContext()), b.getI64Type(),
                                  count, /*alignment=*/8);
  });
  for (auto [i, word] : llvm::enumerate(words))
    LLVM::StoreOp::create(b, word, wordAddress(table, i), /*alignment=*/8);
  return table;
}

void KernelBuilder::call(StringRef kernel, ArrayRef<unsigned> bufferNumbers, Sizes sizes,
                         uint32_t site, Value from, Value to) {
  Type pointer = arguments.getType(), i64 = b.getI64Type();
  Values pointers, numbers;
  for (unsigned number : bufferNumbers)
    pointers.push_back(field(bufferTable, number, pointer));
  for (SizeAttr size : sizes)
    numbers.push_back(arith::IndexCastOp::create(b, i64, this->size(size)));
  Values words{tableOf(pointers), tableOf(numbers)};
  for (int64_t word = kStep; word < kFieldCount; ++word)
    words.push_back(field(arguments, word, i64));
  if (site != 0) { // the low half of its word
    Value offset = LLVM::ConstantOp::create(b, i64, b.getI64IntegerAttr(site));
    words[kSite] = arith::AddIOp::create(b, words[kSite], offset);
  }
  func::CallOp::create(b, kernel, TypeRange(),
                       ValueRange{tableOf(words), arith::IndexCastOp::create(b, i64, from),
                                  arith::IndexCastOp::create(b, i64, to)});
}

Value KernelBuilder::atEntry(function_ref<Value()> body) {
  OpBuilder::InsertionGuard restore(b);
  b.setInsertionPointAfter(lastAtEntry);
  Value value = body();
  if (Operation *op = value.getDefiningOp(); op && lastAtEntry->isBeforeInBlock(op))
    lastAtEntry = op;
  return value;
}

//===----------------------------------------------------------------------===//
// Sizes and indices
//===----------------------------------------------------------------------===//

Value KernelBuilder::index(int64_t value) {
  Value &known = indexConstants[value];
  if (!known) {
    OpBuilder::InsertionGuard restore(b);
    b.setInsertionPointToStart(&function.getBody().front());
    known = arith::ConstantIndexOp::create(b, value);
  }
  return known;
}

Value KernelBuilder::size(SizeAttr size) {
  if (auto value = size.getConstant())
    return index(*value);
  if (Value known = sizeValues.lookup(size))
    return known;
  Value value = emitSize(size);
  sizeValues[size] = value;
  return value;
}

Value KernelBuilder::emitSize(SizeAttr size) {
  Value sum;
  for (graph::MonomialAttr term : size.getTerms()) {
    Value product;
    if (term.getCoefficient() != 1 || term.getAtoms().empty())
      product = index(term.getCoefficient());
    for (Attribute atom : term.getAtoms()) {
      Value factor = emitAtom(atom);
      product = product ? atEntry([&] { return mul(product, factor); }) : factor;
    }
    sum = sum ? atEntry([&] { return add(sum, product); }) : product;
  }
  return sum ? sum : index(0);
}

Value KernelBuilder::emitAtom(Attribute atom) {
  if (Value known = sizeValues.lookup(atom))
    return known;
  Value value;
  if (auto division = dyn_cast<graph::FloorDivAttr>(atom)) {
    Value numerator = size(division.getNum()), denominator = size(division.getDen());
    // Numerators may be negative: round down, not toward zero.
    value = atEntry([&]() -> Value {
      Value quotient = arith::DivSIOp::create(b, numerator, denominator);
      Value isAbove = arith::CmpIOp::create(b, arith::CmpIPredicate::sgt,
                                            mul(quotient, denominator), numerator);
      return arith::SelectOp::create(b, isAbove, sub(quotient, index(1)), quotient);
    });
  } else {
    auto *name = llvm::find(sizeNames, atom);
    assert(name != sizeNames.end() && "a size name that the kernel does not list");
    value = atEntry([&]() -> Value {
      Value loaded = field(sizeTable, name - sizeNames.begin(), b.getI64Type());
      return arith::IndexCastOp::create(b, b.getIndexType(), loaded);
    });
  }
  sizeValues[atom] = value;
  return value;
}

Value KernelBuilder::stepField(graph::StepField which) {
  return atEntry([&] {
    Value step = field(arguments, kStep, arguments.getType());
    return field(step, int64_t(which), b.getI64Type());
  });
}

Value KernelBuilder::site() {
  return atEntry([&] { return field(arguments, kSite, b.getI32Type()); });
}

KernelBuilder::Place KernelBuilder::placeAt(Value first, Sizes sizes) {
  StringRef name = sizes.empty() ? StringRef() : sizes.front().getName();
  auto *known = llvm::find_if(sizeNames, [&](StringAttr size) { return size == name; });
  if (name.empty() || known == sizeNames.end())
    return {};
  return {first, known - sizeNames.begin()};
}

void KernelBuilder::reportIndex(Value index, Value extent, const Place &place) {
  report(TENON_FAULT_INDEX, index, toInteger(extent, b.getI64Type()), place);
}

void KernelBuilder::reportNumber(Value number, int64_t field, const Place &place) {
  Type i64 = b.getI64Type();
  report(TENON_FAULT_FIELD, arithmetic().bitcast(number, i64),
         arith::ConstantIntOp::create(b, i64, field), place);
}

/// Unless there is one already.
void KernelBuilder::report(int64_t found, Value value, Value bound, const Place &place) {
  Type i64 = b.getI64Type(), pointer = arguments.getType();
  Value fault = atEntry([&] { return field(arguments, kFault, pointer); });
  auto number = [&](int64_t of) -> Value { return arith::ConstantIntOp::create(b, i64, of); };
  auto word = [&](size_t offset) -> Value {
    return LLVM::GEPOp::create(b, pointer, i64, fault,
                               ArrayRef<LLVM::GEPArg>{int32_t(offset / sizeof(int64_t))});
  };
  auto store = [&](Value stored, size_t offset) {
    LLVM::StoreOp::create(b, stored, word(offset), /*alignment=*/8);
  };
  Value known =
      LLVM::LoadOp::create(b, i64, word(offsetof(tenon_fault, found)), /*alignment=*/8);
  Value isFirst = arith::CmpIOp::create(b, arith::CmpIPredicate::eq, known,
                                        number(TENON_FAULT_NONE));
  ifThen(isFirst, [&] {
    store(number(found), offsetof(tenon_fault, found));
    store(value, offsetof(tenon_fault, value));
    store(bound, offsetof(tenon_fault, bound));
    store(place.index ? toInteger(place.index, i64) : number(0), offsetof(tenon_fault, place));
    store(number(place.size), offsetof(tenon_fault, size));
  });
}

static bool isIndex(Value x, int64_t value) { return getConstantIntValue(x) == value; }

Value KernelBuilder::add(Value x, Value y) {
  if (isIndex(x, 0))
    return y;
  if (isIndex(y, 0))
    return x;
  return arith::AddIOp::create(b, x, y, arith::IntegerOverflowFlags::nsw);
}
Value KernelBuilder::sub(Value x, Value y) {
  if (isIndex(y, 0))
    return x;
  return arith::SubIOp::create(b, x, y, arith::IntegerOverflowFlags::nsw);
}
Value KernelBuilder::mul(Value x, Value y) {
  if (isIndex(x, 1) || isIndex(y, 0))
    return y;
  if (isIndex(y, 1) || isIndex(x, 0))
    return x;
  return arith::MulIOp::create(b, x, y, arith::IntegerOverflowFlags::nsw);
}
Value KernelBuilder::min(Value x, Value y) { return arith::MinSIOp::create(b, x, y); }
Value KernelBuilder::max(Value x, Value y) { return arith::MaxSIOp::create(b, x, y); }
Value KernelBuilder::div(Value x, Value y) {
  return isIndex(y, 1) ? x : arith::DivUIOp::create(b, x, y).getResult();
}
Value KernelBuilder::rem(Value x, Value y) {
  return isIndex(y, 1) ? index(0) : arith::RemUIOp::create(b, x, y).getResult();
}
Value KernelBuilder::lessThan(Value x, Value y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::slt, x, y);
}
Value KernelBuilder::equal(Value x, Value y) {
  return arith::CmpIOp::create(b, arith::CmpIPredicate::eq, x, y);
}
Value KernelBuilder::logicalAnd(Value x, Value y) { return arith::AndIOp::create(b, x, y); }
Value KernelBuilder::toInteger(Value index, Type type) {
  return arith::IndexCastOp::create(b, type, index);
}

bool KernelBuilder::isMultiple(Value index, int64_t divisor) const {
  return factorOf(index) % divisor == 0;
}

/// A number that divides the index: 0 for 0, else at least 1.
int64_t KernelBuilder::factorOf(Value index) const {
  if (std::optional<int64_t> value = getConstantIntValue(index))
    return *value;
  if (int64_t factor = loopFactors.lookup(index))
    return factor;
  Operation *op = index.getDefiningOp();
  if (isa_and_nonnull<arith::AddIOp>(op))
    return std::gcd(factorOf(op->getOperand(0)), factorOf(op->getOperand(1)));
  if (isa_and_nonnull<arith::MulIOp>(op)) {
    int64_t x = factorOf(op->getOperand(0)), y = factorOf(op->getOperand(1));
    constexpr int64_t enough = 1 << 20; // keeps products small
    return x > enough ? x : y > enough ? y : x * y;
  }
  return 1;
}

Value KernelBuilder::position(const Layout &layout, ValueRange indices, Sizes sizes) {
  if (!layout.isPacked())
    return linearize(indices, sizes);
  Value lanes = index(layout.lanes), cut = indices[layout.cutAxis];
  Value inPanel = mul(indices[1 - layout.cutAxis], lanes);
  Value panel = mul(div(cut, lanes), size(layout.panelStride(sizes)));
  return add(add(panel, inPanel), rem(cut, lanes));
}

Value KernelBuilder::linearize(ValueRange indices, Sizes sizes) {
  Value position = index(0);
  SizeAttr stride = SizeAttr::constant(getContext(), 1);
  for (int64_t axis = int64_t(sizes.size()) - 1; axis >= 0; --axis) {
    position = add(mul(indices[axis], size(stride)), position);
    stride = stride.mul(sizes[axis]);
  }
  return position;
}

KernelBuilder::Values KernelBuilder::delinearize(Value position, Sizes sizes) {
  Values indices(sizes.size(), index(0));
  int64_t outermost = 0; // its index needs no remainder
  while (outermost < int64_t(sizes.size()) && sizes[outermost].isConstant(1))
    ++outermost;
  for (int64_t axis = int64_t(sizes.size()) - 1; axis >= outermost; --axis) {
    indices[axis] = axis == outermost ? position : rem(position, size(sizes[axis]));
    if (axis != outermost)
      position = div(position, size(sizes[axis]));
  }
  return indices;
}

//===----------------------------------------------------------------------===//
// Control flow
//===----------------------------------------------------------------------===//

KernelBuilder::Values KernelBuilder::forRange(Value from, Value to, int64_t step,
                                              ValueRange initial, LoopBody body) {
  auto loop = scf::ForOp::create(b, from, to, index(step), initial,
                                 [&](OpBuilder &inner, Location loc, Value i, ValueRange carried) {
                                   OpBuilder::InsertionGuard restore(b);
                                   b.setInsertionPoint(inner.getInsertionBlock(),
                                                       inner.getInsertionPoint());
                                   loopFactors[i] = std::gcd(factorOf(from), step);
                                   scf::YieldOp::create(b, body(i, carried));
                                 });
  return Values(loop.getResults());
}

void KernelBuilder::forRange(Value from, Value to, int64_t step, function_ref<void(Value)> body) {
  forRange(from, to, step, ValueRange(), [&](Value i, ValueRange) {
    body(i);
    return Values();
  });
}

KernelBuilder::Values KernelBuilder::forEach(Sizes sizes, ValueRange initial,
                                             function_ref<Values(ValueRange, ValueRange)> body) {
  Values indices;
  std::function<Values(ValueRange)> nest = [&](ValueRange carried) -> Values {
    if (indices.size() == sizes.size())
      return body(indices, carried);
    SizeAttr extent = sizes[indices.size()];
    if (extent.isConstant(1)) {
      indices.push_back(index(0));
      Values results = nest(carried);
      indices.pop_back();
      return results;
    }
    return forRange(index(0), size(extent), 1, carried, [&](Value i, ValueRange inner) {
      indices.push_back(i);
      Values results = nest(inner);
      indices.pop_back();
      return results;
    });
  };
  return nest(initial);
}

KernelBuilder::Values KernelBuilder::forLanes(Value from, Value to, std::optional<int64_t> extent,
                                              unsigned lanes, ValueRange initial, LaneBody body) {
  if (lanes == 0)
    return forRange(from, to, 1, initial,
                    [&](Value i, ValueRange carried) { return body(i, Lanes(), carried); });
  Values carried(initial);
  Value rest = from;
  if (!extent || *extent >= lanes) {
    Value count = index(lanes);
    Value whole = extent ? index(*extent / lanes * lanes) : mul(div(sub(to, from), count), count);
    rest = add(from, whole);
    carried = forRange(from, rest, lanes, carried, [&](Value i, ValueRange inner) {
      return body(i, Lanes::all(lanes), inner);
    });
  }
  if (extent && *extent % lanes == 0)
    return carried;
  Value remaining = extent ? index(*extent % lanes) : sub(to, rest);
  auto tail = [&] { return body(rest, partial(lanes, remaining), carried); };
  if (extent)
    return tail();
  return ifThen(lessThan(rest, to), ValueRange(carried).getTypes(), tail, [&] { return carried; });
}

void KernelBuilder::ifThen(Value condition, function_ref<void()> then,
                           function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(b, TypeRange(), condition, /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard restore(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
  if (otherwise) {
    b.setInsertionPointToStart(branch.elseBlock());
    otherwise();
  }
}

KernelBuilder::Values KernelBuilder::ifThen(Value condition, TypeRange types,
                                            function_ref<Values()> then,
                                            function_ref<Values()> otherwise) {
  if (types.empty()) {
    ifThen(condition, [&] { then(); });
    return {};
  }
  auto branch = scf::IfOp::create(b, types, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard restore(b);
  b.setInsertionPointToStart(branch.thenBlock());
  scf::YieldOp::create(b, then());
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, otherwise());
  return Values(branch.getResults());
}

Lanes KernelBuilder::partial(unsigned count, Value active) {
  Lanes lanes = Lanes::all(count);
  lanes.active = active;
  lanes.mask = vector::CreateMaskOp::create(b, VectorType::get({count}, b.getI1Type()), active);
  return lanes;
}

Lanes KernelBuilder::between(unsigned count, Value first, Value end) {
  Lanes lanes = partial(count, end);
  lanes.first = first;
  Value before = vector::CreateMaskOp::create(b, lanes.mask.getType(), first);
  Arithmetic a = arithmetic();
  lanes.mask = a.bitAnd(lanes.mask, a.bitXor(before, a.broadcast(a.intLike(1, before), count)));
  return lanes;
}

} // namespace tenon::emit
