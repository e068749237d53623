#include "tests/oracle/Interpreter.h"
#include "tests/oracle/Rules.h"
#include <cmath>

using namespace mlir;
using llvm::Expected;

namespace tenon::oracle {

static const RuleTable &ruleTable() {
  static const RuleTable *table = [] {
    auto *table = new RuleTable;
    addElementwiseRules(*table);
    addReductionRules(*table);
    addContractionRules(*table);
    addShapeRules(*table);
    addRandomRules(*table);
    addMoveRules(*table);
    addProgramRules(*table);
    addKernelRules(*table);
    return table;
  }();
  return *table;
}

// ---- Sizes ------------------------------------------------------------------------------------

static std::optional<int64_t> evaluateSize(graph::SizeAttr size, const Sizes &sizes) {
  return size.evaluate([&](StringRef name) -> std::optional<int64_t> {
    auto found = sizes.find(name.str());
    if (found == sizes.end())
      return std::nullopt;
    return found->second;
  });
}

static llvm::Error error(const Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

Expected<Shape> shapeOf(Type type, const Sizes &sizes) {
  Shape shape;
  for (graph::SizeAttr size : cast<graph::SizedTensorType>(type).getSizes()) {
    std::optional<int64_t> extent = evaluateSize(size, sizes);
    if (!extent || *extent < 0)
      return error("size " + size.str() + " has no value");
    shape.push_back(*extent);
  }
  return shape;
}

Expected<Sizes> bindSizes(graph::FuncOp function, ArrayRef<Tensor> inputs) {
  if (inputs.size() != function.getNumArguments())
    return error("wants " + Twine(function.getNumArguments()) + " inputs");
  Sizes sizes;
  for (auto [type, input] : llvm::zip(function.getArgumentTypes(), inputs)) {
    ArrayRef<graph::SizeAttr> axes = cast<graph::SizedTensorType>(type).getSizes();
    if (axes.size() != input.shape.size())
      return error("an input has another rank");
    for (auto [axis, extent] : llvm::zip(axes, input.shape))
      if (!axis.getName().empty())
        sizes[axis.getName().str()] = extent;
  }
  for (auto [type, input] : llvm::zip(function.getArgumentTypes(), inputs)) {
    Expected<Shape> shape = shapeOf(type, sizes);
    if (!shape)
      return shape.takeError();
    Type elementType = cast<graph::SizedTensorType>(type).getElementType();
    if (*shape != input.shape || elementOf(elementType) != input.element)
      return error("an input has another type");
  }
  return sizes;
}

// ---- Frames -----------------------------------------------------------------------------------

int64_t Frame::evaluate(graph::SizeAttr size) {
  std::optional<int64_t> value = evaluateSize(size, sizes);
  if (!value && failureText.empty())
    failureText = "size " + size.str() + " has no value";
  return value.value_or(0);
}

Tensor Frame::make(Value result) {
  graph::SizedTensorType type = graph::tensorType(result);
  Shape shape;
  for (graph::SizeAttr size : type.getSizes())
    shape.push_back(evaluate(size));
  return Tensor(elementOf(type.getElementType()), shape);
}

void Frame::put(Tensor &tensor, int64_t i, double value) const {
  bool rounds = precision == Precision::Exact && tensor.element == Element::F32;
  if (tensor.real())
    tensor.reals[i] = rounds ? double(float(value)) : value;
  else
    tensor.ints[i] = wrapped(tensor.element, int64_t(value));
}

void Frame::put(Tensor &tensor, int64_t i, int64_t value) const {
  bool rounds = precision == Precision::Exact && tensor.element == Element::F32;
  if (tensor.real()) // an i64 is rounded once, not to a double first
    tensor.reals[i] = rounds ? double(float(value)) : double(value);
  else
    tensor.ints[i] = wrapped(tensor.element, value);
}

void RealSum::add(int64_t i, double term) {
  frame.put(sum, i, sum.reals[i] + term);
  if (!std::isfinite(sum.reals[i]))
    return;
  magnitudes[i] += std::fabs(term);
  double &largest = frame.outcome.largestPartialSum;
  largest = std::max({largest, std::fabs(sum.reals[i]), magnitudes[i] / 8});
}

void Frame::fail(Operation *op, const Twine &message) {
  if (failureText.empty())
    failureText = (op->getName().getStringRef() + ": " + message).str();
}

std::vector<Tensor> Frame::run(Block &block) {
  for (Operation &op : block.without_terminator()) {
    const Rule *rule = ruleTable().lookup(&op);
    if (!rule)
      fail(&op, "no rule");
    else
      (*rule)(&op, *this);
    if (!failureText.empty())
      return {};
  }
  std::vector<Tensor> results;
  for (Value value : block.getTerminator()->getOperands())
    results.push_back(get(value));
  return results;
}

std::vector<Tensor> Frame::call(Block &block, std::vector<Tensor> arguments, Sizes calleeSizes,
                                uint32_t calleeSite) {
  Frame callee(std::move(calleeSizes), environment, outcome, precision);
  callee.site = calleeSite;
  for (auto [argument, tensor] : llvm::zip(block.getArguments(), arguments))
    callee.set(argument, std::move(tensor));
  std::vector<Tensor> results = callee.run(block);
  if (failureText.empty())
    failureText = callee.failureText;
  return results;
}

Expected<Outcome> interpret(graph::FuncOp function, ArrayRef<Tensor> inputs,
                            const Environment &environment, Precision precision) {
  Expected<Sizes> sizes = bindSizes(function, inputs);
  if (!sizes)
    return sizes.takeError();
  Outcome outcome;
  Frame frame(*sizes, environment, outcome, precision);
  for (auto [argument, input] : llvm::zip(function.getBody().getArguments(), inputs))
    frame.set(argument, input);
  outcome.results = frame.run(function.getBody().front());
  if (!frame.failure().empty())
    return error("@" + function.getName() + ": " + frame.failure());
  return outcome;
}

} // namespace tenon::oracle
