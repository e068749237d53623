//===- ParseDecl.cpp - Files, modules and their members -------------------===//

#include "frontends/dsl/ParserImpl.h"

using namespace llvm;

namespace tenon::dsl {

using ast::Decl;

void Parser::parseFile() {
  SmallVector<Decl *> decls;
  while (skipBreaks(), !is(Tok::Eof)) {
    size_t first = at;
    if (is(Tok::RBrace))
      report(diag::NotTopLevel, take(), "'}'");
    else if (!parseDecl(decls))
      recover(first);
  }
  file.decls = copy(decls);
}

bool Parser::parseDecl(SmallVectorImpl<Decl *> &list) {
  size_t first = at;
  Decl *decl = nullptr;
  Tok after = kindAfter();
  if (is(Tok::Import)) {
    decl = parseImport();
  } else if (is(Tok::Module) || is(Tok::Model)) {
    decl = parseModule();
  } else if (is(Tok::Fn) || is(Tok::At)) {
    SmallVector<ast::Attr> attrs;
    if (!parseAttrs(attrs))
      return false;
    if (!is(Tok::Fn))
      return expected("'fn' after the attribute");
    decl = parseFn(copy(attrs), first);
  } else if (is(Tok::Identifier) && after == Tok::Equal) {
    decl = parseConstant();
  } else if (isWord("data") && after == Tok::Identifier) {
    decl = parseData();
  } else if (isWord("train") && after == Tok::Identifier) {
    decl = parseTrain();
  } else if (isWord("weights") && after == Tok::Identifier) {
    decl = parseWeights();
  } else {
    report(diag::NotTopLevel, here(), describe())
        .note("a file holds 'import', constants 'name = value', 'module', 'model', 'fn', 'data', "
              "'train' and 'weights'");
    return false;
  }
  if (!decl)
    return false;
  decl->doc = docBefore(first);
  list.push_back(decl);
  return true;
}

Decl *Parser::parseImport() {
  size_t first = at;
  auto *decl = make<ast::ImportDecl>(take());
  if (is(Tok::String)) {
    decl->file = parseString("a file");
    if (!takeIfWord("as")) {
      expected("'as' and a name for the file");
      return nullptr;
    }
  }
  std::optional<ast::Name> name = parseName("the name of a library or a file in double quotes");
  if (!name)
    return nullptr;
  decl->name = *name;
  decl->range = since(first);
  return expectEnd("the import") ? decl : nullptr;
}

Decl *Parser::parseConstant() {
  size_t first = at;
  auto *decl = make<ast::ConstantDecl>(here());
  decl->name = *parseName("a name");
  take();
  decl->value = parseExpr();
  decl->range = since(first);
  return decl->value && expectEnd("the value") ? decl : nullptr;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

Decl *Parser::parseModule() {
  size_t first = at;
  auto *decl = make<ast::ModuleDecl>(here());
  decl->isModel = is(Tok::Model);
  take();
  std::optional<ast::Name> name = parseName("the name of the module");
  if (!name)
    return nullptr;
  decl->name = *name;
  if (takeIf(Tok::Equal)) {
    decl->alias = parseExpr();
    decl->range = since(first);
    return decl->alias && expectEnd("the value") ? decl : nullptr;
  }
  SmallVector<ast::Hyper> hypers;
  if (is(Tok::LParen) && !parseParenthesised([&] { return parseHyper(hypers); }) &&
      !skipToBlock(first))
    return nullptr;
  decl->hypers = copy(hypers);
  if (!is(Tok::LBrace)) {
    expected("'=', '(' or '{' after the name of the module");
    return nullptr;
  }
  std::optional<ArrayRef<Decl *>> members = parseMembers(decl->body);
  if (!members)
    return nullptr;
  decl->members = *members;
  decl->range = since(first);
  return expectEnd("the module") ? decl : nullptr;
}

bool Parser::parseHyper(SmallVectorImpl<ast::Hyper> &hypers) {
  size_t first = at;
  std::optional<ast::Name> name = parseName("the name of a hyper-parameter");
  if (!name || !expect(Tok::Colon, "':' and the type of the hyper-parameter"))
    return false;
  ast::Hyper hyper{*name, parseStaticType(), nullptr, {}};
  if (!hyper.type)
    return false;
  if (takeIf(Tok::Equal) && !(hyper.defaultValue = parseExpr()))
    return false;
  hyper.range = since(first);
  hypers.push_back(hyper);
  return true;
}

std::optional<ArrayRef<Decl *>> Parser::parseMembers(SourceRange &range) {
  Nest nest(*this);
  if (!nest)
    return std::nullopt;
  size_t first = at;
  SmallVector<Decl *> members;
  if (!parseLines([&] { return parseMember(members); }))
    return std::nullopt;
  range = since(first);
  return copy(members);
}

bool Parser::parseMember(SmallVectorImpl<Decl *> &list) {
  size_t first = at;
  SmallVector<ast::Attr> attrs;
  if (!parseAttrs(attrs))
    return false;
  Decl *member = nullptr;
  bool declaresVariable = (isWord("param") || isWord("state")) && kindAfter() == Tok::Identifier;
  if (is(Tok::Fn)) {
    member = parseFn(copy(attrs), first);
  } else if (declaresVariable) {
    member = parseVariable(copy(attrs), first);
  } else if (is(Tok::Identifier)) {
    member = parseMemberBinding(copy(attrs), first);
  } else if (!attrs.empty()) {
    return expected("'fn', 'param', 'state' or a member after the attribute");
  } else if (is(Tok::If)) {
    member = parseChoice();
    if (member && !expectEnd("the block"))
      return false;
  } else if (is(Tok::Require)) {
    auto *decl = make<ast::RequireDecl>(here());
    decl->require = parseRequire();
    decl->range = since(first);
    member = decl->require ? decl : nullptr;
  } else if (rejectLeadingOperator()) {
    return true;
  } else if (!stopped && at == first) {
    report(diag::NotAMember, here(), describe())
        .note("a module holds 'name = module(…)', 'param', 'state', 'fn', 'if' and 'require'");
  }
  if (!member)
    return false;
  member->doc = docBefore(first);
  list.push_back(member);
  return true;
}

bool Parser::parseAttrs(SmallVectorImpl<ast::Attr> &attrs) {
  while (is(Tok::At)) {
    size_t first = at;
    take();
    std::optional<ast::Name> name = parseName("the name of an attribute");
    if (!name)
      return false;
    ast::Attr attr{*name, std::nullopt, {}};
    if (is(Tok::LParen) && !(attr.args = parseArgs()))
      return false;
    attr.range = since(first);
    attrs.push_back(attr);
    skipBreaks();
  }
  return true;
}

/// `[ "as" STRING ]`.
bool Parser::parseAsPath(std::optional<ast::String> &path) {
  return !takeIfWord("as") || (path = parseString("a path in double quotes after 'as'"));
}

Decl *Parser::parseVariable(ArrayRef<ast::Attr> attrs, size_t first) {
  auto *decl = make<ast::VariableDecl>(here());
  decl->attrs = attrs;
  decl->isState = isWord("state");
  take();
  std::optional<ArrayRef<ast::Name>> names = parseNames("a name");
  if (!names || !expect(Tok::Colon, "':' and a type") || !(decl->type = parseType()) ||
      !expect(Tok::Equal, "'=' and an initialiser, like 'zeros()'") ||
      !(decl->init = parseExpr()) || !parseAsPath(decl->path))
    return nullptr;
  decl->names = *names;
  decl->range = since(first);
  return expectEnd("the declaration") ? decl : nullptr;
}

Decl *Parser::parseMemberBinding(ArrayRef<ast::Attr> attrs, size_t first) {
  auto *decl = make<ast::MemberDecl>(here());
  decl->attrs = attrs;
  decl->name = *parseName("a name");
  if (!expect(Tok::Equal) || !(decl->value = parseExpr()) || !parseAsPath(decl->path))
    return nullptr;
  decl->range = since(first);
  return expectEnd("the member") ? decl : nullptr;
}

ast::ChoiceDecl *Parser::parseChoice() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  auto *decl = make<ast::ChoiceDecl>(here());
  size_t first = at;
  takeIf(Tok::If);
  if (!(decl->condition = parseExpr()))
    return nullptr;
  std::optional<ArrayRef<Decl *>> then = parseMembers(decl->thenRange);
  if (!then)
    return nullptr;
  decl->then = *then;
  ElseKind kind = takeElse();
  if (kind == ElseKind::If && !(decl->elseIf = parseChoice()))
    return nullptr;
  if (kind == ElseKind::Block && !(decl->otherwise = parseMembers(decl->otherwiseRange)))
    return nullptr;
  decl->range = since(first);
  return decl;
}

} // namespace tenon::dsl
