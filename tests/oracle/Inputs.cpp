#include "tests/oracle/Inputs.h"
#include "llvm/ADT/StringSwitch.h"
#include <cfloat>
#include <cmath>

using namespace llvm;

namespace tenon::oracle {

uint64_t Random::bits() {
  uint64_t z = (state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

double Random::uniform(double low, double high) {
  return low + (high - low) * double(bits() >> 11) * 0x1p-53;
}

std::optional<Fill> fillNamed(StringRef name) {
  return StringSwitch<std::optional<Fill>>(name)
      .Case("plain", Fill::Plain)
      .Case("positive", Fill::Positive)
      .Case("apart", Fill::Apart)
      .Case("extreme", Fill::Extreme)
      .Case("sprinkled", Fill::Sprinkled)
      .Default(std::nullopt);
}

static ArrayRef<double> extremeReals() {
  static const double values[] = {
      0.0, -0.0, INFINITY, -INFINITY, NAN, FLT_TRUE_MIN, -FLT_TRUE_MIN, 1e-40, FLT_MIN, FLT_MAX,
      -FLT_MAX, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999997, 1e-30, 1e30, 88.9, -104.5, 9.5,
      16777217.0, 2147483520.0, 2147483648.0, -2147483648.0, 3e9, 9.3e18, -9.3e18};
  return values;
}

static ArrayRef<int64_t> extremeInts(Element element) {
  static const int64_t i32[] = {0, 1, -1, 7, -100, 16777217, INT32_MAX, INT32_MIN};
  static const int64_t i64[] = {0, 1, -1, 7, -100, (int64_t(1) << 53) + 1, INT64_MAX, INT64_MIN};
  static const int64_t i1[] = {0, 1};
  switch (element) {
  case Element::I32: return i32;
  case Element::I64: return i64;
  default: return i1;
  }
}

int64_t extremeCount(int64_t inputCount) {
  int64_t count = 1;
  for (; inputCount > 0 && count < 30000; --inputCount)
    count *= extremeReals().size();
  return count;
}

/// Element i of input `position`: digit `position` of i in the base of the list's length.
template <typename Number>
static Number combination(ArrayRef<Number> values, int64_t i, int64_t position) {
  for (; position > 0; --position)
    i /= extremeReals().size();
  return values[i % values.size()];
}

static double sprinkle(int64_t i, Random &random) {
  static const double values[] = {INFINITY, -INFINITY, NAN, -0.0, 1e-40, 1e15};
  return i % 8 == 5 ? values[random.below(6)] : random.uniform(-3, 3);
}

/// (-3, 3) cut into `count` steps, shuffled; another position has other numbers.
static std::vector<double> apart(int64_t count, int64_t position, Random &random) {
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i)
    values.push_back((double(i) + 0.5123 + 0.211 * double(position)) * 6 / double(count) - 3);
  for (int64_t i = count - 1; i > 0; --i)
    std::swap(values[i], values[random.below(i + 1)]);
  return values;
}

static double makeReal(Fill fill, int64_t i, int64_t position, Random &random) {
  switch (fill) {
  case Fill::Positive: return random.uniform(0.1, 3.1);
  case Fill::Extreme: return combination(extremeReals(), i, position);
  case Fill::Sprinkled: return sprinkle(i, random);
  default: return random.uniform(-3, 3);
  }
}

static int64_t makeInt(Element element, Fill fill, int64_t i, int64_t position, Random &random) {
  if (fill == Fill::Extreme)
    return combination(extremeInts(element), i, position);
  if (element == Element::I1)
    return random.below(2);
  return fill == Fill::Positive ? 1 + random.below(100) : random.below(201) - 100;
}

Tensor makeInput(Element element, Shape shape, Fill fill, int64_t position, Random &random) {
  Tensor tensor(element, std::move(shape));
  if (tensor.real() && fill == Fill::Apart)
    tensor.reals = apart(tensor.count(), position, random);
  for (int64_t i = 0; i < tensor.count(); ++i)
    if (!tensor.real())
      tensor.ints[i] = makeInt(element, fill, i, position, random);
    else if (fill != Fill::Apart)
      tensor.reals[i] = makeReal(fill, i, position, random);
  if (element == Element::F32)
    for (double &real : tensor.reals)
      real = float(real);
  return tensor;
}

Expected<std::vector<Tensor>> makeInputs(graph::FuncOp function, const Sizes &sizes, Fill fill,
                                         Random &random) {
  std::vector<Tensor> inputs;
  for (mlir::Type type : function.getArgumentTypes()) {
    Expected<Shape> shape = shapeOf(type, sizes);
    if (!shape)
      return shape.takeError();
    Element element = elementOf(cast<graph::SizedTensorType>(type).getElementType());
    inputs.push_back(makeInput(element, *shape, fill, inputs.size(), random));
  }
  return inputs;
}

std::map<std::string, Tensor> makeStored(mlir::Operation *module, Random &random) {
  std::map<std::string, Tensor> stored;
  auto add = [&](StringRef path, mlir::Type type, double low) {
    auto tensorType = cast<graph::SizedTensorType>(type);
    Tensor tensor(elementOf(tensorType.getElementType()), Shape(tensorType.getShape()));
    for (int64_t i = 0; i < tensor.count(); ++i)
      if (tensor.real())
        tensor.reals[i] = tensorType.rank() == 0 ? 1.0 : double(float(random.uniform(low, 0.5)));
      else
        tensor.ints[i] = 1;
    stored[path.str()] = std::move(tensor);
  };
  module->walk([&](graph::ParamOp op) { add(op.getSymName(), op.getType(), -0.5); });
  module->walk([&](graph::StateOp op) { add(op.getSymName(), op.getType(), 0.0); });
  return stored;
}

} // namespace tenon::oracle
