//===- SemaAxes.cpp - Axes of tensors by name and number ------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

static std::string axisList(const Tensor &tensor) {
  std::string text;
  ListSeparator comma;
  for (auto [axis, size] : zip(tensor.axes, tensor.sizes()))
    text += std::string(StringRef(comma)) + (axis.name.empty() ? size.str() : axis.name.str());
  return text;
}

std::optional<int64_t> Sema::axisByName(const Name &name, const Tensor &of, bool mayMiss) {
  std::optional<int64_t> found;
  for (auto [index, axis] : enumerate(of.axes)) {
    if (axis.name != name.text)
      continue;
    if (found) {
      report(diag::AmbiguousAxis, name.range, describe(of.type()), name.text)
          .note("name one of them, or count from the end")
          .fixIt(name.range, std::to_string(int64_t(index) - of.rank()));
      return std::nullopt;
    }
    found = index;
  }
  if (!found && !mayMiss)
    report(diag::UnknownAxis, name.range, describe(of.type()), name.text)
        .note(of.rank() ? "its axes are " + axisList(of) : "it is a scalar");
  return found;
}

std::optional<int64_t> Sema::checkAxis(int64_t axis, const Tensor &of, SourceRange range) {
  int64_t rank = of.rank();
  if (axis >= -rank && axis < rank)
    return axis < 0 ? axis + rank : axis;
  report(diag::UnknownAxis, range, describe(of.type()), axis)
      .note(rank ? formatv("they count from 0 to {0}, or from -{1} to -1", rank - 1, rank).str()
                 : "it is a scalar");
  return std::nullopt;
}

std::optional<int64_t> Sema::evaluateAxis(const Expr *expr, const Tensor &of) {
  if (auto *name = dyn_cast<NameExpr>(ignoreParens(expr))) {
    unsigned errors = diags.errorCount();
    // A bare name is an axis first, a static int second.
    bool mayMiss = lookup(name->name.text, name->range).has_value();
    std::optional<int64_t> axis = axisByName(name->name, of, mayMiss);
    if (axis || !mayMiss || diags.errorCount() != errors)
      return axis;
  }
  std::optional<int64_t> axis = staticInt(expr, "an axis");
  return axis ? checkAxis(*axis, of, expr->range) : std::nullopt;
}

Value Sema::evaluateAxes(const Expr *expr, const Value &of) {
  auto *tensor = of.as<Tensor>();
  if (!tensor)
    return evaluate(expr); // nothing to name: the callee sees what it can do with it
  const Expr *inner = ignoreParens(expr);
  List axes;
  auto append = [&](const Expr *element) {
    std::optional<int64_t> axis = evaluateAxis(element, *tensor);
    if (axis)
      axes.elements.push_back(*axis);
    return axis.has_value();
  };
  if (auto *list = dyn_cast<ListExpr>(inner)) {
    for (const Expr *element : list->elements)
      if (!append(element))
        return Poison();
    return axes;
  }
  if (auto *name = dyn_cast<NameExpr>(inner)) {
    bool isAxis = any_of(tensor->axes, [&](const Axis &a) { return a.name == name->name.text; });
    std::optional<Value> value = isAxis ? std::nullopt : lookup(name->name.text, name->range);
    if (value && (value->is<List>() || value->isAbsent()))
      return *value;
  }
  return append(expr) ? Value(std::move(axes)) : Value(Poison());
}

std::optional<SmallVector<int64_t>> Sema::axesOf(const Value &over, const Tensor &of,
                                                 SourceRange range) {
  SmallVector<int64_t> axes;
  if (over.isAbsent()) {
    llvm::append_range(axes, seq<int64_t>(0, of.rank()));
    return axes;
  }
  std::vector<Value> elements;
  if (auto *list = over.as<List>())
    elements = list->elements;
  else
    elements.push_back(over);
  for (const Value &element : elements) {
    auto *integer = element.as<int64_t>();
    if (!integer) {
      wrongKind(range, "an axis", "a name or an int", element);
      return std::nullopt;
    }
    std::optional<int64_t> axis = checkAxis(*integer, of, range);
    if (!axis)
      return std::nullopt;
    if (is_contained(axes, *axis)) {
      report(diag::AxisTwice, range, *axis);
      return std::nullopt;
    }
    axes.push_back(*axis);
  }
  llvm::sort(axes);
  return axes;
}

} // namespace tenon::dsl::sema
