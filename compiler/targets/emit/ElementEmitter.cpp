//===- ElementEmitter.cpp - The value of any tensor at any index ----------===//

#include "compiler/targets/emit/ElementEmitter.h"
#include "compiler/targets/emit/Random.h"
#include "compiler/targets/emit/VectorScalarBuilder.h"

using namespace mlir;
using tenon::graph::FusionKind;
using tenon::graph::SizeAttr;
using tenon::graph::SizedTensorType;

namespace tenon::emit {

static bool isOneElement(SizedTensorType type) { return type.numElements().isConstant(1); }

/// The axes whose size is not 1.
static SmallVector<int64_t> properAxes(SizedTensorType type) {
  SmallVector<int64_t> axes;
  for (auto [axis, size] : llvm::enumerate(type.getSizes()))
    if (!size.isConstant(1))
      axes.push_back(axis);
  return axes;
}

static FusionKind kindOf(Operation *op) { return cast<graph::FusionInterface>(op).getFusionKind(); }

bool isLinearizable(Value value, Value provided) {
  Operation *op = value.getDefiningOp();
  if (!op || value == provided)
    return true;
  auto isLinear = [&](Value operand) { return isLinearizable(operand, provided); };
  switch (kindOf(op)) {
  case FusionKind::Source:
    return !isa<graph::IotaOp>(op);
  case FusionKind::Elementwise:
  case FusionKind::View:
    return llvm::all_of(op->getOperands(), isLinear);
  case FusionKind::IndexMap: {
    Value operand = op->getOperand(0);
    SizedTensorType type = graph::tensorType(operand);
    auto axes = cast<graph::IndexMapInterface>(op).getOperandAxes();
    SmallVector<int64_t> kept;
    for (int64_t axis : properAxes(type))
      kept.push_back(axes[axis]);
    bool isSame = kept == properAxes(graph::tensorType(op->getResult(0)));
    return (isOneElement(type) || isSame) && isLinear(operand);
  }
  default:
    return false;
  }
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

std::pair<Value, Value> ElementEmitter::addressOf(const Layout &layout, SizedTensorType type,
                                                  const Point &point) {
  if (point.isLinear)
    return {point.index[0], kernel.index(1)};
  Value offset = kernel.position(layout, point.index, type.getSizes());
  if (!point.hasLanes())
    return {offset, kernel.index(1)};
  return {offset, kernel.size(layout.strideOf(point.laneAxis, type.getSizes()))};
}

bool ElementEmitter::crossesPanels(const Layout &layout, const Point &point) const {
  if (point.isLinear || !point.hasLanes() || lanes.count == 0 || layout.hasStride(point.laneAxis))
    return false;
  return layout.lanes % lanes.count != 0 ||
         !kernel.isMultiple(point.index[point.laneAxis], lanes.count);
}

Point ElementEmitter::laneOf(const Point &point, Value lane) {
  Point single = point;
  single.index[point.laneAxis] = kernel.add(point.index[point.laneAxis], lane);
  single.laneAxis = -1;
  return single;
}

Value ElementEmitter::loadArgument(const Memory &memory, SizedTensorType type, const Point &point) {
  if (isOneElement(type))
    return kernel.load(memory, kernel.index(0));
  if (crossesPanels(memory.layout, point)) {
    // Lanes that do not exist repeat the last one that does.
    Value last = lanes.active ? kernel.sub(lanes.active, kernel.index(1)) : Value();
    SmallVector<Value> elements;
    for (unsigned lane = 0; lane < lanes.count; ++lane) {
      Value number = last ? kernel.min(kernel.index(lane), last) : kernel.index(lane);
      elements.push_back(loadArgument(memory, type, laneOf(point, number)));
    }
    return kernel.fromElements(elements);
  }
  auto [offset, stride] = addressOf(memory.layout, type, point);
  return kernel.gatherLanes(memory, offset, stride, point.hasLanes() ? lanes : Lanes());
}

void ElementEmitter::store(unsigned buffer, SizedTensorType type, const Point &point,
                           Value element) {
  Memory memory = kernel.buffer(buffer);
  if (crossesPanels(memory.layout, point)) {
    element = kernel.arithmetic().broadcast(element, lanes.count);
    for (unsigned lane = 0; lane < lanes.count; ++lane) {
      auto storeLane = [&] {
        store(buffer, type, laneOf(point, kernel.index(lane)), kernel.extract(element, lane));
      };
      if (lanes.active)
        kernel.ifThen(kernel.lessThan(kernel.index(lane), lanes.active), storeLane);
      else
        storeLane();
    }
    return;
  }
  auto [offset, stride] = addressOf(memory.layout, type, point);
  kernel.scatterLanes(memory, offset, stride, element,
                      point.hasLanes() ? lanes : Lanes());
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

Value ElementEmitter::lookup(Value tensor, const Point &point) const {
  auto it = known.find(tensor);
  if (it != known.end())
    for (const auto &[where, element] : it->second)
      if (where == point)
        return element;
  return outer ? outer->lookup(tensor, point) : Value();
}

Value ElementEmitter::at(Value tensor, const Point &point) {
  if (Value element = lookup(tensor, point))
    return element;
  Value element = compute(tensor, point);
  known[tensor].push_back({point, element});
  return element;
}

Value ElementEmitter::compute(Value tensor, const Point &point) {
  if (auto argument = dyn_cast<BlockArgument>(tensor))
    return loadArgument(kernel.buffer(argument.getArgNumber()), graph::tensorType(tensor), point);
  Operation *op = tensor.getDefiningOp();
  switch (kindOf(op)) {
  case FusionKind::Source:
    return source(op, point);
  case FusionKind::Elementwise:
    return elementwise(op, point);
  case FusionKind::IndexMap:
    return indexMap(op, point);
  case FusionKind::Move:
    return move(op, point);
  case FusionKind::View:
    return view(op, point);
  default:
    kernel.fail(op, "the kernel's anchor does not provide this value where it is used");
    return kernel.arithmetic().constant(0, graph::tensorType(tensor).getElementType());
  }
}

Value ElementEmitter::elementwise(Operation *op, const Point &point) {
  VectorScalarBuilder scalars(kernel.getBuilder(), kernel.getLoc());
  SmallVector<graph::Scalar> operands;
  for (Value operand : op->getOperands())
    operands.push_back(VectorScalarBuilder::wrap(at(operand, point)));
  Value result = VectorScalarBuilder::unwrap(
      cast<graph::ScalarBodyInterface>(op).buildScalarBody(scalars, operands));
  if (auto checked = dyn_cast<graph::CheckedConvertOp>(op))
    check(checked, VectorScalarBuilder::unwrap(operands[0]), result, point);
  return result;
}

//===----------------------------------------------------------------------===//
// Faults
//===----------------------------------------------------------------------===//

KernelBuilder::Place ElementEmitter::placeOf(SizedTensorType type, const Point &point, Value lane) {
  if (point.index.empty())
    return {};
  Value first = point.index[0];
  if (lane && (point.isLinear || point.laneAxis == 0))
    first = kernel.add(first, lane);
  if (point.isLinear && type.rank() > 0)
    first = kernel.div(first, kernel.size(type.getSizes().drop_front()));
  return kernel.placeAt(first, type.getSizes());
}

void ElementEmitter::forLanesIn(Value chosen, function_ref<void(Value)> body) {
  if (lanes.mask)
    chosen = kernel.arithmetic().bitAnd(chosen, lanes.mask);
  kernel.ifThen(kernel.anyOf(chosen), [&] {
    kernel.forRange(kernel.index(0), kernel.index(lanes.count), 1, [&](Value lane) {
      kernel.ifThen(kernel.extract(chosen, lane), [&] { body(lane); });
    });
  });
}

void ElementEmitter::check(graph::CheckedConvertOp op, Value x, Value y, const Point &point) {
  VectorScalarBuilder scalars(kernel.getBuilder(), kernel.getLoc());
  SizedTensorType type = graph::tensorType(op.getY());
  int64_t field = op.getField();
  Value isWrong = VectorScalarBuilder::unwrap(scalars.logicalNot(
      op.buildCheck(scalars, VectorScalarBuilder::wrap(x), VectorScalarBuilder::wrap(y))));
  if (!isa<VectorType>(isWrong.getType()))
    return kernel.ifThen(isWrong,
                         [&] { kernel.reportNumber(x, field, placeOf(type, point, Value())); });
  forLanesIn(isWrong, [&](Value lane) {
    kernel.reportNumber(kernel.extract(x, lane), field, placeOf(type, point, lane));
  });
}

Value ElementEmitter::source(Operation *op, const Point &point) {
  Arithmetic a = kernel.arithmetic();
  Type type = graph::tensorType(op->getResult(0)).getElementType();
  if (auto constant = dyn_cast<graph::ConstantOp>(op)) {
    if (auto number = dyn_cast<FloatAttr>(constant.getValue()))
      return a.constant(number.getValueAsDouble(), type);
    return a.constantInt(cast<IntegerAttr>(constant.getValue()).getValue().getSExtValue(), type);
  }
  if (auto size = dyn_cast<graph::SizeOp>(op)) {
    Value value = kernel.toInteger(kernel.size(size.getSize()), kernel.getBuilder().getI64Type());
    return a.convert(value, type);
  }
  if (auto step = dyn_cast<graph::StepOp>(op))
    return kernel.stepField(step.getField());
  if (auto random = dyn_cast<graph::RandomBitsOp>(op)) {
    auto [offset, stride] = addressOf(Layout(), graph::tensorType(random.getY()), point);
    return buildRandomBits(kernel, random, offset, stride, point.hasLanes() ? lanes : Lanes());
  }
  if (auto iota = dyn_cast<graph::IotaOp>(op)) {
    Value first = kernel.toInteger(point.index[iota.getAxis()], type);
    if (point.laneAxis != int64_t(iota.getAxis()) || lanes.count == 0)
      return first;
    return a.add(first, kernel.laneNumbers(lanes.count, type));
  }
  kernel.fail(op, "unknown source");
  return a.constant(0, type);
}

Value ElementEmitter::indexMap(Operation *op, const Point &point) {
  Value operand = op->getOperand(0);
  SizedTensorType type = graph::tensorType(operand);
  if (point.isLinear && !isOneElement(type))
    return at(operand, point);
  Point inner;
  for (auto [axis, from] : llvm::enumerate(cast<graph::IndexMapInterface>(op).getOperandAxes())) {
    inner.index.push_back(point.isLinear ? kernel.index(0) : point.index[from]);
    if (!point.isLinear && from == point.laneAxis)
      inner.laneAxis = axis;
  }
  return at(operand, inner);
}

Value ElementEmitter::view(Operation *op, const Point &point) {
  Value operand = op->getOperand(0);
  SizedTensorType from = graph::tensorType(operand), to = graph::tensorType(op->getResult(0));
  if (point.isLinear)
    return at(operand, point);
  auto argument = dyn_cast<BlockArgument>(operand);
  if (argument && !kernel.buffer(argument.getArgNumber()).layout.isPacked()) // the same bytes
    return loadArgument(kernel.buffer(argument.getArgNumber()), to, point);

  // Axes of size 1 come and go without moving anything.
  SmallVector<int64_t> fromAxes = properAxes(from), toAxes = properAxes(to);
  auto sizesOf = [](SizedTensorType type, ArrayRef<int64_t> axes) {
    return llvm::map_to_vector(axes, [&](int64_t axis) { return type.getSizes()[axis]; });
  };
  if (sizesOf(from, fromAxes) == sizesOf(to, toAxes)) {
    Point inner;
    inner.index.assign(from.rank(), kernel.index(0));
    for (auto [fromAxis, toAxis] : llvm::zip(fromAxes, toAxes)) {
      inner.index[fromAxis] = point.index[toAxis];
      if (toAxis == point.laneAxis)
        inner.laneAxis = fromAxis;
    }
    return at(operand, inner);
  }

  auto elementAt = [&](Value position) {
    Point inner;
    inner.index = kernel.delinearize(position, from.getSizes());
    return at(operand, inner);
  };
  auto [offset, stride] = addressOf(Layout(), to, point);
  if (!point.hasLanes() || lanes.count == 0)
    return elementAt(offset);
  KernelBuilder::Values elements;
  for (unsigned lane = 0; lane < lanes.count; ++lane)
    elements.push_back(
        elementAt(kernel.add(offset, kernel.mul(kernel.existing(lanes, lane), stride))));
  return kernel.fromElements(elements);
}

} // namespace tenon::emit
