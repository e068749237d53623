// Elementwise ops: one line each. Lambdas with `auto` parameters are called on doubles for float
// tensors and on 64-bit integers for all others.
#include "tests/oracle/Rules.h"
#include <cmath>

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

double larger(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return NAN;
  if (a == b)
    return std::signbit(a) ? b : a;
  return a > b ? a : b;
}
double smaller(double a, double b) { return -larger(-a, -b); }

static double magnitude(double x) { return std::fabs(x); }
static int64_t magnitude(int64_t x) { return x < 0 ? -x : x; }

/// -1, 0 or 1; zeros and NaN are themselves.
template <typename Number> static Number signOf(Number x) { return x > 0 ? 1 : x < 0 ? -1 : x; }

template <typename Number> static bool holds(ComparePredicate predicate, Number a, Number b) {
  switch (predicate) {
  case ComparePredicate::eq: return a == b;
  case ComparePredicate::ne: return a != b;
  case ComparePredicate::lt: return a < b;
  case ComparePredicate::le: return a <= b;
  case ComparePredicate::gt: return a > b;
  case ComparePredicate::ge: return a >= b;
  }
  llvm_unreachable("no such predicate");
}

/// Toward zero, saturating; NaN gives 0.
static int64_t truncated(double x, Element element) {
  if (std::isnan(x))
    return 0;
  double limit = element == Element::I32 ? 0x1p31 : 0x1p63;
  if (x >= limit)
    return element == Element::I32 ? INT32_MAX : INT64_MAX;
  if (x < -limit)
    return element == Element::I32 ? INT32_MIN : INT64_MIN;
  return int64_t(x);
}

static void convert(const Tensor &x, Tensor &y, Frame &frame) {
  for (int64_t i = 0; i < y.count(); ++i) {
    if (y.element == Element::I1)
      frame.put(y, i, int64_t(x.real() ? x.reals[i] != 0 : x.ints[i] != 0));
    else if (!x.real())
      frame.put(y, i, x.ints[i]);
    else if (y.real())
      frame.put(y, i, x.reals[i]);
    else
      frame.put(y, i, truncated(x.reals[i], y.element));
  }
}

/// Is x a number of the type, rounding to f32 aside?
static bool isExact(double x, Element element) {
  switch (element) {
  case Element::F32: return std::isfinite(float(x));
  case Element::F64: return std::isfinite(x);
  case Element::I32: return x == std::trunc(x) && x >= INT32_MIN && x <= INT32_MAX;
  case Element::I64: return x == std::trunc(x) && std::fabs(x) <= 0x1p53;
  case Element::I1: return x == 0 || x == 1;
  }
  llvm_unreachable("no such element type");
}

/// `f` of every element.
template <typename Function>
static void map(Frame &frame, Value result, Value operand, Function f) {
  const Tensor &x = frame.get(operand);
  Tensor y = frame.make(result);
  for (int64_t i = 0; i < y.count(); ++i)
    if (x.real())
      frame.put(y, i, double(f(x.reals[i])));
    else
      frame.put(y, i, int64_t(f(x.ints[i])));
  frame.set(result, std::move(y));
}

/// `f` of every two elements at one place.
template <typename Function>
static void map(Frame &frame, Value result, Value left, Value right, Function f) {
  const Tensor &a = frame.get(left), &b = frame.get(right);
  Tensor y = frame.make(result);
  for (int64_t i = 0; i < y.count(); ++i) {
    if (a.real())
      frame.put(y, i, double(f(a.reals[i], b.reals[i])));
    else
      frame.put(y, i, int64_t(f(a.ints[i], b.ints[i])));
  }
  frame.set(result, std::move(y));
}

template <typename Function> static auto unary(Function f) {
  return [f](Operation *op, Frame &frame) { map(frame, op->getResult(0), op->getOperand(0), f); };
}
template <typename Function> static auto binary(Function f) {
  return [f](Operation *op, Frame &frame) {
    map(frame, op->getResult(0), op->getOperand(0), op->getOperand(1), f);
  };
}

void addElementwiseRules(RuleTable &table) {
  table.on<AddOp>(binary([](auto a, auto b) { return a + b; }));
  table.on<SubOp>(binary([](auto a, auto b) { return a - b; }));
  table.on<MulOp>(binary([](auto a, auto b) { return a * b; }));
  table.on<DivOp>(binary([](auto a, auto b) { return double(a) / double(b); }));
  table.on<MaxOp>(binary([](auto a, auto b) { return larger(a, b); }));
  table.on<MinOp>(binary([](auto a, auto b) { return smaller(a, b); }));
  table.on<NegOp>(unary([](auto x) { return -x; }));
  table.on<AbsOp>(unary([](auto x) { return magnitude(x); }));
  table.on<SignOp>(unary([](auto x) { return signOf(x); }));

  table.on<SqrtOp>(unary([](double x) { return std::sqrt(x); }));
  table.on<ExpOp>(unary([](double x) { return std::exp(x); }));
  table.on<LogOp>(unary([](double x) { return std::log(x); }));
  table.on<TanhOp>(unary([](double x) { return std::tanh(x); }));
  table.on<SinOp>(unary([](double x) { return std::sin(x); }));
  table.on<CosOp>(unary([](double x) { return std::cos(x); }));
  table.on<ErfOp>(unary([](double x) { return std::erf(x); }));
  table.on<FloorOp>(unary([](double x) { return std::floor(x); }));
  table.on<CeilOp>(unary([](double x) { return std::ceil(x); }));
  table.on<RoundOp>(unary([](double x) { return std::nearbyint(x); }));
  table.on<TruncOp>(unary([](double x) { return std::trunc(x); }));

  table.on<AndOp>(binary([](auto a, auto b) { return a && b; }));
  table.on<OrOp>(binary([](auto a, auto b) { return a || b; }));
  table.on<NotOp>(unary([](auto x) { return !x; }));
  table.on<StopGradientOp>(unary([](auto x) { return x; }));
  table.on<CompareOp>([](CompareOp op, Frame &frame) {
    map(frame, op.getY(), op.getA(), op.getB(),
        [&](auto a, auto b) { return holds(op.getPredicate(), a, b); });
  });
  table.on<SelectOp>([](SelectOp op, Frame &frame) {
    const Tensor &condition = frame.get(op.getCondition());
    const Tensor &a = frame.get(op.getA()), &b = frame.get(op.getB());
    Tensor y = frame.make(op.getY());
    for (int64_t i = 0; i < y.count(); ++i) {
      const Tensor &chosen = condition.ints[i] ? a : b;
      if (y.real())
        y.reals[i] = chosen.reals[i];
      else
        y.ints[i] = chosen.ints[i];
    }
    frame.set(op.getY(), std::move(y));
  });
  table.on<ConvertOp>([](ConvertOp op, Frame &frame) {
    Tensor y = frame.make(op.getY());
    convert(frame.get(op.getX()), y, frame);
    frame.set(op.getY(), std::move(y));
  });
  table.on<CheckedConvertOp>([](CheckedConvertOp op, Frame &frame) {
    const Tensor &x = frame.get(op.getX());
    Tensor y = frame.make(op.getY());
    for (double element : x.reals)
      if (!isExact(element, y.element))
        return frame.fail(op, "the field's type does not hold " + std::to_string(element));
    convert(x, y, frame);
    frame.set(op.getY(), std::move(y));
  });
}

} // namespace tenon::oracle
