//===- Reduction.cpp - Kernels with reductions ----------------------------===//

#include "compiler/targets/cpu/Reduction.h"
#include "compiler/targets/emit/VectorScalarBuilder.h"

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
  if (keptAxes.empty() && llvm::all_of(full, isLinearizable)) {
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
// Passes
//===----------------------------------------------------------------------===//

Reduction::Values Reduction::forElements(ArrayRef<Value> index, const Lanes &keptLanes,
                                         ValueRange initial, ElementBody body) {
  Point point;
  point.index.assign(index.begin(), index.end());
  point.laneAxis = laneCount > 0 ? laneAxis : -1;
  point.isLinear = isLinear;
  auto isOuter = [&](int64_t axis) {
    return isReduced(axis) && !(lanesAreReduced() && axis == laneAxis);
  };
  SmallVector<SizeAttr> loops = sizesWithout([&](int64_t axis) { return !isOuter(axis); });
  return kernel.forEach(loops, initial, [&](ValueRange i, ValueRange carried) {
    for (int64_t axis : reducedAxes)
      point.index[axis] = i[axis];
    if (!lanesAreReduced())
      return body(point, keptLanes, carried);
    SizeAttr extent = sizes[laneAxis];
    return kernel.forLanes(kernel.index(0), kernel.size(extent), extent.getConstant(), laneCount,
                           carried, [&](Value first, const Lanes &lanes, ValueRange inner) {
                             point.index[laneAxis] = first;
                             return body(point, lanes, inner);
                           });
  });
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

Value Reduction::reducedPosition(const Point &point, const Lanes &lanes) {
  Values index;
  SmallVector<SizeAttr> extents;
  for (int64_t axis : reducedAxes) {
    index.push_back(point.index[axis]);
    extents.push_back(sizes[axis]);
  }
  Type i32 = kernel.getBuilder().getI32Type();
  Value position = kernel.toInteger(kernel.linearize(index, extents), i32);
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

void Reduction::emitPass(Pass &pass, ArrayRef<Value> index, const Lanes &lanes,
                         ElementEmitter &tile) {
  Values initial;
  SmallVector<unsigned> counts; // of accumulators, per reduction
  for (ReductionInterface reduction : pass) {
    Values values = identity(reduction);
    counts.push_back(values.size());
    llvm::append_range(initial, values);
  }
  Values folded = forElements(
      index, lanes, initial, [&](const Point &point, const Lanes &active, ValueRange carried) {
        ElementEmitter elements(kernel, active, &tile);
        Values next;
        for (auto [reduction, count] : llvm::zip(pass, counts)) {
          Value element = elements.at(reduction->getOperand(0), point);
          llvm::append_range(next, accumulate(reduction, element, point, active,
                                              carried.slice(next.size(), count)));
        }
        return next;
      });
  unsigned position = 0;
  for (auto [reduction, count] : llvm::zip(pass, counts)) {
    Values accumulators(ValueRange(folded).slice(position, count));
    position += count;
    if (lanesAreReduced())
      accumulators = mergeLanes(reduction, accumulators);
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
  for (auto [number, pass] : llvm::enumerate(passes)) {
    emitBroadcastValues(number, index, tile);
    emitPass(pass, index, lanes, tile);
  }
  emitBroadcastValues(passes.size(), index, tile);
  emitResults(index, lanes, tile);
}

} // namespace tenon::cpu
