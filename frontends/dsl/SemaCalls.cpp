//===- SemaCalls.cpp - Calls and what they inline -------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

Value Sema::evaluateCall(const CallExpr *expr) {
  if (isDataCall(expr))
    return dataCall(expr);
  Value callee = evaluate(expr->callee);
  if (callee.isPoison())
    return callee;
  if (auto *function = callee.as<Function>())
    return call(*function, expr);
  if (auto *moduleRef = callee.as<ModuleRef>())
    return evaluateModuleCall(*moduleRef, expr);
  if (auto *instance = callee.as<Instance *>()) {
    const FnDecl *forward = (*instance)->functions.lookup("forward");
    if (forward)
      return call(Function{(*instance)->name, forward, *instance, (*instance)->file}, expr);
    report(diag::NoForward, expr->callee->range, (*instance)->name);
    return Poison();
  }
  report(diag::NotCallable, expr->callee->range, callee.describe());
  return Poison();
}

std::vector<Argument> Sema::evaluateArguments(const Args &args) {
  std::vector<Argument> arguments;
  for (const Arg &arg : args.list) {
    Argument argument{StringRef(), Poison(), arg.value->range, {}, arg.value};
    if (arg.name) {
      argument.name = arg.name->text;
      argument.nameRange = arg.name->range;
    }
    // A parameter that takes axes reads a bare name as an axis of the first argument, or of the
    // first in a list.
    bool namesAxes = argument.name == "over" && !arguments.empty();
    const List *list = namesAxes ? arguments.front().value.as<List>() : nullptr;
    const Value *of = list && !list->elements.empty() ? &list->elements.front()
                      : namesAxes                     ? &arguments.front().value
                                                      : nullptr;
    argument.value = of ? evaluateAxes(arg.value, *of) : evaluate(arg.value);
    arguments.push_back(std::move(argument));
  }
  return arguments;
}

Value Sema::call(const Function &function, const CallExpr *expr) {
  std::vector<Argument> arguments = evaluateArguments(expr->args);
  SourceRange callee = expr->callee->range;
  if (!function.decl)
    return callLanguage(function.name, std::move(arguments), expr->range, callee);
  return inlineFn(function, std::move(arguments), expr->range, callee);
}

/// The dtypes that `f32` and `i32` stand for in a library function.
static void chooseElementTypes(Frame &frame, ArrayRef<Argument> arguments) {
  for (const Argument &argument : arguments) {
    auto *tensor = argument.value.as<Tensor>();
    if (!tensor)
      continue;
    mlir::Type type = tensor->elementType();
    if (isa<mlir::FloatType>(type) && !frame.floatType)
      frame.floatType = type;
    if (type.isInteger() && !type.isInteger(1) && !frame.integerType)
      frame.integerType = type;
  }
}

Value Sema::inlineFn(const Function &function, std::vector<Argument> arguments, SourceRange range,
                     SourceRange callee) {
  for (const Frame *outer = frame; outer; outer = outer->caller)
    if (outer->function == function.decl && outer->self == function.self) {
      report(diag::Recursion, callee, function.name);
      return Poison();
    }
  if (callDepth >= limits::calls) {
    report(diag::TooDeep, visible(range));
    return Poison();
  }
  if (any_of(arguments, [](const Argument &a) { return a.value.isPoison(); }))
    return Poison();

  Frame inner;
  inner.file = function.file;
  inner.self = function.self;
  inner.function = function.decl;
  if (function.file == &prelude)
    chooseElementTypes(inner, arguments);
  ++callDepth;
  FrameScope scope(*this, inner);
  remat.enter(inner, findAttr(function.decl->attrs, "remat"), /*isInLoss=*/training);
  Value result;
  if (bindArguments(function, arguments, range, callee) && checkResultNames(function.decl)) {
    mlir::Block::iterator here = builder.getInsertionPoint();
    mlir::Operation *before =
        here == builder.getInsertionBlock()->begin() ? nullptr : &*std::prev(here);
    Value returned = runBody(function);
    remat.leave(inner, before, builder, /*isInLoss=*/training);
    result = checkResults(function, std::move(returned), range);
  }
  --callDepth;
  return result;
}

Value Sema::runBody(const Function &function) {
  const FnDecl *decl = function.decl;
  checkedFns.insert(decl);
  if (decl->value) {
    Value value = evaluate(decl->value);
    returnRange = decl->value->range;
    return value;
  }
  std::optional<Value> returned = execute(decl->body);
  if (returned)
    return *returned;
  return Poison(); // a static `if` that was in error, or the parser said that a return is missing
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

bool Sema::checkResultNames(const FnDecl *decl) {
  if (findAttr(decl->attrs, "inferred"))
    return true;
  bool allBound = true;
  std::vector<std::string> bound;
  for (const auto &entry : frame->sizes)
    bound.push_back(entry.getKey().str());
  llvm::sort(bound);
  for (const Result &result : decl->results) {
    if (result.type->leadingAxes && !frame->leading) {
      report(diag::NoLeadingAxes, result.type->leadingRange);
      allBound = false;
    }
    for (const Dim &dim : result.type->dims) {
      const Name *name = unboundName(dim);
      if (!name)
        continue;
      allBound = false;
      std::string guess = closest(name->text, bound);
      if (guess.empty())
        report(diag::UnboundResultAxis, name->range, name->text);
      else
        report(diag::UnboundResultAxisGuess, name->range, name->text, guess)
            .fixIt(name->range, guess);
    }
  }
  return allBound;
}

Value Sema::checkResults(const Function &function, Value value, SourceRange range) {
  ArrayRef<Result> results = function.decl->results;
  if (value.isPoison())
    return value;
  if (results.size() == 1)
    return checkResult(function, results.front(), std::move(value), returnRange);
  auto *tuple = value.as<Tuple>();
  if (!tuple || tuple->elements.size() != results.size()) {
    report(diag::ResultCount, returnRange, function.decl->name.text, results.size(),
           tuple ? tuple->elements.size() : 1);
    return Poison();
  }
  Tuple checked;
  SourceRange place = returnRange;
  for (auto [result, element] : zip(results, tuple->elements)) {
    checked.elements.push_back(checkResult(function, result, element, place));
    checked.names.push_back(result.name ? result.name->text : StringRef());
  }
  return checked;
}

Value Sema::checkResult(const Function &function, const Result &result, Value value,
                        SourceRange range) {
  const Type *type = result.type;
  if (value.isPoison())
    return value;
  bool isInferred = findAttr(function.decl->attrs, "inferred");
  if (isInferred && value.is<Tensor>())
    return value;
  if (value.isNumber() || value.is<bool>()) {
    mlir::Type element = elementType(type->element, type->elementRange);
    if (!element)
      return Poison();
    graph::SizedTensorType wanted =
        isInferred ? graph::SizedTensorType::get(element, {}) : resolveType(type);
    return wanted ? materialize(value, wanted, range) : Value(Poison());
  }
  auto *tensor = value.as<Tensor>();
  if (!tensor) {
    wrongKind(range, ("what '" + function.decl->name.text + "' returns").str(), "a tensor", value);
    return Poison();
  }
  return matchResult(function, type, *tensor, range);
}

Value Sema::matchResult(const Function &function, const Type *type, const Tensor &tensor,
                        SourceRange range) {
  Axes axes;
  SmallVector<graph::SizeAttr> expected;
  if (type->leadingAxes) {
    llvm::append_range(expected, frame->leading->sizes);
    llvm::append_range(axes, frame->leading->axes);
  }
  bool fits = tensor.elementType() == elementType(type->element, type->elementRange) &&
              tensor.rank() == int64_t(expected.size() + type->dims.size());
  for (const Dim &dim : type->dims) {
    auto *name = dyn_cast<NameExpr>(dim.size);
    size_t at = expected.size();
    bool isInferred = name && name->name.isDiscard();
    graph::SizeAttr own = fits ? tensor.sizes()[at] : graph::SizeAttr();
    graph::SizeAttr size = isInferred ? own : evaluateSize(dim.size);
    if (!isInferred && !size)
      return Poison();
    expected.push_back(size);
    axes.push_back(resultAxis(dim));
    if (fits && !axes.back().origin)
      axes.back().origin = tensor.axes[at].origin;
  }
  for (size_t i = 0; fits && i < expected.size(); ++i)
    fits = sameSize(tensor.sizes()[i], expected[i]);
  if (fits)
    return Tensor{tensor.value, axes};
  Diagnostic &d = report(diag::ResultShape, range, function.decl->name.text,
                         describe(tensor.type()), declared(type));
  d.note(type->range, formatv("declared at {0}", place(type->range)).str());
  if (tensor.rank() == int64_t(expected.size()) && !llvm::is_contained(expected, nullptr))
    noteSizes(d, tensor.type(), tensor.axes, expected);
  return Poison();
}

Axis Sema::resultAxis(const Dim &dim) {
  Axis axis;
  auto *name = dyn_cast<NameExpr>(dim.size);
  if (name) {
    // A result axis takes the name its caller passed for it.
    StringRef text = name->name.text;
    if (auto it = frame->sizes.find(text); it != frame->sizes.end())
      axis = it->second.axis;
    else if (const Bound *hyper = frame->self ? frame->self->hyper(text) : nullptr)
      axis = {hyper->axis, originOf(*frame->self, *hyper)};
  }
  if (dim.axis)
    axis.name = dim.axis->text;
  return axis;
}

} // namespace tenon::dsl::sema
