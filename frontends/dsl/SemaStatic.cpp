//===- SemaStatic.cpp - Arithmetic at compile time ------------------------------===//

#include "frontends/dsl/Sema.h"
#include "llvm/Support/CheckedArithmetic.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

using Op = BinaryExpr::Op;

static std::optional<double> floatArithmetic(Op op, double a, double b) {
  switch (op) {
  case Op::Add:
    return a + b;
  case Op::Subtract:
    return a - b;
  case Op::Multiply:
    return a * b;
  case Op::Divide:
    return a / b;
  default:
    return std::nullopt;
  }
}

Value Sema::staticArithmetic(const BinaryExpr *expr, const Value &left, const Value &right) {
  graph::SizeAttr a = left.asSize(&context), b = right.asSize(&context);
  if (!a || !b) {
    // A run-time size among floats is only known in a symbolic check.
    std::optional<double> x = left.asFloat(), y = right.asFloat();
    if ((!x && !a) || (!y && !b))
      return Poison();
    if ((a && !x) || (b && !y)) {
      if (!symbolic)
        report(diag::NotStatic, expr->range, ast::spelling(expr->op));
      return symbolic ? Value(1.0) : Value(Poison());
    }
    std::optional<double> result = floatArithmetic(expr->op, *x, *y);
    return result ? Value(*result) : Value(Poison());
  }
  graph::SizeAttr result;
  switch (expr->op) {
  case Op::Add:
    result = a.add(b);
    break;
  case Op::Subtract:
    result = a.sub(b);
    break;
  case Op::Multiply:
    result = a.mul(b);
    break;
  case Op::Divide:
    if (b.isConstant(0)) {
      report(diag::DivisionByZero, expr->right->range);
      return Poison();
    }
    if ((result = a.divExact(b)))
      break;
    if (symbolic)
      return Value::ofSize(a.divFloor(b));
    report(diag::NotDivisible, expr->range, a.str(), b.str())
        .note(
            formatv("an int divides exactly; `{0}.0 / {1}` is a float, `div({0}, {1})` rounds down",
                    a.str(), b.str())
                .str());
    return Poison();
  default:
    return Poison();
  }
  if (!result)
    report(diag::Overflow, expr->range);
  return Value::ofSize(result);
}

Value Sema::staticPower(const BinaryExpr *expr, const Value &base, const Value &exponent) {
  auto *n = exponent.as<int64_t>();
  graph::SizeAttr size = base.asSize(&context);
  if (size && n && *n >= 0) {
    constexpr int64_t largest = 64; // 2**63 is already too large
    graph::SizeAttr result = graph::SizeAttr::constant(&context, 1);
    bool isTrivial = size.isConstant(1) || size.isConstant(0);
    for (int64_t i = 0; result && i < (isTrivial ? std::min<int64_t>(*n, 1) : *n); ++i)
      result = i < largest ? result.mul(size) : graph::SizeAttr();
    if (!result)
      report(diag::Overflow, expr->range);
    return Value::ofSize(result);
  }
  std::optional<double> x = base.asFloat(), y = exponent.asFloat();
  if (x && y)
    return std::pow(*x, *y);
  if (symbolic)
    return 1.0;
  report(diag::NotStatic, expr->range, "**");
  return Poison();
}

template <typename T> static bool compare(Op op, const T &a, const T &b) {
  switch (op) {
  case Op::Equal:
    return a == b;
  case Op::NotEqual:
    return a != b;
  case Op::Less:
    return a < b;
  case Op::LessEqual:
    return a <= b;
  case Op::Greater:
    return a > b;
  default:
    return a >= b;
  }
}

std::optional<bool> Sema::staticCompare(const BinaryExpr *expr, const Value &left,
                                        const Value &right) {
  bool isEquality = expr->op == Op::Equal || expr->op == Op::NotEqual;
  graph::SizeAttr a = left.asSize(&context), b = right.asSize(&context);
  if (a && b) {
    graph::SizeAttr difference = a.sub(b);
    if (difference)
      if (std::optional<int64_t> known = difference.getConstant())
        return compare<int64_t>(expr->op, *known, 0);
    if (symbolic)
      return true; // one of the branches is checked
    report(diag::NotStatic, expr->range, ast::spelling(expr->op));
    return std::nullopt;
  }
  std::optional<double> x = left.asFloat(), y = right.asFloat();
  if (x && y)
    return compare(expr->op, *x, *y);
  auto *p = left.as<bool>(), *q = right.as<bool>();
  if (p && q && isEquality)
    return compare(expr->op, *p, *q);
  auto *s = left.as<StringRef>(), *t = right.as<StringRef>();
  if (s && t && isEquality)
    return (*s == *t) == (expr->op == Op::Equal);
  if (symbolic && ((a && y) || (b && x)))
    return true;
  report(diag::NoComparison, expr->range, left.describe(), right.describe());
  return std::nullopt;
}

std::optional<bool> Sema::condition(const Expr *expr, StringRef keyword) {
  Value value = evaluate(expr);
  if (value.isPoison())
    return std::nullopt;
  if (auto *flag = value.as<bool>())
    return *flag;
  if (value.is<Tensor>()) {
    Diagnostic &d = report(diag::NotStatic, expr->range, keyword);
    if (keyword == "if")
      d.note(formatv("to choose at run time write `where({0}, a, b)`", expr->range.text()).str());
    return std::nullopt;
  }
  wrongKind(expr->range, "a condition", "a bool", value);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// One static value of a kind
//===----------------------------------------------------------------------===//

void Sema::wrongKind(SourceRange range, StringRef what, StringRef wanted, const Value &value) {
  if (!value.isPoison())
    report(diag::WrongKind, range, what, wanted, value.describe());
}

std::optional<int64_t> Sema::staticInt(const Expr *expr, StringRef what) {
  Value value = evaluate(expr);
  if (auto *integer = value.as<int64_t>())
    return *integer;
  wrongKind(expr->range, what, "an int", value);
  return std::nullopt;
}

std::optional<double> Sema::staticFloat(const Expr *expr, StringRef what) {
  Value value = evaluate(expr);
  if (std::optional<double> number = value.asFloat())
    return number;
  wrongKind(expr->range, what, "a number", value);
  return std::nullopt;
}

std::optional<bool> Sema::staticBool(const Expr *expr, StringRef what) {
  Value value = evaluate(expr);
  if (auto *flag = value.as<bool>())
    return *flag;
  wrongKind(expr->range, what, "true or false", value);
  return std::nullopt;
}

std::optional<std::string> Sema::staticString(const Expr *expr, StringRef what) {
  Value value = evaluate(expr);
  if (auto *text = value.as<StringRef>())
    return text->str();
  wrongKind(expr->range, what, "a string", value);
  return std::nullopt;
}

} // namespace tenon::dsl::sema
