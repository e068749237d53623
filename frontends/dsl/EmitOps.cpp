//===- EmitOps.cpp - Functions that are graph ops -------------------------------===//
//
// Nothing here knows an op: those that are functions of the language say so themselves, by
// FunctionInterface, and InferTypeOpInterface gives the type of the result.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;

namespace tenon::dsl::sema {

void Sema::collectPrimitives() {
  for (mlir::RegisteredOperationName op : context.getRegisteredOperationsByDialect("graph")) {
    auto *function = op.getInterface<graph::FunctionInterface>();
    if (!function)
      continue;
    Primitive primitive{op, function->getFunctionParameters()};
    SmallVector<Primitive, 2> &overloads = primitives[function->getFunctionName()];
    // Elementwise ones first: `max(a, b)` before `max(x, over)`.
    overloads.insert(primitive.takesAxes() ? overloads.end() : overloads.begin(), primitive);
  }
}

namespace {

/// Arguments in the order of an op's parameters.
struct Match {
  SmallVector<Argument, 3> operands;
  Value over = Absent();
  SourceRange overRange;
  const Argument *keep = nullptr;
};

} // namespace

/// Fails when the arguments are not those of the parameters.
static std::optional<Match> match(ArrayRef<StringRef> parameters, ArrayRef<Argument> arguments) {
  Match match;
  SmallVector<const Argument *> slots(parameters.size());
  bool takesAxes = is_contained(parameters, "over");
  size_t next = 0;
  for (const Argument &argument : arguments) {
    if (takesAxes && argument.name == "keep") {
      match.keep = &argument;
      continue;
    }
    size_t at = 0;
    if (argument.name.empty())
      at = next++;
    else
      while (at < parameters.size() && parameters[at].trim('?') != argument.name)
        ++at;
    if (at >= slots.size() || slots[at])
      return std::nullopt;
    slots[at] = &argument;
  }
  for (auto [parameter, slot] : zip(parameters, slots)) {
    if (parameter == "over") {
      if (slot) {
        match.over = slot->value;
        match.overRange = slot->range;
      }
      continue;
    }
    if (!slot)
      return std::nullopt;
    match.operands.push_back(*slot);
  }
  return match;
}

/// "max(a, b) or max(x, over)".
static std::string signatures(StringRef name, ArrayRef<ArrayRef<StringRef>> overloads) {
  std::string text;
  ListSeparator or_(" or ");
  for (ArrayRef<StringRef> parameters : overloads) {
    text += std::string(StringRef(or_)) + name.str() + "(";
    ListSeparator comma;
    for (StringRef parameter : parameters)
      text += std::string(StringRef(comma)) + parameter.trim('?').str();
    text += ")";
  }
  return text;
}

Value Sema::callPrimitive(StringRef name, MutableArrayRef<Argument> arguments, SourceRange range,
                          SourceRange callee) {
  SmallVector<Primitive, 2> &overloads = primitives[name];
  for (const Primitive &primitive : overloads) {
    std::optional<Match> matched = match(primitive.parameters, arguments);
    if (!matched)
      continue;
    if (!primitive.takesAxes())
      return elementwise(primitive, name, matched->operands, range);
    bool keep = false;
    if (matched->keep) {
      auto *flag = matched->keep->value.as<bool>();
      if (!flag) {
        wrongKind(matched->keep->range, "'keep'", "true or false", matched->keep->value);
        return Poison();
      }
      keep = *flag;
    }
    return reduction(primitive, name, matched->operands.front(), matched->over, keep,
                     matched->overRange ? matched->overRange : range);
  }
  SmallVector<ArrayRef<StringRef>> known;
  for (const Primitive &primitive : overloads)
    known.push_back(primitive.parameters);
  report(diag::WrongArguments, range, name).note(callee, signatures(name, known));
  return Poison();
}

Value Sema::elementwise(const Primitive &primitive, StringRef name, ArrayRef<Argument> operands,
                        SourceRange range) {
  bool anyTensor = false;
  SmallVector<bool> isBoolean;
  for (auto [operand, parameter] : zip(operands, primitive.parameters)) {
    isBoolean.push_back(parameter.ends_with("?"));
    anyTensor |= operand.value.is<Tensor>();
    if (!operand.value.is<Tensor>() && !operand.value.isNumber() && !operand.value.is<bool>()) {
      wrongKind(operand.range, ("'" + parameter.trim('?') + "' of '" + name + "'").str(),
                "a tensor or a number", operand.value);
      return Poison();
    }
  }
  bool allNumbers = all_of(operands, [](const Argument &o) { return o.value.isNumber(); });
  if (allNumbers)
    return foldStatic(primitive, name, operands, range);
  std::optional<Unified> unified = unify(operands, isBoolean, range);
  if (!unified)
    return Poison();
  if (mlir::Operation *op = buildOp(primitive.op, unified->values, {}))
    return Tensor{op->getResult(0), unified->axes};
  reportRefused(name, operands.back().range, unified->values.back());
  return Poison();
}

void Sema::reportRefused(StringRef name, SourceRange range, mlir::Value value) {
  StringRef shown = name;
  shown.consume_front("operator");
  Diagnostic &d =
      report(diag::ElementTypeRefused, range, shown.trim(), describe(graph::tensorType(value)));
  mlir::Type element = graph::tensorType(value).getElementType();
  if (!element.isIntOrIndex() && !element.isF64())
    return;
  if (isUsers(range))
    d.note("conversions are explicit").fixIt(range, ("f32(" + range.text() + ")").str());
  else
    d.note("conversions are explicit: write f32(…) around the argument");
}

Value Sema::reduction(const Primitive &primitive, StringRef name, const Argument &operand,
                      const Value &over, bool keep, SourceRange range) {
  Value value = operand.value;
  if (value.isNumber())
    value = materialize(value,
                        graph::SizedTensorType::get(value.is<double>()
                                                        ? mlir::Type(builder.getF32Type())
                                                        : mlir::Type(builder.getI32Type()),
                                                    {}),
                        operand.range);
  auto *tensor = value.as<Tensor>();
  if (!tensor) {
    wrongKind(operand.range, ("what '" + name + "' reduces").str(), "a tensor", value);
    return Poison();
  }
  std::optional<SmallVector<int64_t>> axes = axesOf(over, *tensor, range);
  if (!axes)
    return Poison();
  graph::GraphBuilder b(builder, loc());
  mlir::Value x = tensor->value;
  if (axes->empty()) {
    // Nothing to reduce: as if over one more axis of size 1.
    SmallVector<graph::SizeAttr> sizes(tensor->sizes());
    sizes.push_back(graph::SizeAttr::constant(&context, 1));
    axes->push_back(tensor->rank());
    x = b.reshape(x, sizes);
    keep = false;
  }
  auto attribute = builder.getNamedAttr("axes", builder.getDenseI64ArrayAttr(*axes));
  mlir::Operation *op = buildOp(primitive.op, x, attribute);
  if (!op) {
    reportRefused(name, operand.range, tensor->value);
    return Poison();
  }
  Axes kept;
  SmallVector<graph::SizeAttr> withOnes;
  for (int64_t axis = 0; axis < tensor->rank(); ++axis) {
    bool isReduced = is_contained(*axes, axis);
    withOnes.push_back(isReduced ? graph::SizeAttr::constant(&context, 1) : tensor->sizes()[axis]);
    if (!isReduced || keep)
      kept.push_back(isReduced ? Axis() : tensor->axes[axis]);
  }
  mlir::Value result = op->getResult(0);
  return Tensor{keep ? b.reshape(result, withOnes) : result, kept};
}

Value Sema::foldStatic(const Primitive &primitive, StringRef name, ArrayRef<Argument> operands,
                       SourceRange range) {
  bool anySize = any_of(operands, [](const Argument &o) { return o.value.is<graph::SizeAttr>(); });
  if (anySize && symbolic)
    return 1.0;
  if (!anySize)
    if (std::optional<Value> folded = fold(primitive, operands))
      return *folded;
  // A run-time size, or an op without a value at compile time: an operation on scalars.
  graph::SizedTensorType type = graph::SizedTensorType::get(builder.getF32Type(), {});
  SmallVector<Argument> values(operands);
  for (Argument &operand : values)
    operand.value = materialize(operand.value, type, operand.range);
  return elementwise(primitive, name, values, range);
}

std::optional<Value> Sema::fold(const Primitive &primitive, ArrayRef<Argument> operands) {
  bool allInts = all_of(operands, [](const Argument &o) { return o.value.is<int64_t>(); });
  RegionScope region(*this, &scratch);
  graph::GraphBuilder b(builder, loc());
  // In the widest type the op takes.
  for (mlir::Type type : {mlir::Type(builder.getI64Type()), mlir::Type(builder.getF64Type())}) {
    if (type.isInteger() && !allInts)
      continue;
    SmallVector<mlir::Value> values;
    SmallVector<mlir::Attribute> constants;
    for (const Argument &operand : operands) {
      auto *integer = operand.value.as<int64_t>();
      constants.push_back(type.isInteger() ? mlir::Attribute(builder.getI64IntegerAttr(*integer))
                                           : builder.getFloatAttr(type, *operand.value.asFloat()));
      values.push_back(b.scalar(0, type));
    }
    mlir::Operation *op = buildOp(primitive.op, values, {});
    SmallVector<mlir::OpFoldResult> folded;
    if (!op || mlir::failed(op->fold(constants, folded)) || folded.size() != 1)
      continue;
    auto result = dyn_cast<mlir::Attribute>(folded.front());
    if (auto number = dyn_cast_or_null<mlir::FloatAttr>(result))
      return Value(number.getValueAsDouble());
    if (auto number = dyn_cast_or_null<mlir::IntegerAttr>(result))
      return Value(int64_t(number.getInt()));
  }
  return std::nullopt;
}

mlir::Operation *Sema::buildOp(mlir::RegisteredOperationName op, mlir::ValueRange operands,
                               ArrayRef<mlir::NamedAttribute> attributes) {
  auto *infer = op.getInterface<mlir::InferTypeOpInterface>();
  if (!infer)
    return nullptr;
  mlir::ScopedDiagnosticHandler quiet(&context, [](mlir::Diagnostic &) { return mlir::success(); });
  mlir::DictionaryAttr dictionary = builder.getDictionaryAttr(attributes);
  SmallVector<uint64_t> storage(divideCeil(op.getOpPropertyByteSize(), sizeof(uint64_t)));
  mlir::OpaqueProperties properties(storage.data());
  auto emitError = [&] { return mlir::emitError(loc()); };
  SmallVector<mlir::Type> types;
  if (!storage.empty())
    op.initOpProperties(properties, nullptr);
  bool inferred =
      (storage.empty() ||
       succeeded(op.setOpPropertiesFromAttribute(op, properties, dictionary, emitError))) &&
      succeeded(infer->inferReturnTypes(&context, std::nullopt, operands, dictionary, properties,
                                        {}, types));
  if (!storage.empty())
    op.destroyOpProperties(properties);
  if (!inferred)
    return nullptr;
  mlir::OperationState state(loc(), op, operands, types, attributes);
  mlir::Operation *created = builder.create(state);
  ++operations;
  if (succeeded(op.verifyInvariants(created)))
    return created;
  created->erase();
  return nullptr;
}

} // namespace tenon::dsl::sema
