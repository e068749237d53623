//===- ParsePattern.cpp - einsum and rearrange ----------------------------===//

#include "frontends/dsl/ParserImpl.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace tenon::dsl {

using ast::Expr;

Expr *Parser::parseContraction() {
  size_t first = at;
  bool isEinsum = is(Tok::Einsum);
  SourceRange keyword = take();
  SourceRange opening = here();
  if (!expect(Tok::LParen))
    return nullptr;
  Breaks ignored(*this, false);
  if (is(Tok::String))
    return rejectPatternString(keyword, first);
  SmallVector<ast::PatternOperand> operands;
  SmallVector<const Expr *> children;
  do {
    std::optional<ast::PatternOperand> operand = parsePatternOperand();
    if (!operand)
      return nullptr;
    operands.push_back(*operand);
    children.push_back(operand->value);
  } while (takeIf(Tok::Comma));
  if (!expect(Tok::RightArrow, "'->' and the axes of the result"))
    return nullptr;
  std::optional<ast::Pattern> result = parsePattern();
  if (!result || !expectClose(Tok::RParen, opening))
    return nullptr;
  auto *node = make<ast::ContractionExpr>(since(first));
  node->isEinsum = isEinsum;
  node->keyword = keyword;
  node->operands = copy(operands);
  node->result = *result;
  return finish(node, children);
}

/// "bij" as "[b, i, j]"; empty if it is anything but letters.
static std::string axisList(StringRef letters) {
  letters = letters.trim();
  if (!all_of(letters, isAlpha))
    return "";
  std::string out = "[";
  for (char letter : letters)
    out += (out.size() > 1 ? ", " : "") + std::string(1, letter);
  return out + "]";
}

/// `einsum("bij,bjk->bik", a, b)` as Tenon writes it; empty if the string does not say.
static std::string translateEinsum(StringRef pattern, ArrayRef<Expr *> operands) {
  auto [inputs, output] = pattern.split("->");
  SmallVector<StringRef> lists;
  inputs.split(lists, ',');
  std::string result = axisList(output);
  if (lists.size() != operands.size() || result.empty() || !pattern.contains("->"))
    return "";
  std::string out = "einsum(";
  for (auto [list, operand] : zip_equal(lists, operands)) {
    std::string axes = axisList(list);
    if (axes.empty())
      return "";
    bool plain = isa<ast::NameExpr, ast::CallExpr, ast::MemberExpr>(operand);
    StringRef text = operand->range.text();
    out += (out.back() == '(' ? "" : ", ") + (plain ? text.str() : ("(" + text + ")").str()) + axes;
  }
  return out + " -> " + result + ")";
}

Expr *Parser::rejectPatternString(SourceRange keyword, size_t first) {
  Diagnostic &d = report(diag::PatternString, here(), keyword.text());
  StringRef pattern = decode(token());
  take();
  SmallVector<Expr *> operands;
  while (takeIf(Tok::Comma)) {
    operands.push_back(parseExpr());
    if (!operands.back())
      return nullptr;
  }
  SourceRange opening = rangeOf(tokens[first + 1]);
  if (!expectClose(Tok::RParen, opening))
    return nullptr;
  bool isEinsum = keyword.text() == "einsum";
  std::string meant = isEinsum ? translateEinsum(pattern, operands) : "";
  if (!meant.empty())
    d.fixIt(since(first), meant);
  else if (isEinsum)
    d.note("write each operand with its axes: 'einsum(a[i, k], b[k, j] -> [i, j])'");
  else
    d.note("write the axes behind the value: 'rearrange(x[b, t, h * d] -> [b, h, t, d])'");
  return finish(make<ast::ErrorExpr>(since(first)), {});
}

/// Whether the '[' here closes right before another '[': then it selects. Looks only as far as a
/// selection a person would write.
bool Parser::selectionStandsBeforePattern() const {
  constexpr size_t farthest = 200;
  unsigned open = 0;
  for (size_t i = at; i < std::min(tokens.size() - 1, at + farthest); ++i) {
    open += tokens[i].kind == Tok::LBracket;
    open -= tokens[i].kind == Tok::RBracket;
    if (open == 0)
      return tokens[i + 1].kind == Tok::LBracket;
  }
  return false;
}

std::optional<ast::PatternOperand> Parser::parsePatternOperand() {
  size_t first = at;
  Expr *value = parseCall();
  while (value && is(Tok::LBracket) && selectionStandsBeforePattern()) {
    std::optional<ast::Selection> selection = parseSelection();
    if (!selection)
      return std::nullopt;
    report(diag::SelectionInPattern, selection->range)
        .note("put it in parentheses, or give it a name first")
        .fixIt(value->range.before(), "(")
        .fixIt(selection->range.after(), ")");
  }
  if (!value)
    return std::nullopt;
  if (!is(Tok::LBracket)) {
    expected("the axes of the operand in '[ ]'");
    return std::nullopt;
  }
  std::optional<ast::Pattern> pattern = parsePattern();
  if (!pattern)
    return std::nullopt;
  return ast::PatternOperand{value, *pattern, since(first)};
}

std::optional<ast::Pattern> Parser::parsePattern() {
  size_t first = at;
  SourceRange opening = here();
  if (!expect(Tok::LBracket, "an axis list in '[ ]'"))
    return std::nullopt;
  Breaks ignored(*this, false);
  ast::Pattern pattern;
  SmallVector<ast::PatternItem> items;
  bool more = !is(Tok::RBracket);
  if (takeIf(Tok::Ellipsis)) {
    pattern.leadingAxes = true;
    more = takeIf(Tok::Comma);
  }
  while (more) {
    std::optional<ast::PatternItem> item = parsePatternItem();
    if (!item)
      return std::nullopt;
    items.push_back(*item);
    more = takeIf(Tok::Comma);
  }
  if (!expectClose(Tok::RBracket, opening))
    return std::nullopt;
  pattern.items = copy(items);
  pattern.range = since(first);
  return pattern;
}

std::optional<ast::PatternItem> Parser::parsePatternItem() {
  size_t first = at;
  SmallVector<ast::PatternFactor> factors;
  do {
    ast::PatternFactor factor;
    factor.range = here();
    if (is(Tok::Ellipsis)) {
      report(diag::LeadingAxesPlace, here());
      return std::nullopt;
    }
    if (is(Tok::Integer))
      factor.integer = parseInteger().value_or(0);
    else if (!(factor.name = parseName("an axis: a name or an integer")))
      return std::nullopt;
    factors.push_back(factor);
  } while (takeIf(Tok::Star));
  return ast::PatternItem{copy(factors), since(first)};
}

} // namespace tenon::dsl
