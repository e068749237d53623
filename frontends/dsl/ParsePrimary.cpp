//===- ParsePrimary.cpp - Values, types, einsum and rearrange -----------------===//

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

//===----------------------------------------------------------------------===//
// einsum and rearrange
//===----------------------------------------------------------------------===//

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

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

ast::Type *Parser::parseType() {
  size_t first = at;
  if (!isElementType(kind())) {
    expected("a type");
    return nullptr;
  }
  auto *type = make<ast::Type>();
  bool isBool = is(Tok::Bool);
  type->element = static_cast<ast::ElementType>(int(kind()) - int(Tok::Bool));
  type->elementRange = take();
  if (is(Tok::LBracket)) {
    SourceRange opening = take();
    Breaks ignored(*this, false);
    type->bracketed = true;
    bool more = !is(Tok::RBracket);
    if (is(Tok::Ellipsis)) {
      type->leadingAxes = true;
      type->leadingRange = take();
      more = takeIf(Tok::Comma);
    }
    SmallVector<ast::Dim> dims;
    while (more) {
      std::optional<ast::Dim> dim = parseDim();
      if (!dim)
        return nullptr;
      dims.push_back(*dim);
      more = takeIf(Tok::Comma);
    }
    if (!expectClose(Tok::RBracket, opening))
      return nullptr;
    type->dims = copy(dims);
  } else if (isBool) {
    report(diag::PlainBool, type->elementRange).fixIt(type->elementRange.after(), "[]");
  }
  type->range = since(first);
  return type;
}

std::optional<ast::Dim> Parser::parseDim() {
  size_t first = at;
  if (is(Tok::Ellipsis)) {
    report(diag::LeadingAxesPlace, here());
    return std::nullopt;
  }
  std::optional<ast::Name> axis;
  if (is(Tok::Identifier) && kindAfter() == Tok::Colon) {
    axis = parseName("an axis");
    take();
  }
  Nest nest(*this);
  Expr *size = nest ? parseSum() : nullptr;
  if (!size)
    return std::nullopt;
  return ast::Dim{axis, size, since(first)};
}

static std::optional<ast::StaticType::Kind> staticKind(Tok kind, StringRef word) {
  using Kind = ast::StaticType::Kind;
  if (kind == Tok::Bool)
    return Kind::Bool;
  if (kind == Tok::Fn)
    return Kind::Fn;
  if (kind == Tok::LBracket)
    return Kind::List;
  if (kind != Tok::Identifier)
    return std::nullopt;
  for (auto [name, meaning] : {std::pair<StringRef, Kind>("int", Kind::Int),
                               {"float", Kind::Float},
                               {"str", Kind::Str},
                               {"init", Kind::Init}})
    if (word == name)
      return meaning;
  return std::nullopt;
}

bool Parser::atStaticType() const {
  bool runTimeBool = is(Tok::Bool) && kindAfter() == Tok::LBracket;
  return !runTimeBool && staticKind(kind(), textOf(token()));
}

ast::StaticType *Parser::parseStaticType() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  size_t first = at;
  std::optional<ast::StaticType::Kind> meaning = staticKind(kind(), textOf(token()));
  if (!meaning) {
    expected("'int', 'float', 'bool', 'str', 'init', 'fn' or a list type like '[int]'");
    return nullptr;
  }
  SourceRange opening = take();
  auto *type = make<ast::StaticType>();
  type->kind = *meaning;
  if (*meaning == ast::StaticType::Kind::List) {
    Breaks ignored(*this, false);
    type->element = parseStaticType();
    if (!type->element || !expectClose(Tok::RBracket, opening))
      return nullptr;
  }
  type->range = since(first);
  return type;
}

} // namespace tenon::dsl
