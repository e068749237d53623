// Reductions, element after element in row-major order.
#include "tests/oracle/Rules.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

/// Visits every element of x: its position in x, the position of the result element it goes to, and
/// its row-major position within the reduced axes.
static void
forEachElement(const Tensor &x, ArrayRef<int64_t> axes,
               llvm::function_ref<void(int64_t from, int64_t to, int64_t position)> visit) {
  int64_t from = 0;
  forEachIndex(x.shape, [&](ArrayRef<int64_t> index) {
    int64_t to = 0, position = 0;
    for (size_t axis = 0; axis < index.size(); ++axis) {
      int64_t &place = llvm::is_contained(axes, int64_t(axis)) ? position : to;
      place = place * x.shape[axis] + index[axis];
    }
    visit(from++, to, position);
  });
}

/// Folds by `merge` from an initial value for floats, i32 and i64.
template <typename Merge>
static auto fold(double realStart, int64_t i32Start, int64_t i64Start, Merge merge) {
  return [=](auto op, Frame &frame) {
    const Tensor &x = frame.get(op.getX());
    Tensor y = frame.make(op.getY());
    std::fill(y.reals.begin(), y.reals.end(), realStart);
    std::fill(y.ints.begin(), y.ints.end(), y.element == Element::I32 ? i32Start : i64Start);
    forEachElement(x, op.getAxes(), [&](int64_t from, int64_t to, int64_t) {
      if (x.real())
        frame.put(y, to, merge(y.reals[to], x.reals[from]));
      else
        frame.put(y, to, merge(y.ints[to], x.ints[from]));
    });
    frame.set(op.getY(), std::move(y));
  };
}

static void sum(SumOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  RealSum sum(frame, y);
  forEachElement(x, op.getAxes(), [&](int64_t from, int64_t to, int64_t) {
    if (x.real())
      sum.add(to, x.reals[from]);
    else
      frame.put(y, to, y.ints[to] + x.ints[from]);
  });
  frame.set(op.getY(), std::move(y));
}

/// Whether x beats the best so far: larger, or the first NaN.
static bool beats(double x, double best) { return x > best || (std::isnan(x) && !std::isnan(best)); }
static bool beats(int64_t x, int64_t best) { return x > best; }

static void argmax(ArgmaxOp op, Frame &frame) {
  const Tensor &x = frame.get(op.getX());
  Tensor y = frame.make(op.getY());
  std::vector<int64_t> best(y.count(), -1); // the position in x of the winner
  std::fill(y.ints.begin(), y.ints.end(), INT32_MAX);
  forEachElement(x, op.getAxes(), [&](int64_t from, int64_t to, int64_t position) {
    bool wins = best[to] < 0 || (x.real() ? beats(x.reals[from], x.reals[best[to]])
                                          : beats(x.ints[from], x.ints[best[to]]));
    if (!wins)
      return;
    best[to] = from;
    frame.put(y, to, position);
  });
  frame.set(op.getY(), std::move(y));
}

void addReductionRules(RuleTable &table) {
  table.on<SumOp>(sum);
  table.on<ReduceMaxOp>(fold(-INFINITY, INT32_MIN, INT64_MIN,
                             [](auto a, auto b) { return larger(a, b); }));
  table.on<ReduceMinOp>(fold(INFINITY, INT32_MAX, INT64_MAX,
                             [](auto a, auto b) { return smaller(a, b); }));
  table.on<ArgmaxOp>(argmax);
}

} // namespace tenon::oracle
