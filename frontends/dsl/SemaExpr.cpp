//===- SemaExpr.cpp - Expressions -----------------------------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

Value Sema::evaluate(const Expr *expr) {
  if (exhausted)
    return Poison();
  if (++evaluations > limits::evaluations || operations > limits::operations) {
    exhausted = true;
    report(diag::TooMuchWork, visible(expr->range));
    return Poison();
  }
  if (depth >= limits::depth) {
    report(diag::TooDeep, visible(expr->range));
    return Poison();
  }
  SourceRange outer = userRange;
  if (isUsers(expr->range))
    userRange = expr->range;
  ++depth;
  Value value = evaluateKind(expr);
  --depth;
  userRange = outer;
  return value;
}

Value Sema::evaluateKind(const Expr *expr) {
  switch (expr->kind) {
  case Expr::Kind::Error:
    return Poison();
  case Expr::Kind::Name:
    return read(evaluateName(cast<NameExpr>(expr)->name));
  case Expr::Kind::Number:
    return evaluateNumber(cast<NumberExpr>(expr));
  case Expr::Kind::Percent:
    return Percent{cast<PercentExpr>(expr)->value};
  case Expr::Kind::String:
    return cast<StringExpr>(expr)->value;
  case Expr::Kind::Bool:
    return cast<BoolExpr>(expr)->value;
  case Expr::Kind::Type:
    return TypeRef{cast<TypeExpr>(expr)->type};
  case Expr::Kind::Convert:
    return evaluateConvert(cast<ConvertExpr>(expr));
  case Expr::Kind::Paren:
    return evaluate(cast<ParenExpr>(expr)->inner);
  case Expr::Kind::Tuple: {
    Tuple tuple;
    for (const Expr *element : cast<TupleExpr>(expr)->elements)
      tuple.elements.push_back(evaluate(element));
    return tuple;
  }
  case Expr::Kind::List:
    return evaluateList(cast<ListExpr>(expr));
  case Expr::Kind::Comprehension:
    return evaluateComprehension(cast<ComprehensionExpr>(expr));
  case Expr::Kind::If:
    return evaluateIf(cast<IfExpr>(expr));
  case Expr::Kind::Scan:
    return notSupported(expr->range.head(4), "'scan'");
  case Expr::Kind::Contraction:
    return evaluatePattern(cast<ContractionExpr>(expr));
  case Expr::Kind::Call:
    return evaluateCall(cast<CallExpr>(expr));
  case Expr::Kind::Member:
    return read(evaluateMember(cast<MemberExpr>(expr)));
  case Expr::Kind::Select:
    return evaluateSelect(cast<SelectExpr>(expr));
  case Expr::Kind::Range:
    return evaluateRange(cast<RangeExpr>(expr));
  case Expr::Kind::Unary:
    return evaluateUnary(cast<UnaryExpr>(expr));
  case Expr::Kind::Binary:
    return evaluateBinary(cast<BinaryExpr>(expr));
  }
  return Poison();
}

Value Sema::read(Value value) {
  auto *variable = value.as<Variable>();
  if (!variable)
    return value;
  mlir::Value &known = reads[variable->path];
  if (!known) {
    ++operations;
    known = graph::GraphBuilder(builder, loc()).read(variable->path, variable->type);
  }
  return Tensor{known, variable->axes};
}

Value Sema::evaluateNumber(const NumberExpr *expr) {
  switch (expr->unit) {
  case NumberExpr::Unit::Steps:
    return Duration{expr->value, graph::DurationUnit::Steps};
  case NumberExpr::Unit::Epochs:
    return Duration{expr->value, graph::DurationUnit::Epochs};
  case NumberExpr::Unit::None:
    break;
  }
  if (expr->isInteger)
    return expr->integer;
  return expr->value;
}

//===----------------------------------------------------------------------===//
// Lists and choices
//===----------------------------------------------------------------------===//

/// A list with an element in error is in error: of that nothing more is said.
static Value whole(List list) {
  if (any_of(list.elements, [](const Value &element) { return element.isPoison(); }))
    return Poison();
  return list;
}

Value Sema::evaluateList(const ListExpr *expr) {
  List list;
  std::optional<std::string> path = memberPath;
  for (auto [index, element] : enumerate(expr->elements)) {
    if (path)
      memberPath = *path + std::to_string(index) + ".";
    list.elements.push_back(evaluate(element));
  }
  memberPath = path;
  return whole(std::move(list));
}

Value Sema::evaluateComprehension(const ComprehensionExpr *expr) {
  std::optional<std::vector<Value>> elements = sequence(expr->sequence);
  if (!elements || !checkHiding(expr->variable, "loop variable"))
    return Poison();
  List list;
  std::optional<std::string> path = memberPath;
  for (auto [index, element] : enumerate(*elements)) {
    frame->scopes.emplace_back();
    if (!expr->variable.isDiscard())
      frame->scopes.back()[expr->variable.text] = element;
    if (path)
      memberPath = *path + std::to_string(index) + ".";
    list.elements.push_back(evaluate(expr->element));
    frame->scopes.pop_back();
  }
  memberPath = path;
  return whole(std::move(list));
}

std::optional<std::vector<Value>> Sema::sequence(const Expr *expr) {
  Value value = evaluate(expr);
  if (auto *list = value.as<List>())
    return list->elements;
  if (auto *range = value.as<Range>()) {
    if (range->end - range->begin > limits::iterations) {
      report(diag::TooManyIterations, expr->range, range->end - range->begin, limits::iterations);
      return std::nullopt;
    }
    std::vector<Value> elements;
    for (int64_t i = range->begin; i < range->end; ++i)
      elements.push_back(i);
    return elements;
  }
  if (value.is<Tensor>())
    report(diag::NotStatic, expr->range, "for");
  else
    wrongKind(expr->range, "what a 'for' runs over", "a list or a range", value);
  return std::nullopt;
}

Value Sema::evaluateIf(const IfExpr *expr) {
  std::optional<bool> holds = condition(expr->condition, "if");
  if (!holds)
    return Poison();
  return evaluate(*holds ? expr->then : expr->otherwise);
}

Value Sema::evaluateRange(const RangeExpr *expr) {
  Value begin = evaluate(expr->begin), end = evaluate(expr->end);
  if (begin.isPoison() || end.isPoison())
    return Poison();
  auto *first = begin.as<int64_t>(), *last = end.as<int64_t>();
  if (first && last) {
    // Checked here so that the length of every Range fits.
    int64_t length;
    if (SubOverflow(*last, *first, length)) {
      report(diag::Overflow, expr->range);
      return Poison();
    }
    return Range{*first, *last};
  }
  if (symbolic && begin.asSize(&context) && end.asSize(&context))
    return Range{0, 1}; // one round stands for all
  if (begin.is<graph::SizeAttr>() || end.is<graph::SizeAttr>()) {
    report(diag::NotStatic, expr->range, "for");
    return Poison();
  }
  wrongKind(expr->range, "the ends of a range", "ints", first ? end : begin);
  return Poison();
}

//===----------------------------------------------------------------------===//
// Parts of values
//===----------------------------------------------------------------------===//

Value Sema::evaluateMember(const MemberExpr *expr) {
  Value base = evaluate(expr->base);
  StringRef name = expr->member.text;
  if (base.isPoison())
    return base;
  if (auto *library = base.as<Namespace>()) {
    if (std::optional<Value> value = lookupInFile(*library->file, name, expr->range))
      return std::move(*value);
    return unknownName(strings.emplace_back(library->file->name + "." + name.str()), expr->range);
  }
  if (auto *instance = base.as<Instance *>()) {
    if (std::optional<Value> value = lookupMember(*instance, name))
      return std::move(*value);
    std::vector<std::string> names;
    for (const auto &entry : (*instance)->members)
      names.push_back(entry.getKey().str());
    for (const auto &entry : (*instance)->functions)
      names.push_back(entry.getKey().str());
    llvm::sort(names);
    Diagnostic &d = report(diag::NoMember, expr->member.range, base.describe(), name);
    if (std::string guess = closest(name, names); !guess.empty())
      d.fixIt(expr->member.range, guess);
    return Poison();
  }
  if (auto *tuple = base.as<Tuple>()) {
    for (auto [index, resultName] : enumerate(tuple->names))
      if (resultName == name)
        return tuple->elements[index];
    Diagnostic &d = report(diag::NoMember, expr->member.range, base.describe(), name);
    if (!tuple->names.empty())
      d.note("the results are " + join(tuple->names, ", "));
    return Poison();
  }
  report(diag::NoMember, expr->member.range, base.describe(), name);
  return Poison();
}

//===----------------------------------------------------------------------===//
// Conversion
//===----------------------------------------------------------------------===//

/// The dtype as the dialect's element type; null for those that are not lowered yet.
static mlir::Type lowered(mlir::MLIRContext *context, ElementType type) {
  switch (type) {
  case ElementType::F32:
    return mlir::Float32Type::get(context);
  case ElementType::F64:
    return mlir::Float64Type::get(context);
  case ElementType::I32:
    return mlir::IntegerType::get(context, 32);
  case ElementType::I64:
    return mlir::IntegerType::get(context, 64);
  case ElementType::Bool:
    return mlir::IntegerType::get(context, 1);
  case ElementType::F16:
  case ElementType::BF16:
  case ElementType::I8:
    return {};
  }
  return {};
}

mlir::Type Sema::elementType(ElementType type, SourceRange range) {
  // A library function is written once for all floats and all integers.
  if (type == ElementType::F32 && frame->floatType)
    return frame->floatType;
  if (type == ElementType::I32 && frame->integerType)
    return frame->integerType;
  mlir::Type result = lowered(&context, type);
  if (!result)
    notSupported(range, "the dtype '" + ast::spelling(type) + "'");
  return result;
}

Value Sema::evaluateConvert(const ConvertExpr *expr) {
  if (expr->args.list.size() != 1 || expr->args.list.front().name) {
    report(diag::ArgumentCount, expr->range, ast::spelling(expr->element), "one argument",
           std::to_string(expr->args.list.size()));
    return Poison();
  }
  const Expr *operand = expr->args.list.front().value;
  Value value = evaluate(operand);
  mlir::Type type = elementType(expr->element, expr->range);
  if (value.isPoison() || !type)
    return Poison();
  graph::GraphBuilder b(builder, loc());
  if (auto *tensor = value.as<Tensor>()) {
    ++operations;
    return Tensor{b.convert(tensor->value, type), tensor->axes};
  }
  if (auto *flag = value.as<bool>())
    return Tensor{b.scalar(*flag, type), {}};
  if (auto *number = value.as<double>(); number && !isa<mlir::FloatType>(type))
    return Tensor{b.scalar(std::trunc(*number), type), {}};
  if (value.isNumber())
    return materialize(value, graph::SizedTensorType::get(type, {}), operand->range);
  wrongKind(operand->range, "what is converted", "a tensor or a number", value);
  return Poison();
}

} // namespace tenon::dsl::sema
