//===- SemaOperators.cpp - Operators --------------------------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

using Op = BinaryExpr::Op;

static Argument operand(const Expr *expr, Value value) {
  return {StringRef(), std::move(value), expr->range, {}, expr};
}

/// Something an operator can take: tensors, numbers and, for logic, bools.
static bool isOperand(const Value &value) {
  return value.is<Tensor>() || value.isNumber() || value.is<bool>();
}

Value Sema::evaluateUnary(const UnaryExpr *expr) {
  Value value = evaluate(expr->operand);
  if (value.isPoison())
    return value;
  if (expr->op == UnaryExpr::Op::Not) {
    if (auto *flag = value.as<bool>())
      return !*flag;
  } else if (auto *number = value.as<double>()) {
    return -*number;
  } else if (graph::SizeAttr size = value.asSize(&context)) {
    graph::SizeAttr negated = graph::SizeAttr::constant(&context, 0).sub(size);
    if (!negated)
      report(diag::Overflow, expr->range);
    return Value::ofSize(negated);
  }
  StringRef symbol = ast::spelling(expr->op);
  if (!value.is<Tensor>()) {
    report(diag::NoOperator, expr->range, symbol, value.describe());
    return Poison();
  }
  std::string name = expr->op == UnaryExpr::Op::Not ? "operator not" : "operator-";
  Argument argument = operand(expr->operand, value);
  return callPrimitive(name, argument, expr->range, expr->opRange);
}

Value Sema::evaluateBinary(const BinaryExpr *expr) {
  switch (expr->op) {
  case Op::Or:
  case Op::And:
    return evaluateLogical(expr);
  case Op::Power:
    return evaluatePower(expr);
  case Op::Add:
  case Op::Subtract:
  case Op::Multiply:
  case Op::Divide:
    break;
  default:
    return evaluateCompare(expr);
  }
  Value left = evaluate(expr->left), right = evaluate(expr->right);
  if (left.isPoison() || right.isPoison())
    return Poison();
  if ((left.isNumber() || left.is<Percent>()) && (right.isNumber() || right.is<Percent>()))
    return staticArithmetic(expr, left, right);
  std::string name = ("operator" + ast::spelling(expr->op)).str();
  return binaryOperator(name, operand(expr->left, left), operand(expr->right, right), expr->range);
}

Value Sema::binaryOperator(StringRef name, const Argument &left, const Argument &right,
                           SourceRange range) {
  for (const Argument *side : {&left, &right})
    if (!isOperand(side->value)) {
      StringRef symbol = name;
      symbol.consume_front("operator");
      report(diag::NoOperator, side->range, symbol.trim(), side->value.describe());
      return Poison();
    }
  Argument operands[] = {left, right};
  return callPrimitive(name, operands, range, range);
}

Value Sema::evaluateLogical(const BinaryExpr *expr) {
  Value left = evaluate(expr->left);
  // A static side that decides hides the other one: `layers > 1 and sizes[1] == 2`.
  auto *flag = left.as<bool>();
  if (flag && *flag == (expr->op == Op::Or))
    return *flag;
  Value right = evaluate(expr->right);
  if (left.isPoison() || right.isPoison())
    return Poison();
  if (flag)
    return right;
  std::string name = expr->op == Op::Or ? "operator or" : "operator and";
  return binaryOperator(name, operand(expr->left, left), operand(expr->right, right), expr->range);
}

std::optional<graph::ComparePredicate> Sema::predicate(Op op) {
  switch (op) {
  case Op::Equal:
    return graph::ComparePredicate::eq;
  case Op::NotEqual:
    return graph::ComparePredicate::ne;
  case Op::Less:
    return graph::ComparePredicate::lt;
  case Op::LessEqual:
    return graph::ComparePredicate::le;
  case Op::Greater:
    return graph::ComparePredicate::gt;
  case Op::GreaterEqual:
    return graph::ComparePredicate::ge;
  default:
    return std::nullopt;
  }
}

Value Sema::evaluateCompare(const BinaryExpr *expr) {
  Value left = evaluate(expr->left), right = evaluate(expr->right);
  if (left.isPoison() || right.isPoison())
    return Poison();
  if (!left.is<Tensor>() && !right.is<Tensor>()) {
    std::optional<bool> result = staticCompare(expr, left, right);
    return result ? Value(*result) : Value(Poison());
  }
  if (!isOperand(left) || !isOperand(right)) {
    report(diag::NoComparison, expr->range, left.describe(), right.describe());
    return Poison();
  }
  Argument operands[] = {operand(expr->left, left), operand(expr->right, right)};
  std::optional<Unified> unified = unify(operands, {false, false}, expr->range);
  if (!unified)
    return Poison();
  ++operations;
  graph::GraphBuilder b(builder, loc());
  return Tensor{b.compare(*predicate(expr->op), unified->values[0], unified->values[1]),
                unified->axes};
}

Value Sema::evaluatePower(const BinaryExpr *expr) {
  Value base = evaluate(expr->left), exponent = evaluate(expr->right);
  if (base.isPoison() || exponent.isPoison())
    return Poison();
  if (base.isNumber() && exponent.isNumber())
    return staticPower(expr, base, exponent);
  auto *tensor = base.as<Tensor>();
  auto *integer = exponent.as<int64_t>();
  auto *number = exponent.as<double>();
  if (!tensor || !exponent.isNumber())
    return notSupported(expr->opRange, "'**' with an exponent that is no static number");
  Argument x = operand(expr->left, base);
  if (number && *number == std::trunc(*number) && std::abs(*number) < 1e6) {
    exponent = int64_t(*number);
    integer = exponent.as<int64_t>();
  }
  if (!integer) {
    if (number && *number == 0.5)
      return callPrimitive("sqrt", x, expr->range, expr->opRange);
    return notSupported(expr->opRange, "'**' with this exponent");
  }
  constexpr int64_t largest = 64;
  if (*integer < 0 || *integer > largest)
    return notSupported(expr->opRange, "'**' with this exponent");
  if (*integer == 0) {
    ++operations;
    graph::GraphBuilder b(builder, loc());
    return Tensor{b.constant(1, tensor->type()), tensor->axes};
  }
  // Repeated multiplication, by the binary digits of the exponent.
  Argument power = x, result{};
  bool hasResult = false;
  for (int64_t n = *integer; n > 0; n >>= 1) {
    if (n & 1) {
      if (hasResult)
        result.value = binaryOperator("operator*", result, power, expr->range);
      else
        result = power;
      hasResult = true;
    }
    if (n > 1)
      power.value = binaryOperator("operator*", power, power, expr->range);
  }
  return result.value;
}

} // namespace tenon::dsl::sema
