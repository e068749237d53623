//===- ParseType.cpp - Types of run time and compile time -----------------===//

#include "frontends/dsl/ParserImpl.h"

using namespace llvm;

namespace tenon::dsl {

using ast::Expr;

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
