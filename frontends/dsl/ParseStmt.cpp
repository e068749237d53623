//===- ParseStmt.cpp - Functions and statements ---------------------------===//

#include "frontends/dsl/ParserImpl.h"

using namespace llvm;

namespace tenon::dsl {

using ast::Expr;
using ast::Stmt;

//===----------------------------------------------------------------------===//
// Functions
//===----------------------------------------------------------------------===//

ast::FnDecl *Parser::parseFn(ArrayRef<ast::Attr> attrs, size_t first) {
  auto *fn = make<ast::FnDecl>(here());
  fn->attrs = attrs;
  take();
  std::optional<ast::Name> name = parseName("the name of the function");
  if (!name)
    return nullptr;
  fn->name = *name;
  SmallVector<ast::Param> params;
  bool headerOk = parseParenthesised([&] { return parseParam(params); }) &&
                  expect(Tok::RightArrow, "'->' and the type of the result") && parseResults(*fn);
  if (!headerOk && !skipToBlock(first))
    return nullptr;
  fn->params = copy(params);
  if (takeIf(Tok::Equal))
    fn->value = parseExpr();
  else if (is(Tok::LBrace))
    fn->body = parseBlock();
  else
    expected("'=' and a value, or '{'");
  if (!fn->value && !fn->body)
    return nullptr;
  fn->range = since(first);
  return expectEnd("the function") ? fn : nullptr;
}

bool Parser::parseParam(SmallVectorImpl<ast::Param> &params) {
  size_t first = at;
  ast::Param param;
  std::optional<ArrayRef<ast::Name>> names = parseNames("the name of a parameter");
  if (!names || !expect(Tok::Colon, "':' and the type of the parameter"))
    return false;
  param.names = *names;
  size_t typeFirst = at;
  if (takeIfWord("dim"))
    param.isDim = true;
  else if (atStaticType())
    param.staticType = parseStaticType();
  else
    param.type = parseType();
  if (!param.isDim && !param.staticType && !param.type)
    return false;
  param.typeRange = since(typeFirst);
  if (takeIf(Tok::Equal) && !(param.defaultValue = parseExpr()))
    return false;
  param.range = since(first);
  params.push_back(param);
  return true;
}

bool Parser::parseResults(ast::FnDecl &fn) {
  size_t first = at;
  SmallVector<ast::Result> results;
  auto parseOne = [&](bool named) {
    size_t begin = at;
    ast::Result result{};
    if (named) {
      result.name = parseName("the name of a result");
      if (!result.name || !expect(Tok::Colon, "':' and the type of the result"))
        return false;
    }
    result.type = parseType();
    result.range = since(begin);
    results.push_back(result);
    return result.type != nullptr;
  };
  bool ok = is(Tok::LParen) ? parseParenthesised([&] { return parseOne(true); }) : parseOne(false);
  fn.results = copy(results);
  fn.resultRange = since(first);
  if (ok && results.empty()) {
    report(diag::Expected, fn.resultRange, "the name of a result", "'()'");
    return false;
  }
  return ok;
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

ast::Block *Parser::parseBlock() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  size_t first = at;
  SmallVector<Stmt *> statements;
  if (!parseLines([&] { return parseStmt(statements); }))
    return nullptr;
  auto *block = make<ast::Block>();
  block->statements = copy(statements);
  block->range = since(first);
  return block;
}

/// Adds a parsed statement; false if there is none.
static bool add(SmallVectorImpl<Stmt *> &list, Stmt *stmt) {
  if (stmt)
    list.push_back(stmt);
  return stmt != nullptr;
}

bool Parser::parseStmt(SmallVectorImpl<Stmt *> &list) {
  size_t first = at;
  switch (kind()) {
  case Tok::Identifier:
    return parseNamedStmt(list);
  case Tok::Scan:
    return add(list, parseScanStmt());
  case Tok::Return:
    return add(list, parseValues<ast::ReturnStmt>());
  case Tok::Yield:
    return add(list, parseValues<ast::YieldStmt>());
  case Tok::For:
    return add(list, parseFor());
  case Tok::If:
    return add(list, parseBranch()) && expectEnd("the block");
  case Tok::Require:
    return add(list, parseRequire());
  default:
    return rejectLeadingOperator() || (at == first && rejectUnusedValue());
  }
}

/// Whether the bracket at `at + 1` closes in front of `<-`.
static bool updatesSelection(const std::vector<Token> &tokens, size_t bracket) {
  unsigned open = 0;
  for (size_t i = bracket; i + 1 < tokens.size(); ++i) {
    open += tokens[i].kind == Tok::LBracket;
    open -= tokens[i].kind == Tok::RBracket;
    if (open == 0)
      return tokens[i + 1].kind == Tok::LeftArrow || tokens[i + 1].kind == Tok::Equal;
    if (tokens[i].kind == Tok::LBrace || tokens[i].kind == Tok::RBrace)
      break;
  }
  return false;
}

/// A statement that begins with a name.
bool Parser::parseNamedStmt(SmallVectorImpl<Stmt *> &list) {
  size_t first = at;
  switch (kindAfter()) {
  case Tok::Identifier:
    if (!isWord("cache"))
      return rejectUnusedValue();
    return add(list, parseCache());
  case Tok::Equal:
  case Tok::Comma:
  case Tok::Colon:
    return add(list, parseAssign(first));
  case Tok::LeftArrow:
    return add(list, parseUpdate(first));
  case Tok::LBracket:
    if (!updatesSelection(tokens, at + 1))
      return rejectUnusedValue();
    return add(list, parseUpdate(first));
  case Tok::PlusEqual:
  case Tok::MinusEqual:
  case Tok::StarEqual:
  case Tok::StarStarEqual:
  case Tok::SlashEqual:
    return add(list, parseCompoundAssign(first));
  default:
    return rejectUnusedValue();
  }
}

Stmt *Parser::parseScanStmt() {
  ast::ScanExpr *scan = parseScan();
  if (!scan || !expectEnd("the block"))
    return nullptr;
  auto *stmt = make<ast::ScanStmt>(scan->range);
  stmt->scan = scan;
  return stmt;
}

Stmt *Parser::parseAssign(size_t first) {
  std::optional<ArrayRef<ast::Name>> names = parseNames("a name");
  if (!names)
    return nullptr;
  auto *stmt = make<ast::AssignStmt>(here());
  stmt->names = *names;
  if (takeIf(Tok::Colon) && !(stmt->type = parseType()))
    return nullptr;
  if (!expect(Tok::Equal))
    return nullptr;
  std::optional<ArrayRef<Expr *>> values = parseExprs();
  if (!values)
    return nullptr;
  stmt->values = *values;
  stmt->range = since(first);
  return expectEnd("the value") ? stmt : nullptr;
}

Stmt *Parser::parseUpdate(size_t first) {
  auto *stmt = make<ast::UpdateStmt>(here());
  stmt->target = *parseName("a name");
  if (is(Tok::LBracket) && !(stmt->selection = parseSelection()))
    return nullptr;
  stmt->arrow = here();
  if (!expect(Tok::LeftArrow) || !(stmt->value = parseExpr()))
    return nullptr;
  stmt->range = since(first);
  return expectEnd("the value") ? stmt : nullptr;
}

/// `x += 1`: read as `x = x + 1`.
Stmt *Parser::parseCompoundAssign(size_t first) {
  ast::Name target = *parseName("a name");
  StringRef written = textOf(token());
  SourceRange op = take();
  Diagnostic &d = report(diag::CompoundAssignment, op, written);
  Expr *value = parseExpr();
  if (!value)
    return nullptr;
  SourceRange all = since(first);
  bool tight =
      isa<ast::NameExpr, ast::NumberExpr, ast::CallExpr, ast::MemberExpr, ast::ParenExpr>(value);
  StringRef text = value->range.text();
  d.fixIt(all, (target.text + " = " + target.text + " " + written.drop_back() + " " +
                (tight ? text.str() : ("(" + text + ")").str()))
                   .str());
  auto *stmt = make<ast::AssignStmt>(all);
  stmt->names = copy(ArrayRef<ast::Name>(target));
  stmt->values = copy(ArrayRef<Expr *>(value));
  return expectEnd("the value") ? stmt : nullptr;
}

Stmt *Parser::parseCache() {
  auto *stmt = make<ast::CacheStmt>(here());
  size_t first = at;
  take();
  std::optional<ArrayRef<ast::Name>> names = parseNames("the name of the cache");
  if (!names || !expect(Tok::Colon, "':' and the type of the cache") || !(stmt->type = parseType()))
    return nullptr;
  stmt->names = *names;
  stmt->range = since(first);
  return expectEnd("the type") ? stmt : nullptr;
}

/// `return a, b` or `yield a`.
template <typename T> Stmt *Parser::parseValues() {
  size_t first = at;
  StringRef word = textOf(token());
  SourceRange keyword = take();
  if (atEnd()) {
    report(diag::ReturnWithoutValue, keyword, word)
        .note("a function has no effect but its result and '<-'; write what it gives: '" +
              word.str() + " x'");
    return nullptr;
  }
  std::optional<ArrayRef<Expr *>> values = parseExprs();
  if (!values || !expectEnd("the value"))
    return nullptr;
  auto *stmt = make<T>(since(first));
  stmt->values = *values;
  return stmt;
}

Stmt *Parser::parseFor() {
  auto *stmt = make<ast::ForStmt>(here());
  size_t first = at;
  take();
  std::optional<ast::Name> variable = parseName("a name for the elements");
  if (!variable || !expect(Tok::In) || !(stmt->sequence = parseExpr()) ||
      !(stmt->body = parseBlock()))
    return nullptr;
  stmt->variable = *variable;
  stmt->range = since(first);
  return expectEnd("the block") ? stmt : nullptr;
}

Parser::ElseKind Parser::takeElse() {
  if (token().kind == Tok::Identifier && textOf(token()) == "elif") {
    report(diag::Elif, here()).fixIt(here(), "else if");
    take();
    return ElseKind::If;
  }
  if (!takeIf(Tok::Else))
    return ElseKind::None;
  return is(Tok::If) ? ElseKind::If : ElseKind::Block;
}

ast::IfStmt *Parser::parseBranch() {
  Nest nest(*this);
  if (!nest)
    return nullptr;
  auto *stmt = make<ast::IfStmt>(here());
  size_t first = at;
  takeIf(Tok::If);
  if (!(stmt->condition = parseExpr()) || !(stmt->then = parseBlock()))
    return nullptr;
  ElseKind kind = takeElse();
  if (kind == ElseKind::If && !(stmt->elseIf = parseBranch()))
    return nullptr;
  if (kind == ElseKind::Block && !(stmt->otherwise = parseBlock()))
    return nullptr;
  stmt->range = since(first);
  return stmt;
}

ast::RequireStmt *Parser::parseRequire() {
  auto *stmt = make<ast::RequireStmt>(here());
  size_t first = at;
  take();
  if (!(stmt->condition = parseExpr()))
    return nullptr;
  if (takeIf(Tok::Comma) && !(stmt->message = parseString("a message in double quotes")))
    return nullptr;
  stmt->range = since(first);
  return expectEnd("the condition") ? stmt : nullptr;
}

//===----------------------------------------------------------------------===//
// What looks like a statement elsewhere
//===----------------------------------------------------------------------===//

/// A binary operator or a '.', which no statement begins with.
static bool isInfix(Tok kind) {
  switch (kind) {
  case Tok::Plus:
  case Tok::Minus:
  case Tok::Star:
  case Tok::StarStar:
  case Tok::Slash:
  case Tok::EqualEqual:
  case Tok::NotEqual:
  case Tok::Less:
  case Tok::LessEqual:
  case Tok::Greater:
  case Tok::GreaterEqual:
  case Tok::DotDot:
  case Tok::Dot:
  case Tok::And:
  case Tok::Or:
    return true;
  default:
    return false;
  }
}

/// A line that begins with an operator; the fix moves it to the line before. True (and the operand
/// taken) if repaired.
bool Parser::rejectLeadingOperator() {
  if (!isInfix(token().kind))
    return false;
  SourceRange before = previous();
  StringRef written = textOf(token());
  bool isMember = is(Tok::Dot);
  SourceRange op = take();
  Diagnostic &d = report(diag::LeadingOperator, op, written);
  if (isMember)
    d.note("write the call on the line before, or put the whole expression in parentheses");
  else
    d.fixIt(before.after(), (" " + written).str()).fixIt(op, "");
  return parseExpr() && expectEnd("the expression");
}

/// An expression that stands alone, or something that begins no statement at all. True if only
/// the use of the value is missing.
bool Parser::rejectUnusedValue() {
  size_t first = at;
  switch (kind()) {
  case Tok::Import:
  case Tok::Module:
  case Tok::Model:
  case Tok::Fn:
  case Tok::Else:
  case Tok::In:
  case Tok::At:
  case Tok::Comma:
  case Tok::Colon:
  case Tok::RParen:
  case Tok::RBracket:
  case Tok::LBrace:
  case Tok::Equal:
  case Tok::LeftArrow:
  case Tok::RightArrow:
  case Tok::Ellipsis:
    report(diag::NotAStatement, here(), describe());
    return false;
  default:
    break;
  }
  Expr *value = parseExpr();
  bool goesOnBelow = is(Tok::NewLine) && isInfix(token().kind);
  if (!value || !expectEnd("the expression"))
    return false;
  if (goesOnBelow)
    return true; // that line is the mistake
  report(diag::CallStatement, value->range)
      .note("a call changes nothing but what it returns; give the result a name")
      .fixIt(rangeOf(tokens[first]).before(), "_ = ");
  return true;
}

} // namespace tenon::dsl
