//===- SemaParameters.cpp - Arguments meet parameters ---------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

namespace {

/// A parameter of a signature, its name list taken apart, with its argument.
struct Slot {
  const Param *param;
  const Name *name;
  Argument *argument = nullptr;
};

} // namespace

static SmallVector<Slot> slotsOf(const FnDecl *decl) {
  SmallVector<Slot> slots;
  for (const Param &param : decl->params)
    for (const Name &name : param.names)
      slots.push_back({&param, &name});
  return slots;
}

static std::string signature(ArrayRef<Slot> slots) {
  std::string text;
  ListSeparator comma;
  for (const Slot &slot : slots)
    text += std::string(StringRef(comma)) + slot.name->text.str();
  return text;
}

bool Sema::bindArguments(const Function &function, std::vector<Argument> &arguments,
                         SourceRange range, SourceRange callee) {
  SmallVector<Slot> slots = slotsOf(function.decl);
  size_t next = 0;
  for (Argument &argument : arguments) {
    Slot *slot = nullptr;
    if (argument.name.empty()) {
      if (next < slots.size())
        slot = &slots[next++];
    } else {
      for (Slot &candidate : slots)
        if (candidate.name->text == argument.name)
          slot = &candidate;
      if (!slot) {
        report(diag::UnknownArgument, argument.nameRange, function.name, argument.name)
            .note(callee, formatv("{0}({1})", function.decl->name.text, signature(slots)).str());
        return false;
      }
    }
    if (!slot) {
      report(diag::ArgumentCount, argument.range, function.name,
             formatv("{0} argument{1}", slots.size(), slots.size() == 1 ? "" : "s").str(),
             arguments.size())
          .note(callee, formatv("{0}({1})", function.decl->name.text, signature(slots)).str());
      return false;
    }
    if (slot->argument) {
      report(diag::GivenTwice, argument.range, "argument", slot->name->text);
      return false;
    }
    slot->argument = &argument;
  }
  // Static parameters and sizes first: tensor types may use them.
  bool ok = true;
  SmallVector<Argument> defaults;
  defaults.reserve(slots.size()); // slots point into it
  for (Slot &slot : slots) {
    if (!slot.argument) {
      if (!slot.param->defaultValue) {
        report(diag::MissingArgument, range, function.name, slot.name->text);
        return false;
      }
      const Expr *value = slot.param->defaultValue;
      defaults.push_back({slot.name->text, evaluate(value), value->range, {}, value});
      slot.argument = &defaults.back();
      if (slot.argument->value.isPoison())
        return false;
    }
    if (!slot.param->type)
      ok &= bindStatic(function, *slot.param, *slot.name, *slot.argument, arguments);
  }
  for (const Slot &slot : slots)
    if (slot.param->type && !slot.argument->value.isAbsent())
      declareArgumentSizes(*slot.param, *slot.argument);
  if (!frame->leading)
    frame->leading = LeadingAxes(); // only numbers were given
  for (const Slot &slot : slots)
    if (slot.param->type)
      ok &= bindTensor(function, *slot.param, *slot.name, *slot.argument, callee, arguments);
  return ok;
}

//===----------------------------------------------------------------------===//
// Static parameters
//===----------------------------------------------------------------------===//

std::string Sema::spelling(const StaticType *type) {
  switch (type->kind) {
  case StaticType::Kind::Int:
    return "an int";
  case StaticType::Kind::Float:
    return "a float";
  case StaticType::Kind::Bool:
    return "a bool";
  case StaticType::Kind::Str:
    return "a string";
  case StaticType::Kind::Init:
    return "an initialiser";
  case StaticType::Kind::Fn:
    return "a function";
  case StaticType::Kind::List: {
    std::string element = spelling(type->element); // "an int", "a list of ints"
    auto [noun, rest] = StringRef(element).split(' ').second.split(' ');
    return ("a list of " + noun + "s" + (rest.empty() ? "" : " ") + rest).str();
  }
  }
  return {};
}

/// Whether `value` is of the type; it is then converted to it. Of a list that is not, `value` becomes
/// the element that does not fit.
bool Sema::fitsStatic(const StaticType *type, Value &value) {
  switch (type->kind) {
  case StaticType::Kind::Int:
    return value.is<int64_t>() || (symbolic && value.is<graph::SizeAttr>());
  case StaticType::Kind::Float:
    if (symbolic && value.is<graph::SizeAttr>())
      value = 1.0;
    if (std::optional<double> number = value.asFloat()) {
      value = *number;
      return true;
    }
    return false;
  case StaticType::Kind::Bool:
    return value.is<bool>();
  case StaticType::Kind::Str:
    return value.is<StringRef>();
  case StaticType::Kind::Init:
    return value.is<Initializer>();
  case StaticType::Kind::Fn:
    return value.is<Function>() || value.is<Instance *>();
  case StaticType::Kind::List: {
    auto *list = value.as<List>();
    if (!list)
      return false;
    List converted = *list;
    for (Value &element : converted.elements)
      if (!fitsStatic(type->element, element)) {
        value = std::move(element);
        return false;
      }
    value = std::move(converted);
    return true;
  }
  }
  return false;
}

bool Sema::bindStatic(const Function &function, const Param &param, const Name &name,
                      Argument &argument, ArrayRef<Argument> all) {
  Value value = argument.value;
  if (param.isDim) {
    graph::SizeAttr size = value.asSize(&context);
    if (!size) {
      wrongKind(argument.range, ("'" + name.text + "' of '" + function.name + "'").str(), "a size",
                value);
      return false;
    }
    frame->sizes[name.text] = {size, Axis(), name.range};
    return true;
  }
  if (name.text == "over" && !value.isAbsent() && !all.empty()) {
    auto *tensor = all.front().value.as<Tensor>();
    std::optional<SmallVector<int64_t>> axes;
    if (!tensor || !(axes = axesOf(value, *tensor, argument.range)))
      return false;
    List list;
    for (int64_t axis : *axes)
      list.elements.push_back(axis);
    value = std::move(list);
  } else if (!value.isAbsent() && !fitsStatic(param.staticType, value)) {
    if (value.is<Tensor>())
      report(diag::NotStatic, argument.range, name.text);
    else
      wrongKind(argument.range, ("'" + name.text + "' of '" + function.name + "'").str(),
                spelling(param.staticType), value);
    return false;
  }
  if (!checkHiding(name, "parameter"))
    return false;
  frame->scopes.back()[name.text] = std::move(value);
  return true;
}

//===----------------------------------------------------------------------===//
// Tensors
//===----------------------------------------------------------------------===//

void Sema::declareArgumentSizes(const Param &param, const Argument &argument) {
  auto *tensor = argument.value.as<Tensor>();
  int64_t own = param.type->dims.size();
  if (!tensor || tensor->rank() < own)
    return;
  int64_t leading = tensor->rank() - own;
  if (param.type->leadingAxes && !frame->leading) {
    frame->leading.emplace();
    frame->leading->sizes.assign(tensor->sizes().begin(), tensor->sizes().begin() + leading);
    frame->leading->axes.assign(tensor->axes.begin(), tensor->axes.begin() + leading);
  }
  for (auto [index, dim] : enumerate(param.type->dims))
    if (const Name *name = unboundName(dim))
      frame->sizes[name->text] = {tensor->sizes()[leading + index], tensor->axes[leading + index],
                                  argument.range};
}

bool Sema::bindTensor(const Function &function, const Param &param, const Name &name,
                      Argument &argument, SourceRange callee, ArrayRef<Argument> all) {
  const Type *type = param.type;
  Value &value = argument.value;
  if (!checkHiding(name, "parameter"))
    return false;
  if (value.isAbsent()) {
    frame->scopes.back()[name.text] = value;
    return true;
  }
  Axes axes;
  graph::SizedTensorType wanted;
  auto *tensor = value.as<Tensor>();
  if (!tensor && !value.isNumber() && !value.is<bool>()) {
    report(diag::ArgumentShape, argument.range, function.name, declared(type), value.describe())
        .highlight(callee);
    return false;
  }
  bool rankFits = !tensor || (type->leadingAxes ? tensor->rank() >= int64_t(type->dims.size())
                                                : tensor->rank() == int64_t(type->dims.size()));
  if (!rankFits)
    return reportArgument(function, param, argument, {}, callee);
  if (!(wanted = resolveType(type, &axes)))
    return false;
  if (!tensor) {
    value = materialize(value, wanted, argument.range);
    frame->scopes.back()[name.text] = value;
    return !value.isPoison();
  }
  size_t leading = wanted.rank() - type->dims.size();
  bool sameLeading = tensor->rank() == wanted.rank();
  for (size_t i = 0; sameLeading && i < leading; ++i)
    sameLeading = sameSize(tensor->sizes()[i], wanted.getSizes()[i]);
  if (!sameLeading && tensor->elementType() == wanted.getElementType()) {
    // `...` stands for the axes of an earlier argument: what would not combine is said as for `+`.
    for (const Argument &other : all) {
      auto *first = other.value.as<Tensor>();
      if (!first || &other == &argument || !type->dims.empty() ||
          first->sizes() != wanted.getSizes() || broadcasts(first->sizes(), tensor->sizes()) ||
          broadcasts(tensor->sizes(), first->sizes()))
        continue;
      reportNoBroadcast(other, argument, argument.range);
      return false;
    }
    report(diag::ArgumentShape, argument.range, function.name, describe(wanted),
           describe(tensor->type()))
        .highlight(callee);
    return false;
  }
  bool fits = sameLeading && tensor->elementType() == wanted.getElementType();
  for (auto [own, expected] : zip(tensor->sizes(), wanted.getSizes()))
    fits &= sameSize(own, expected);
  if (!fits)
    return reportArgument(function, param, argument, wanted.getSizes(), callee);
  for (auto [axis, given] : zip(axes, tensor->axes))
    if (given.origin)
      axis.origin = given.origin;
  frame->scopes.back()[name.text] = Tensor{tensor->value, axes};
  return true;
}

bool Sema::reportArgument(const Function &function, const Param &param, const Argument &argument,
                          ArrayRef<graph::SizeAttr> expected, SourceRange callee) {
  const Type *type = param.type;
  auto *tensor = argument.value.as<Tensor>();
  int64_t wantedRank = type->dims.size();
  if (!type->leadingAxes && tensor->rank() != wantedRank) {
    std::string shape = declared(type);
    size_t bracket = shape.find('[');
    report(diag::AxisCount, argument.range, function.name, wantedRank,
           bracket == std::string::npos ? "[]" : shape.substr(bracket), tensor->rank(),
           describe(tensor->type()))
        .highlight(callee);
    return false;
  }
  Diagnostic &d = report(diag::ArgumentShape, argument.range, function.name, declared(type),
                         describe(tensor->type()));
  d.highlight(callee);
  mlir::Type element = elementType(type->element, type->elementRange);
  if (element && element != tensor->elementType()) {
    if (isUsers(argument.range))
      d.note("conversions are explicit")
          .fixIt(argument.range,
                 formatv("{0}({1})", describe(element), argument.range.text()).str());
    return false;
  }
  noteExpectation(d, function, type, *tensor, expected);
  return false;
}

/// "50 is 'inputs' of 'fc2'; 100 is 'outputs' of 'fc1' (3:23)", at the place of the 50.
void Sema::noteExpectation(Diagnostic &d, const Function &function, const Type *type,
                           const Tensor &tensor, ArrayRef<graph::SizeAttr> expected) {
  if (expected.size() != tensor.sizes().size() || !function.self)
    return;
  size_t leading = expected.size() - type->dims.size();
  for (auto [index, dim] : enumerate(type->dims)) {
    graph::SizeAttr own = tensor.sizes()[leading + index], wanted = expected[leading + index];
    auto *name = dyn_cast<NameExpr>(dim.size);
    const Bound *hyper = name ? function.self->hyper(name->name.text) : nullptr;
    if (sameSize(own, wanted) || !hyper)
      continue;
    std::string text = formatv("{0} is '{1}' of '{2}'", wanted.str(), hyper->name, function.name);
    if (const Origin *origin = tensor.axes[leading + index].origin)
      text += formatv("; {0} is '{1}' of '{2}' ({3})", own.str(), origin->hyper, origin->module,
                      place(visible(origin->place)));
    d.note(visible(hyper->place), text);
    if (isUsers(hyper->place) && own.getConstant() && hyper->place.text() == wanted.str())
      d.fixIt(hyper->place, own.str());
    return;
  }
}

} // namespace tenon::dsl::sema
