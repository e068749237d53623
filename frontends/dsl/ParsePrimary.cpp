//===- ParsePrimary.cpp - Values, conditions and scans --------------------===//

#include "frontends/dsl/ParserImpl.h"
#include "llvm/ADT/StringExtras.h"

#include <cmath>

using namespace llvm;

namespace tenon::dsl {

using ast::Expr;

Expr *Parser::parsePrimary() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  switch (kind()) {
  case Tok::Identifier: {
    std::optional<ast::Name> name = parseName("a name");
    auto *node = make<ast::NameExpr>(name->range);
    node->name = *name;
    return finish(node, {});
  }
  case Tok::Integer:
  case Tok::Float:
  case Tok::Percent:
    return parseNumber();
  case Tok::String: {
    StringRef value = decode(token());
    auto *node = make<ast::StringExpr>(take());
    node->value = value;
    return finish(node, {});
  }
  case Tok::True:
  case Tok::False: {
    bool value = is(Tok::True);
    auto *node = make<ast::BoolExpr>(take());
    node->value = value;
    return finish(node, {});
  }
  case Tok::LParen:
    return parseParens();
  case Tok::LBracket:
    return parseList();
  case Tok::If:
    return parseIf();
  case Tok::Scan:
    return parseScan();
  case Tok::Einsum:
  case Tok::Rearrange:
    return parseContraction();
  default:
    break;
  }
  if (isElementType(kind())) { // a type without '(' was taken by parsePostfix
    size_t first = at;
    auto element = static_cast<ast::ElementType>(int(kind()) - int(Tok::Bool));
    take();
    std::optional<ast::Args> args = parseArgs();
    if (!args)
      return nullptr;
    auto *node = make<ast::ConvertExpr>(since(first));
    node->element = element;
    node->args = *args;
    SmallVector<const Expr *> children;
    for (const ast::Arg &arg : args->list)
      children.push_back(arg.value);
    return finish(node, children);
  }
  expected("an expression");
  return nullptr;
}

/// A number with the '_' taken out.
static double toDouble(StringRef digits) {
  std::string plain = digits.str();
  erase(plain, '_');
  double value = 0;
  StringRef(plain).getAsDouble(value);
  return value;
}

Expr *Parser::parseNumber() {
  StringRef text = textOf(token());
  if (is(Tok::Percent)) {
    auto *node = make<ast::PercentExpr>(take());
    node->text = text;
    node->value = toDouble(text.drop_back());
    return finish(node, {});
  }
  size_t first = at;
  auto *node = make<ast::NumberExpr>(here());
  node->text = text;
  node->value = toDouble(text);
  node->isInteger = is(Tok::Integer);
  if (node->isInteger)
    node->integer = parseInteger().value_or(0);
  else if (!std::isfinite(node->value))
    report(diag::BadNumber, take(), text.take_front(40), "it is too large for any type");
  else
    take();
  bool steps = isWord("step") || isWord("steps");
  if (steps || isWord("epoch") || isWord("epochs")) {
    node->unit = steps ? ast::NumberExpr::Unit::Steps : ast::NumberExpr::Unit::Epochs;
    node->unitText = textOf(token());
    take();
  }
  node->range = since(first);
  return finish(node, {});
}

Expr *Parser::parseParens() {
  size_t first = at;
  SourceRange opening = take();
  Breaks ignored(*this, false);
  std::optional<ArrayRef<Expr *>> elements = parseExprs();
  if (!elements || !expectClose(Tok::RParen, opening))
    return nullptr;
  if (elements->size() == 1) {
    auto *node = make<ast::ParenExpr>(since(first));
    node->inner = elements->front();
    return finish(node, {node->inner});
  }
  auto *node = make<ast::TupleExpr>(since(first));
  node->elements = *elements;
  return finish(node, ArrayRef<const Expr *>(elements->data(), elements->size()));
}

Expr *Parser::parseList() {
  size_t first = at;
  SourceRange opening = take();
  Breaks ignored(*this, false);
  ArrayRef<Expr *> elements;
  if (!is(Tok::RBracket)) {
    std::optional<ArrayRef<Expr *>> parsed = parseExprs();
    if (!parsed)
      return nullptr;
    elements = *parsed;
  }
  if (elements.size() == 1 && takeIf(Tok::For)) {
    std::optional<ast::Name> variable = parseName("a name for the elements");
    if (!variable || !expect(Tok::In))
      return nullptr;
    Expr *sequence = parseExpr();
    if (!sequence || !expectClose(Tok::RBracket, opening))
      return nullptr;
    auto *node = make<ast::ComprehensionExpr>(since(first));
    node->element = elements[0];
    node->variable = *variable;
    node->sequence = sequence;
    return finish(node, {node->element, sequence});
  }
  if (!expectClose(Tok::RBracket, opening))
    return nullptr;
  auto *node = make<ast::ListExpr>(since(first));
  node->elements = elements;
  return finish(node, ArrayRef<const Expr *>(elements.data(), elements.size()));
}

/// `{ expr END }`.
Expr *Parser::parseBraced() {
  SourceRange opening = here();
  if (!expect(Tok::LBrace))
    return nullptr;
  Breaks matter(*this, true);
  skipBreaks();
  Expr *value = parseExpr();
  if (!value || !expectEnd("the value"))
    return nullptr;
  skipBreaks();
  return expectClose(Tok::RBrace, opening) ? value : nullptr;
}

Expr *Parser::parseIf() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  size_t first = at;
  takeIf(Tok::If);
  Expr *condition = parseExpr();
  Expr *then = condition ? parseBraced() : nullptr;
  if (!then)
    return nullptr;
  ElseKind kind = takeElse();
  if (kind == ElseKind::None) {
    report(diag::MissingElse, previous().after()).highlight(rangeOf(tokens[first]));
    return nullptr;
  }
  Expr *otherwise = kind == ElseKind::If ? parseIf() : parseBraced();
  if (!otherwise)
    return nullptr;
  auto *node = make<ast::IfExpr>(since(first));
  node->condition = condition;
  node->then = then;
  node->otherwise = otherwise;
  node->elseIf = kind == ElseKind::If;
  return finish(node, {condition, then, otherwise});
}

ast::ScanExpr *Parser::parseScan() {
  size_t first = at;
  take();
  unsigned tallestOutside = std::exchange(tallest, 0);
  std::optional<ast::Name> variable = parseName("a name for the slices");
  if (!variable || !expect(Tok::In))
    return nullptr;
  Expr *sequence = parseExpr();
  if (!sequence)
    return nullptr;
  std::optional<ast::Axis> over;
  if (takeIfWord("over")) {
    over = parseAxis();
    if (!over)
      return nullptr;
  }
  ast::Block *body = parseBlock();
  if (!body)
    return nullptr;
  auto *node = make<ast::ScanExpr>(since(first));
  node->variable = *variable;
  node->sequence = sequence;
  node->over = over;
  node->body = body;
  node->height = tallest; // what `finish` compares as if it were a child's
  bool fits = finish(node, {node});
  tallest = std::max(tallest, tallestOutside);
  return fits ? node : nullptr;
}

std::optional<ast::Axis> Parser::parseAxis() {
  size_t first = at;
  ast::Axis axis;
  if (is(Tok::Identifier)) {
    axis.name = parseName("an axis");
  } else {
    bool negative = takeIf(Tok::Minus);
    std::optional<int64_t> index = parseInteger();
    if (!index)
      return std::nullopt;
    axis.index = negative ? -*index : *index;
  }
  axis.range = since(first);
  return axis;
}

} // namespace tenon::dsl
