// Sources and changes of shape.
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

static void constant(ConstantOp op, Frame &frame) {
  Tensor y = frame.make(op.getY());
  for (int64_t i = 0; i < y.count(); ++i)
    if (auto real = dyn_cast<FloatAttr>(op.getValue()))
      frame.put(y, i, real.getValueAsDouble());
    else
      frame.put(y, i, cast<IntegerAttr>(op.getValue()).getValue().getSExtValue());
  frame.set(op.getY(), std::move(y));
}

static void iota(IotaOp op, Frame &frame) {
  Tensor y = frame.make(op.getY());
  forEachIndex(y.shape, [&](ArrayRef<int64_t> index) {
    frame.put(y, y.offset(index), index[op.getAxis()]);
  });
  frame.set(op.getY(), std::move(y));
}

static void broadcast(BroadcastOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  forEachIndex(y.shape, [&](ArrayRef<int64_t> index) {
    Shape from;
    for (int64_t axis : op.getAxes())
      from.push_back(index[axis]);
    copyElement(y, y.offset(index), x, x.offset(from));
  });
  frame.set(op.getY(), std::move(y));
}

static void transpose(TransposeOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  forEachIndex(y.shape, [&](ArrayRef<int64_t> index) {
    Shape from(index.size());
    for (auto [to, axis] : llvm::enumerate(op.getPermutation()))
      from[axis] = index[to];
    copyElement(y, y.offset(index), x, x.offset(from));
  });
  frame.set(op.getY(), std::move(y));
}

void addShapeRules(RuleTable &table) {
  table.on<ConstantOp>(constant);
  table.on<IotaOp>(iota);
  table.on<SizeOp>([](SizeOp op, Frame &frame) {
    Tensor y = frame.make(op.getY());
    frame.put(y, 0, frame.evaluate(op.getSize()));
    frame.set(op.getY(), std::move(y));
  });
  table.on<BroadcastOp>(broadcast);
  table.on<TransposeOp>(transpose);
  table.on<ReshapeOp>([](ReshapeOp op, Frame &frame) {
    Tensor y = frame.get(op.getX());
    y.shape = frame.make(op.getY()).shape;
    frame.set(op.getY(), std::move(y));
  });
}

} // namespace tenon::oracle
