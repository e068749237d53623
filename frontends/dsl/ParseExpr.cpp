//===- ParseExpr.cpp - Operators, calls and selections --------------------===//

#include "frontends/dsl/ParserImpl.h"

using namespace llvm;

namespace tenon::dsl {

using ast::BinaryExpr;
using ast::Expr;

Expr *Parser::finish(Expr *node, ArrayRef<const Expr *> children) {
  unsigned height = 0;
  for (const Expr *child : children)
    height = std::max<unsigned>(height, child->height);
  if (++height > limits::nesting) {
    tooDeep(node->range);
    return nullptr;
  }
  node->height = height;
  tallest = std::max(tallest, height);
  return node;
}

//===----------------------------------------------------------------------===//
// Operators, from the loosest to the tightest
//===----------------------------------------------------------------------===//

Expr *Parser::makeBinary(BinaryExpr::Op op, Expr *left, SourceRange opRange, Expr *right) {
  if (!left || !right)
    return nullptr;
  auto *node = make<BinaryExpr>(cover(left->range, right->range));
  node->op = op;
  node->opRange = opRange;
  node->left = left;
  node->right = right;
  return finish(node, {left, right});
}

Expr *Parser::parseExpr() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  Expr *left = parseAnd();
  while (left && is(Tok::Or)) {
    SourceRange op = take();
    left = makeBinary(BinaryExpr::Op::Or, left, op, parseAnd());
  }
  return left;
}

Expr *Parser::parseAnd() {
  Expr *left = parseNot();
  while (left && is(Tok::And)) {
    SourceRange op = take();
    left = makeBinary(BinaryExpr::Op::And, left, op, parseNot());
  }
  return left;
}

Expr *Parser::parseNot() {
  if (!is(Tok::Not))
    return parseComparison();
  Nest nest(*this);
  if (!nest)
    return nullptr;
  SourceRange op = take();
  Expr *operand = parseNot();
  if (!operand)
    return nullptr;
  auto *node = make<ast::UnaryExpr>(cover(op, operand->range));
  node->op = ast::UnaryExpr::Op::Not;
  node->opRange = op;
  node->operand = operand;
  return finish(node, {operand});
}

static std::optional<BinaryExpr::Op> comparison(Tok kind) {
  switch (kind) {
  case Tok::EqualEqual:
    return BinaryExpr::Op::Equal;
  case Tok::NotEqual:
    return BinaryExpr::Op::NotEqual;
  case Tok::Less:
    return BinaryExpr::Op::Less;
  case Tok::LessEqual:
    return BinaryExpr::Op::LessEqual;
  case Tok::Greater:
    return BinaryExpr::Op::Greater;
  case Tok::GreaterEqual:
    return BinaryExpr::Op::GreaterEqual;
  default:
    return std::nullopt;
  }
}

Expr *Parser::parseComparison() {
  Expr *left = parseRange();
  std::optional<BinaryExpr::Op> op = comparison(kind());
  if (!left || !op)
    return left;
  SourceRange opRange = take();
  Expr *right = parseRange();
  left = makeBinary(*op, left, opRange, right);
  while (left && comparison(kind())) {
    SourceRange second = take();
    report(diag::ChainedComparison, second)
        .highlight(opRange)
        .fixIt(right->range.after(), (" and " + right->range.text()).str());
    right = parseRange();
    if (!right)
      return nullptr;
  }
  return left;
}

Expr *Parser::parseRange() {
  Expr *begin = parseSum();
  if (!begin || !takeIf(Tok::DotDot))
    return begin;
  Expr *end = parseSum();
  if (!end)
    return nullptr;
  auto *node = make<ast::RangeExpr>(cover(begin->range, end->range));
  node->begin = begin;
  node->end = end;
  return finish(node, {begin, end});
}

Expr *Parser::parseSum() {
  Expr *left = parseTerm();
  while (left && (is(Tok::Plus) || is(Tok::Minus))) {
    auto op = is(Tok::Plus) ? BinaryExpr::Op::Add : BinaryExpr::Op::Subtract;
    SourceRange opRange = take();
    left = makeBinary(op, left, opRange, parseTerm());
  }
  return left;
}

Expr *Parser::parseTerm() {
  Expr *left = parseUnary();
  while (left) {
    if (is(Tok::PercentSign)) {
      left = parsePercentOperator(left);
    } else if (is(Tok::At)) {
      left = parseMatmulOperator(left);
    } else if (is(Tok::Star) || is(Tok::Slash)) {
      auto op = is(Tok::Star) ? BinaryExpr::Op::Multiply : BinaryExpr::Op::Divide;
      SourceRange opRange = take();
      left = makeBinary(op, left, opRange, parseUnary());
    } else {
      break;
    }
  }
  return left;
}

/// `a % b`, or `80 %` with a space too many.
Expr *Parser::parsePercentOperator(Expr *left) {
  SourceRange op = take();
  bool endsHere = atEnd() || is(Tok::Comma) || is(Tok::RParen) || is(Tok::RBracket);
  if (endsHere && isa<ast::NumberExpr>(left)) {
    report(diag::PercentOperator, op)
        .note("a percentage has no space before its '%'")
        .fixIt({&source, left->range.end, op.begin}, "");
    return left;
  }
  Diagnostic &d = report(diag::PercentOperator, op);
  Expr *right = parseUnary();
  if (!right)
    return nullptr;
  SourceRange all = cover(left->range, right->range);
  d.fixIt(all, ("mod(" + left->range.text() + ", " + right->range.text() + ")").str());
  return makeBinary(BinaryExpr::Op::Divide, left, op, right);
}

/// `x @ w`: the axes are not known here, so the help can only show the form.
Expr *Parser::parseMatmulOperator(Expr *left) {
  SourceRange op = take();
  Diagnostic &d = report(diag::MatmulOperator, op);
  Expr *right = parseUnary();
  if (!right)
    return nullptr;
  auto operand = [](const Expr *e) {
    return isa<ast::NameExpr>(e) ? e->range.text().str() : ("(" + e->range.text() + ")").str();
  };
  d.note("name the axes and which of them is summed")
      .fixIt(cover(left->range, right->range),
             "einsum(" + operand(left) + "[b, i], " + operand(right) + "[o, i] -> [b, o])");
  return makeBinary(BinaryExpr::Op::Multiply, left, op, right);
}

Expr *Parser::parseUnary() {
  if (!is(Tok::Minus))
    return parsePower();
  Nest nest(*this);
  if (!nest)
    return nullptr;
  SourceRange op = take();
  Expr *operand = parseUnary();
  if (!operand)
    return nullptr;
  auto *node = make<ast::UnaryExpr>(cover(op, operand->range));
  node->opRange = op;
  node->operand = operand;
  return finish(node, {operand});
}

Expr *Parser::parsePower() {
  Expr *base = parsePostfix();
  if (!base || !is(Tok::StarStar))
    return base;
  Nest nest(*this);
  if (!nest)
    return nullptr;
  SourceRange op = take();
  return makeBinary(BinaryExpr::Op::Power, base, op, parseUnary());
}

//===----------------------------------------------------------------------===//
// Calls, members, selections
//===----------------------------------------------------------------------===//

Expr *Parser::parsePostfix() {
  if (isElementType(kind()) && kindAfter() != Tok::LParen) {
    size_t first = at;
    ast::Type *type = parseType();
    if (!type)
      return nullptr;
    auto *node = make<ast::TypeExpr>(since(first));
    node->type = type;
    SmallVector<const Expr *> sizes;
    for (const ast::Dim &dim : type->dims)
      sizes.push_back(dim.size);
    return finish(node, sizes);
  }
  Expr *base = parseCall();
  while (base && is(Tok::LBracket)) {
    std::optional<ast::Selection> selection = parseSelection();
    if (!selection)
      return nullptr;
    auto *node = make<ast::SelectExpr>(cover(base->range, selection->range));
    node->base = base;
    node->selection = *selection;
    SmallVector<const Expr *> children{base};
    for (const ast::SelectItem &item : selection->items)
      children.push_back(item.index);
    base = finish(node, children);
    if (base)
      base = parseSuffixes(base);
  }
  return base;
}

Expr *Parser::parseCall() {
  Expr *base = parsePrimary();
  return base ? parseSuffixes(base) : nullptr;
}

Expr *Parser::parseSuffixes(Expr *base) {
  while (base) {
    if (is(Tok::LParen)) {
      std::optional<ast::Args> args = parseArgs();
      if (!args)
        return nullptr;
      auto *node = make<ast::CallExpr>(cover(base->range, args->range));
      node->callee = base;
      node->args = *args;
      SmallVector<const Expr *> children{base};
      for (const ast::Arg &arg : args->list)
        children.push_back(arg.value);
      base = finish(node, children);
    } else if (takeIf(Tok::Dot)) {
      std::optional<ast::Name> member = parseName("a name after '.'");
      if (!member)
        return nullptr;
      auto *node = make<ast::MemberExpr>(cover(base->range, member->range));
      node->base = base;
      node->member = *member;
      base = finish(node, {base});
    } else {
      break;
    }
  }
  return base;
}

std::optional<ArrayRef<Expr *>> Parser::parseExprs() {
  SmallVector<Expr *> list;
  do {
    Expr *e = parseExpr();
    if (!e)
      return std::nullopt;
    list.push_back(e);
  } while (takeIf(Tok::Comma));
  return copy(list);
}

std::optional<ast::Args> Parser::parseArgs() {
  size_t first = at;
  SmallVector<ast::Arg> list;
  bool ok = parseParenthesised([&] {
    size_t begin = at;
    std::optional<ast::Name> name;
    if (is(Tok::Identifier) && kindAfter() == Tok::Colon) {
      name = parseName("a name");
      take();
    }
    Expr *value = parseExpr();
    if (value)
      list.push_back({name, value, since(begin)});
    return value != nullptr;
  });
  if (!ok)
    return std::nullopt;
  return ast::Args{copy(list), since(first)};
}

std::optional<ast::Selection> Parser::parseSelection() {
  size_t first = at;
  SourceRange opening = take();
  Breaks ignored(*this, false);
  if (rejectKeptAxes(opening))
    return std::nullopt;
  SmallVector<ast::SelectItem> items;
  do {
    if (!parseSelectItem(items))
      return std::nullopt;
  } while (takeIf(Tok::Comma));
  if (!expectClose(Tok::RBracket, opening))
    return std::nullopt;
  return ast::Selection{copy(items), since(first)};
}

bool Parser::parseSelectItem(SmallVectorImpl<ast::SelectItem> &items) {
  size_t first = at;
  std::optional<ast::Name> axis;
  if (is(Tok::Identifier) && kindAfter() == Tok::Colon) {
    axis = parseName("an axis");
    take();
  }
  Expr *index = parseExpr();
  if (!index)
    return false;
  if (is(Tok::Colon)) {
    report(diag::ColonSelection, here())
        .note("a slice is a range: 'axis: first .. end'; its end is not included");
    return false;
  }
  items.push_back({axis, index, since(first)});
  return true;
}

/// `x[:, 0]` and `x[..., 0]`: true (reported) when the selection begins so.
bool Parser::rejectKeptAxes(SourceRange opening) {
  bool colon = is(Tok::Colon);
  if (!colon && !is(Tok::Ellipsis))
    return false;
  Diagnostic &d = report(colon ? diag::ColonSelection : diag::EllipsisSelection, here());
  // When all that is left is one index, show the selection it stands for.
  while (is(Tok::Colon) || is(Tok::Ellipsis) || is(Tok::Comma))
    take();
  size_t first = at;
  if (is(Tok::RBracket) || !parseExpr() || !is(Tok::RBracket)) {
    d.note("write the name of the axis and the index: 'x[seq: 0]'");
    return true;
  }
  std::string index = since(first).text().str();
  take();
  d.note("write the name of the axis in place of 'axis'")
      .fixIt(cover(opening, previous()), "[axis: " + index + "]");
  return true;
}

} // namespace tenon::dsl
