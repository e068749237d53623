//===- Ast.cpp - Spellings ------------------------------------------------===//

#include "frontends/dsl/Ast.h"

namespace tenon::dsl::ast {

StringRef spelling(ElementType type) {
  static const char *const texts[] = {"bool", "f16", "bf16", "f32", "f64", "i8", "i32", "i64"};
  return texts[static_cast<size_t>(type)];
}

StringRef spelling(BinaryExpr::Op op) {
  static const char *const texts[] = {"or", "and", "==", "!=", "<", "<=", ">",
                                      ">=", "+",   "-",  "*",  "/", "**"};
  return texts[static_cast<size_t>(op)];
}

StringRef spelling(UnaryExpr::Op op) { return op == UnaryExpr::Op::Negate ? "-" : "not"; }

const Expr *ignoreParens(const Expr *expr) {
  while (auto *paren = llvm::dyn_cast<ParenExpr>(expr))
    expr = paren->inner;
  return expr;
}

} // namespace tenon::dsl::ast
