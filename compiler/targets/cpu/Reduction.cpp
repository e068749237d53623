//===- Reduction.cpp - Kernels with reductions ----------------------------===//

#include "compiler/targets/cpu/Reduction.h"
#include "compiler/targets/emit/VectorScalarBuilder.h"
#include "dialects/graph/Work.h"

using namespace mlir;
using namespace tenon::emit;
using tenon::graph::ReductionInterface;
using tenon::graph::Scalar;
using tenon::graph::SizeAttr;

namespace tenon::cpu {

//===----------------------------------------------------------------------===//
// The iteration space
//===----------------------------------------------------------------------===//

Reduction::Reduction(Schedule &schedule) : schedule(schedule), kernel(schedule.kernel) {
  findPasses();
  for (auto [axis, size] : llvm::enumerate(sizes))
    if (!isReduced(axis))
      keptAxes.push_back(axis);
  SmallVector<SizeAttr> keptSizes =
      llvm::map_to_vector(keptAxes, [&](int64_t axis) { return sizes[axis]; });
  for (Value result : schedule.results)
    if (!isFullShape(result) && graph::tensorType(result).getSizes() != ArrayRef(keptSizes))
      kernel.fail(schedule.source, "a result has neither the full nor the reduced shape");

  // With everything reduced, the position may be all that matters.
  SmallVector<Value> full;
  for (const Pass &pass : passes)
    for (ReductionInterface reduction : pass)
      full.push_back(reduction->getOperand(0));
  for (Value result : schedule.results)
    if (isFullShape(result))
      full.push_back(result);
  bool hasNoPadding = schedule.isRowMajor();
  if (keptAxes.empty() && hasNoPadding &&
      llvm::all_of(full, [](Value x) { return isLinearizable(x); })) {
    isLinear = true;
    sizes = {SizeAttr::product(schedule.getContext(), sizes)};
    reducedAxes = {0};
  }
}

void Reduction::findPasses() {
  for (Operation &op : schedule.source.getBody().front()) {
    auto reduction = dyn_cast<ReductionInterface>(op);
    if (!reduction)
      continue;
    ArrayRef<SizeAttr> shape = graph::tensorType(op.getOperand(0)).getSizes();
    if (passes.empty()) {
      sizes.assign(shape.begin(), shape.end());
      reducedAxes = llvm::to_vector(reduction.getReducedAxes());
    } else if (shape != ArrayRef(sizes) || reduction.getReducedAxes() != ArrayRef(reducedAxes)) {
      kernel.fail(&op, "the reductions of a kernel must fold the same axes of one shape");
    }
    unsigned pass = passOf(op.getResult(0)) - 1;
    if (pass >= passes.size())
      passes.resize(pass + 1);
    passes[pass].push_back(reduction);
  }
  if (passes.empty())
    kernel.fail(schedule.source, "there is no reduction for the kernel's anchor");
}

/// How many reductions follow on one another up to `value`.
unsigned Reduction::passOf(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return 0;
  auto [it, isNew] = passNumbers.try_emplace(value, 0);
  if (!isNew)
    return it->second;
  unsigned pass = 0;
  for (Value operand : op->getOperands())
    pass = std::max(pass, passOf(operand));
  pass += isa<ReductionInterface>(op);
  passNumbers[value] = pass;
  return pass;
}

bool Reduction::isFullShape(Value tensor) const {
  // The reduced shape has fewer axes, so the two are never mixed up.
  graph::SizedTensorType type = graph::tensorType(tensor);
  return isLinear ? type.rank() > 0 : type.getSizes() == ArrayRef(sizes);
}

SmallVector<SizeAttr> Reduction::sizesWithout(function_ref<bool(int64_t)> drop) const {
  SmallVector<SizeAttr> rest(sizes);
  for (auto [axis, size] : llvm::enumerate(rest))
    if (drop(axis))
      size = schedule.constant(1);
  return rest;
}

SizeAttr Reduction::elementsPerResult() const {
  return SizeAttr::product(schedule.getContext(),
                           sizesWithout([&](int64_t axis) { return !isReduced(axis); }));
}

Point Reduction::keptPoint(ArrayRef<Value> index) const {
  Point point;
  for (auto [position, axis] : llvm::enumerate(keptAxes)) {
    point.index.push_back(index[axis]);
    if (laneCount > 0 && axis == laneAxis)
      point.laneAxis = position;
  }
  return point;
}

//===----------------------------------------------------------------------===//
// What is kept between passes
//===----------------------------------------------------------------------===//

/// Computing this much a second time takes longer than a load from the first cache.
static constexpr int64_t kWorthKeeping = 10;
/// The longest row to keep. One of unknown length is taken to be shorter.
static constexpr int64_t kMostKeptElements = 1 << 16;
/// Bytes of the widest element.
static constexpr int64_t kElementBytes = 8;

void Reduction::setLanes(int64_t axis, unsigned count) {
  laneAxis = axis;
  laneCount = count;
  findKept();
}

llvm::SetVector<Operation *> Reduction::computedIn(unsigned number) const {
  llvm::SetVector<Operation *> ops;
  SmallVector<Value> pending;
  if (number < passes.size()) {
    for (ReductionInterface reduction : passes[number])
      pending.push_back(reduction->getOperand(0));
  } else {
    pending.assign(schedule.results.begin(), schedule.results.end());
  }
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    Operation *op = value.getDefiningOp();
    if (op && isFullShape(value) && isa<graph::ScalarBodyInterface>(op) && ops.insert(op))
      llvm::append_range(pending, op->getOperands());
  }
  return ops;
}

void Reduction::findKept() {
  std::optional<int64_t> length = elementsPerResult().getConstant();
  if (!lanesAreReduced() || keptAxes.empty() || (length && *length > kMostKeptElements))
    return;
  SmallVector<llvm::SetVector<Operation *>> computed;
  for (unsigned number = 0; number <= passes.size(); ++number)
    computed.push_back(computedIn(number));
  for (unsigned number = 0; number < passes.size(); ++number)
    for (Operation *op : computed[number]) {
      auto isIn = [&](const llvm::SetVector<Operation *> &ops) { return ops.contains(op); };
      bool isFirst = llvm::find_if(computed, isIn) == computed.begin() + number;
      if (!isFirst || llvm::count_if(computed, isIn) < 2 ||
          graph::workPerElement(op).vectorOperations < kWorthKeeping)
        continue;
      SizeAttr offset = elementsPerResult().mul(schedule.constant(kElementBytes * kept.size()));
      Type type = graph::tensorType(op->getResult(0)).getElementType();
      kept.push_back({op->getResult(0), number,
                      kernel.scratch(kernel.size(offset), type, kernel.size(elementsPerResult()))});
    }
}

SizeAttr Reduction::scratchBytes() const {
  return elementsPerResult().mul(schedule.constant(kElementBytes * kept.size()));
}

void Reduction::loadKept(unsigned pass, ElementEmitter &elements, const Point &point,
                         const Lanes &lanes) {
  for (const Kept &value : kept)
    if (value.pass < pass)
      elements.provide(value.tensor, point,
                       kernel.loadLanes(value.row, positionInRow(point), lanes));
}

void Reduction::storeKept(unsigned pass, ElementEmitter &elements, const Point &point,
                          const Lanes &lanes) {
  for (const Kept &value : kept)
    if (value.pass == pass)
      kernel.storeLanes(value.row, positionInRow(point), elements.at(value.tensor, point), lanes);
}

//===----------------------------------------------------------------------===//
// Passes
//===----------------------------------------------------------------------===//

/// Sets of accumulators of a pass that computes little: as many merges are under way at a time.
static constexpr unsigned kSets = 4;
/// An element that takes more than this keeps the processor busy while a merge is waited for.
static constexpr int64_t kCheapElement = 12;

int64_t Reduction::innermostReduced() const {
  if (lanesAreReduced())
    return laneAxis;
  auto proper = llvm::find_if(llvm::reverse(reducedAxes),
                              [&](int64_t axis) { return !sizes[axis].isConstant(1); });
  return proper == reducedAxes.rend() ? reducedAxes.back() : *proper;
}

unsigned Reduction::setsOf(unsigned pass) const {
  if (laneCount > schedule.vectorLanes()) // registers of a long vector are sets enough
    return 1;
  std::optional<int64_t> count = sizes[innermostReduced()].getConstant();
  if (count && *count < int64_t(kSets) * (lanesAreReduced() ? laneCount : 1))
    return 1;
  int64_t operations = 0;
  for (Operation *op : computedIn(pass))
    operations += graph::workPerElement(op).vectorOperations;
  return operations <= kCheapElement ? kSets : 1;
}

Reduction::Values Reduction::forElements(ArrayRef<Value> index, const Lanes &keptLanes,
                                         ValueRange initial, ElementBody body, unsigned sets) {
  Point point;
  point.index.assign(index.begin(), index.end());
  point.laneAxis = laneCount > 0 ? laneAxis : -1;
  point.isLinear = isLinear;
  int64_t innermost = innermostReduced();
  SmallVector<SizeAttr> loops =
      sizesWithout([&](int64_t axis) { return !isReduced(axis) || axis == innermost; });
  return kernel.forEach(loops, initial, [&](ValueRange i, ValueRange carried) {
    for (int64_t axis : reducedAxes)
      point.index[axis] = i[axis];
    return forInnermost(point, keptLanes, innermost, carried, body, sets);
  });
}

Reduction::Values Reduction::forInnermost(Point &point, const Lanes &keptLanes, int64_t axis,
                                          ValueRange initial, ElementBody body, unsigned sets) {
  SizeAttr extent = sizes[axis];
  std::optional<int64_t> count = extent.getConstant();
  unsigned step = lanesAreReduced() ? laneCount : 1, perSet = initial.size() / sets;
  Lanes lanes = keptLanes;
  if (lanesAreReduced())
    lanes.count = laneCount;
  Values carried(initial);
  Value from = kernel.index(0), to = kernel.size(extent);
  if (sets > 1) {
    int64_t stride = int64_t(step) * sets;
    Value whole = count ? kernel.index(*count / stride * stride)
                        : kernel.mul(kernel.div(to, kernel.index(stride)), kernel.index(stride));
    carried = kernel.forRange(from, whole, stride, carried, [&](Value first, ValueRange inner) {
      Values next;
      for (unsigned set = 0; set < sets; ++set) {
        point.index[axis] = kernel.add(first, kernel.index(set * step));
        llvm::append_range(next, body(point, lanes, inner.slice(set * perSet, perSet)));
      }
      return next;
    });
    from = whole;
    if (count)
      count = *count % stride;
  }
  auto restBody = [&](Value first, const Lanes &active, ValueRange inner) {
    point.index[axis] = first;
    return body(point, lanesAreReduced() ? active : keptLanes, inner);
  };
  Values rest = kernel.forLanes(from, to, count, lanesAreReduced() ? laneCount : 0,
                                ValueRange(carried).take_front(perSet), restBody);
  llvm::append_range(rest, ArrayRef(carried).drop_front(perSet));
  return rest;
}

static SmallVector<Scalar> wrap(ValueRange values) {
  return llvm::map_to_vector(values, VectorScalarBuilder::wrap);
}
static SmallVector<Value> unwrap(ArrayRef<Scalar> scalars) {
  return llvm::map_to_vector(scalars, VectorScalarBuilder::unwrap);
}

Reduction::Values Reduction::identity(ReductionInterface reduction) {
  VectorScalarBuilder scalars(kernel.getBuilder(), kernel.getLoc());
  Values values = unwrap(reduction.buildIdentity(scalars));
  for (Value &value : values)
    value = kernel.arithmetic().broadcast(value, laneCount);
  return values;
}

Reduction::Values Reduction::merge(ReductionInterface reduction, ValueRange left,
                                   ValueRange right) {
  VectorScalarBuilder scalars(kernel.getBuilder(), kernel.getLoc());
  return unwrap(reduction.buildMerge(scalars, wrap(left), wrap(right)));
}

Value Reduction::positionInRow(const Point &point) {
  Values index;
  SmallVector<SizeAttr> extents;
  for (int64_t axis : reducedAxes) {
    index.push_back(point.index[axis]);
    extents.push_back(sizes[axis]);
  }
  return kernel.linearize(index, extents);
}

Value Reduction::reducedPosition(const Point &point, const Lanes &lanes) {
  Type i32 = kernel.getBuilder().getI32Type();
  Value position = kernel.toInteger(positionInRow(point), i32);
  // The lane axis is the innermost one, so lanes count on by one.
  return lanesAreReduced() ? kernel.arithmetic().add(position, kernel.laneNumbers(lanes.count, i32))
                           : position;
}

Reduction::Values Reduction::accumulate(ReductionInterface reduction, Value element,
                                        const Point &point, const Lanes &lanes,
                                        ValueRange accumulators) {
  Arithmetic a = kernel.arithmetic();
  VectorScalarBuilder scalars(kernel.getBuilder(), kernel.getLoc());
  Scalar position = VectorScalarBuilder::wrap(reducedPosition(point, lanes));
  Values lifted =
      unwrap(reduction.buildLift(scalars, VectorScalarBuilder::wrap(element), position));
  Values merged = merge(reduction, accumulators, lifted);
  for (auto [value, old] : llvm::zip(merged, accumulators)) {
    value = a.broadcast(value, laneCount);
    // Lanes that stand for no element add nothing.
    if (lanes.mask && lanesAreReduced())
      value = a.select(lanes.mask, value, old);
  }
  return merged;
}

Reduction::Values Reduction::mergeLanes(ReductionInterface reduction, Values accumulators) {
  for (unsigned width = laneCount / 2; width >= 1; width /= 2) {
    Values left, right;
    for (Value value : accumulators) {
      left.push_back(width > 1 ? kernel.slice(value, 0, width) : kernel.extract(value, 0));
      right.push_back(width > 1 ? kernel.slice(value, width, width) : kernel.extract(value, 1));
    }
    accumulators = merge(reduction, left, right);
  }
  return accumulators;
}

void Reduction::emitBroadcastValues(unsigned pass, ArrayRef<Value> index, ElementEmitter &tile) {
  for (Operation &op : schedule.source.getBody().front()) {
    auto map = dyn_cast<graph::IndexMapInterface>(op);
    if (map && isFullShape(op.getResult(0)) && map.getOperandAxes() == keptAxes &&
        passOf(op.getOperand(0)) <= pass)
      tile.at(op.getOperand(0), keptPoint(index));
  }
}

void Reduction::emitPass(unsigned number, ArrayRef<Value> index, const Lanes &lanes,
                         ElementEmitter &tile) {
  Pass &pass = passes[number];
  Values identities;
  SmallVector<unsigned> counts; // of accumulators, per reduction
  for (ReductionInterface reduction : pass) {
    Values values = identity(reduction);
    counts.push_back(values.size());
    llvm::append_range(identities, values);
  }
  unsigned sets = setsOf(number);
  Values initial;
  for (unsigned set = 0; set < sets; ++set)
    llvm::append_range(initial, identities);
  auto body = [&](const Point &point, const Lanes &active, ValueRange carried) {
    ElementEmitter elements(kernel, active, &tile);
    loadKept(number, elements, point, active);
    Values next;
    for (auto [reduction, count] : llvm::zip(pass, counts)) {
      Value element = elements.at(reduction->getOperand(0), point);
      llvm::append_range(next, accumulate(reduction, element, point, active,
                                          carried.slice(next.size(), count)));
    }
    storeKept(number, elements, point, active);
    return next;
  };
  Values folded = forElements(index, lanes, initial, body, sets);

  unsigned position = 0;
  for (auto [reduction, count] : llvm::zip(pass, counts)) {
    SmallVector<Values> parts;
    for (unsigned set = 0; set < sets; ++set)
      parts.emplace_back(ValueRange(folded).slice(set * identities.size() + position, count));
    for (; parts.size() > 1; parts.resize(parts.size() / 2))
      for (unsigned i = 0; i < parts.size() / 2; ++i)
        parts[i] = merge(reduction, parts[2 * i], parts[2 * i + 1]);
    position += count;
    Values accumulators = lanesAreReduced() ? mergeLanes(reduction, parts[0]) : parts[0];
    tile.provide(reduction->getResult(0), keptPoint(index),
                 accumulators[reduction.getResultAccumulator()]);
  }
}

void Reduction::emitResults(ArrayRef<Value> index, const Lanes &lanes, ElementEmitter &tile) {
  Point kept = keptPoint(index);
  Values keptValues;
  SmallVector<unsigned> full;
  for (auto [i, result] : llvm::enumerate(schedule.results)) {
    bool isFull = isFullShape(result);
    keptValues.push_back(isFull ? Value() : tile.at(result, kept));
    if (isFull)
      full.push_back(i);
  }
  if (!full.empty())
    forElements(index, lanes, {}, [&](const Point &point, const Lanes &active, ValueRange) {
      ElementEmitter elements(kernel, active, &tile);
      loadKept(passes.size(), elements, point, active);
      Values values;
      for (unsigned i : full)
        values.push_back(elements.at(schedule.results[i], point));
      for (auto [i, value] : llvm::zip(full, values))
        elements.store(schedule.bufferOfResult(i), graph::tensorType(schedule.results[i]), point,
                       value);
      return Values();
    });
  for (auto [i, value] : llvm::enumerate(keptValues))
    if (value)
      tile.store(schedule.bufferOfResult(i), graph::tensorType(schedule.results[i]), kept, value);
}

void Reduction::emitTile(ArrayRef<Value> index, const Lanes &lanes) {
  ElementEmitter tile(kernel, lanes);
  for (unsigned number = 0; number < passes.size(); ++number) {
    emitBroadcastValues(number, index, tile);
    emitPass(number, index, lanes, tile);
  }
  emitBroadcastValues(passes.size(), index, tile);
  emitResults(index, lanes, tile);
}

} // namespace tenon::cpu
