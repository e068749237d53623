//===- SemaStmt.cpp - Statements ------------------------------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

std::optional<Value> Sema::execute(const Block *block) {
  for (const Stmt *stmt : block->statements)
    if (std::optional<Value> returned = execute(stmt))
      return returned;
  return std::nullopt;
}

std::optional<Value> Sema::execute(const Stmt *stmt) {
  switch (stmt->kind) {
  case Stmt::Kind::Assign:
    executeAssign(cast<AssignStmt>(stmt));
    return std::nullopt;
  case Stmt::Kind::Return: {
    ArrayRef<Expr *> values = cast<ReturnStmt>(stmt)->values;
    Value value = evaluateValues(values);
    returnRange = cover(values.front()->range, values.back()->range);
    return value;
  }
  case Stmt::Kind::For:
    return executeFor(cast<ForStmt>(stmt));
  case Stmt::Kind::If:
    return executeIf(cast<IfStmt>(stmt));
  case Stmt::Kind::Require: {
    auto *requirement = cast<RequireStmt>(stmt);
    if (!require(requirement->condition, requirement))
      return Poison();
    return std::nullopt;
  }
  case Stmt::Kind::Scan:
    notSupported(stmt->range.head(4), "'scan'");
    return std::nullopt;
  case Stmt::Kind::Update:
    executeUpdate(cast<UpdateStmt>(stmt));
    return std::nullopt;
  case Stmt::Kind::Cache:
    for (const Name &name : cast<CacheStmt>(stmt)->names)
      bind(name, Poison(), "cache");
    notSupported(stmt->range.head(5), "'cache'");
    return std::nullopt;
  case Stmt::Kind::Yield:
    notSupported(stmt->range.head(5), "'yield'");
    return std::nullopt;
  }
  return std::nullopt;
}

Value Sema::evaluateValues(ArrayRef<Expr *> values) {
  if (values.size() == 1)
    return evaluate(values.front());
  Tuple tuple;
  for (const Expr *value : values)
    tuple.elements.push_back(evaluate(value));
  return tuple;
}

void Sema::executeAssign(const AssignStmt *stmt) {
  Value value = evaluateValues(stmt->values);
  ArrayRef<Name> names = stmt->names;
  SourceRange place = cover(stmt->values.front()->range, stmt->values.back()->range);
  if (stmt->type)
    value = checkDeclared(names.front(), stmt->type, std::move(value), place);
  if (names.size() == 1)
    return bind(names.front(), std::move(value), "local");

  auto *tuple = value.as<Tuple>();
  auto *list = value.as<List>();
  ArrayRef<Value> parts = tuple  ? ArrayRef<Value>(tuple->elements)
                          : list ? ArrayRef<Value>(list->elements)
                                 : ArrayRef<Value>();
  bool fits = parts.size() == names.size();
  auto counted = [](size_t n, StringRef noun) {
    return formatv("{0} {1}{2}", n, noun, n == 1 ? "" : "s").str();
  };
  if (!fits && !value.isPoison())
    report(diag::UnpackCount, place, counted(names.size(), "name"),
           counted(tuple || list ? parts.size() : 1, "value"));
  for (auto [index, name] : enumerate(names))
    bind(name, fits ? parts[index] : Value(Poison()), "local");
}

Value Sema::checkDeclared(const Name &name, const Type *type, Value value, SourceRange range) {
  graph::SizedTensorType declaredType = resolveType(type);
  if (!declaredType || value.isPoison())
    return Poison();
  if (value.isNumber())
    return materialize(value, declaredType, range);
  auto *tensor = value.as<Tensor>();
  bool fits = tensor && tensor->elementType() == declaredType.getElementType() &&
              tensor->rank() == declaredType.rank();
  for (int64_t i = 0; fits && i < declaredType.rank(); ++i)
    fits = sameSize(tensor->sizes()[i], declaredType.getSizes()[i]);
  if (fits)
    return value;
  report(diag::DeclaredType, range, name.text, describe(declaredType), value.describe())
      .note(type->range, "declared here");
  return Poison();
}

void Sema::executeUpdate(const UpdateStmt *stmt) {
  std::optional<Value> target = lookup(stmt->target.text, stmt->target.range);
  if (!target) {
    unknownName(stmt->target.text, stmt->target.range);
    return;
  }
  if (target->is<Variable>()) {
    Instance *self = frame->self;
    const VariableDecl *decl = self ? self->variables.lookup(stmt->target.text) : nullptr;
    if (decl && !decl->isState) {
      report(diag::NotAState, stmt->target.range, stmt->target.text, "parameter")
          .note("parameters change through the optimizer; see `weight_decay`");
      return;
    }
  } else if (!target->isPoison()) {
    report(diag::NotAState, stmt->target.range, stmt->target.text, "value");
    return;
  }
  notSupported(stmt->arrow, "writing state with '<-'");
}

//===----------------------------------------------------------------------===//
// Control
//===----------------------------------------------------------------------===//

std::optional<Value> Sema::executeFor(const ForStmt *stmt) {
  std::optional<std::vector<Value>> elements = sequence(stmt->sequence);
  if (!elements || !checkHiding(stmt->variable, "loop variable"))
    return std::nullopt;
  for (const Value &element : *elements) {
    // Names first bound in the body live for one round; others are bound anew and carried on.
    frame->scopes.emplace_back();
    if (!stmt->variable.isDiscard())
      frame->scopes.back()[stmt->variable.text] = element;
    std::optional<Value> returned = execute(stmt->body);
    frame->scopes.pop_back();
    if (returned)
      return returned;
  }
  return std::nullopt;
}

std::optional<Value> Sema::executeIf(const IfStmt *stmt) {
  std::optional<bool> holds = condition(stmt->condition, "if");
  if (!holds)
    return std::nullopt;
  if (*holds)
    return execute(stmt->then);
  if (stmt->elseIf)
    return executeIf(stmt->elseIf);
  if (stmt->otherwise)
    return execute(stmt->otherwise);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// require
//===----------------------------------------------------------------------===//

bool Sema::require(const Expr *expr, const RequireStmt *stmt) {
  const Expr *inner = ignoreParens(expr);
  auto *binary = dyn_cast<BinaryExpr>(inner);
  if (binary && binary->op == BinaryExpr::Op::And) {
    bool isLeftMet = require(binary->left, stmt);
    return require(binary->right, stmt) && isLeftMet;
  }
  std::string message = stmt->message ? stmt->message->value.str() : inner->range.text().str();
  std::optional<graph::ComparePredicate> compared =
      binary ? Sema::predicate(binary->op) : std::nullopt;
  if (compared) {
    Value left = evaluate(binary->left), right = evaluate(binary->right);
    graph::SizeAttr a = left.asSize(&context), b = right.asSize(&context);
    if (left.isPoison() || right.isPoison())
      return true;
    graph::SizeAttr difference = a && b ? a.sub(b) : graph::SizeAttr();
    if (difference && !difference.getConstant()) {
      if (symbolic)
        return true;
      ++operations;
      graph::RequireOp::create(builder, loc(isLibrarys(stmt->range) ? userRange : stmt->range), a,
                               *compared, b, message);
      return true;
    }
  }
  std::optional<bool> holds = condition(expr, "require");
  if (holds && !*holds)
    report(diag::RequireFailed, expr->range, message);
  return holds.value_or(true);
}

} // namespace tenon::dsl::sema
