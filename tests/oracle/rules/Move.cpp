// Moves: slices, pads, concatenations, gathers and their adjoint.
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

static Shape evaluateList(ArrayAttr sizes, Frame &frame) {
  Shape values;
  for (auto size : sizes.getAsRange<SizeAttr>())
    values.push_back(frame.evaluate(size));
  return values;
}

static Shape plus(ArrayRef<int64_t> index, ArrayRef<int64_t> offset) {
  Shape sum(index.size());
  for (size_t i = 0; i < index.size(); ++i)
    sum[i] = index[i] + offset[i];
  return sum;
}

static bool isInside(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  for (auto [i, extent] : llvm::zip(index, shape))
    if (i < 0 || i >= extent)
      return false;
  return true;
}

static void slice(SliceOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  Shape starts = evaluateList(op.getStarts(), frame);
  forEachIndex(y.shape, [&](ArrayRef<int64_t> index) {
    Shape from = plus(index, starts);
    if (!isInside(from, x.shape))
      return frame.fail(op, "reads outside its operand");
    copyElement(y, y.offset(index), x, x.offset(from));
  });
  frame.set(op.getY(), std::move(y));
}

static void pad(PadOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  Shape low = evaluateList(op.getLow(), frame);
  forEachIndex(x.shape, [&](ArrayRef<int64_t> index) {
    Shape to = plus(index, low);
    if (!isInside(to, y.shape))
      return frame.fail(op, "its operand does not fit");
    copyElement(y, y.offset(to), x, x.offset(index));
  });
  frame.set(op.getY(), std::move(y));
}

static void concat(ConcatOp op, Frame &frame) {
  Tensor y = frame.make(op.getY());
  Shape start(y.shape.size());
  for (Value input : op.getInputs()) {
    const Tensor &x = frame.get(input);
    forEachIndex(x.shape, [&](ArrayRef<int64_t> index) {
      copyElement(y, y.offset(plus(index, start)), x, x.offset(index));
    });
    start[op.getAxis()] += x.shape[op.getAxis()];
  }
  frame.set(op.getY(), std::move(y));
}

static void reverse(ReverseOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  forEachIndex(y.shape, [&](ArrayRef<int64_t> index) {
    Shape from(index);
    for (int64_t axis : op.getAxes())
      from[axis] = x.shape[axis] - 1 - index[axis];
    copyElement(y, y.offset(index), x, x.offset(from));
  });
  frame.set(op.getY(), std::move(y));
}

/// For each element of a gather's result: calls `visit` with its index and that of the element of
/// the indexed tensor, of shape `shape`.
static void forEachPair(Operation *op, const Tensor &ids, int64_t axis, const Shape &result,
                        const Shape &shape, Frame &frame,
                        llvm::function_ref<void(ArrayRef<int64_t>, ArrayRef<int64_t>)> visit) {
  size_t rank = ids.shape.size();
  forEachIndex(result, [&](ArrayRef<int64_t> index) {
    int64_t id = ids.ints[ids.offset(index.take_front(rank))];
    if (id < 0 || id >= shape[axis])
      return frame.fail(op, "index " + Twine(id) + " is out of range");
    Shape other(index.take_front(axis));
    other.push_back(id);
    llvm::append_range(other, index.drop_front(rank));
    visit(index, other);
  });
}

static void gather(GatherOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  forEachPair(op, frame.get(op.getIds()), op.getAxis(), y.shape, x.shape, frame,
              [&](ArrayRef<int64_t> index, ArrayRef<int64_t> from) {
                copyElement(y, y.offset(index), x, x.offset(from));
              });
  frame.set(op.getY(), std::move(y));
}

static void scatterAdd(ScatterAddOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  RealSum sum(frame, y);
  forEachPair(op, frame.get(op.getIds()), op.getAxis(), x.shape, y.shape, frame,
              [&](ArrayRef<int64_t> index, ArrayRef<int64_t> to) {
                int64_t from = x.offset(index), target = y.offset(to);
                if (y.real())
                  sum.add(target, x.reals[from]);
                else
                  frame.put(y, target, int64_t(uint64_t(y.ints[target]) + uint64_t(x.ints[from])));
              });
  frame.set(op.getY(), std::move(y));
}

void addMoveRules(RuleTable &table) {
  table.on<SliceOp>(slice);
  table.on<PadOp>(pad);
  table.on<ConcatOp>(concat);
  table.on<ReverseOp>(reverse);
  table.on<GatherOp>(gather);
  table.on<ScatterAddOp>(scatterAdd);
}

} // namespace tenon::oracle
