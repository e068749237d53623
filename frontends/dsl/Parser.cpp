//===- Parser.cpp - Tokens, recovery and small pieces ---------------------===//

#include "frontends/dsl/Braces.h"
#include "frontends/dsl/DivisionComments.h"
#include "frontends/dsl/ParserImpl.h"
#include "frontends/dsl/Wellformed.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace tenon::dsl {

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

/// Behind one of these a line goes on.
static bool continues(Tok kind) {
  switch (kind) {
  case Tok::LBrace:
  case Tok::Comma:
  case Tok::Equal:
  case Tok::RightArrow:
  case Tok::LeftArrow:
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
  case Tok::And:
  case Tok::Or:
  case Tok::Not:
    return true;
  default:
    return false;
  }
}

/// In front of one of these the line before goes on.
static bool joins(Tok kind) {
  return kind == Tok::RightArrow || kind == Tok::LBrace || kind == Tok::Else;
}

bool Parser::atBreak() const {
  const Token &t = token();
  return breaksMatter && t.newlineBefore && at != 0 && at != breakTaken && !joins(t.kind) &&
         !continues(tokens[at - 1].kind);
}

Tok Parser::kindAfter() const {
  const Token &t = token(1);
  bool breaks = breaksMatter && t.newlineBefore && !joins(t.kind) && !continues(token().kind);
  return breaks ? Tok::NewLine : t.kind;
}

SourceRange Parser::take() {
  SourceRange range = here();
  if (token().kind != Tok::Eof)
    ++at;
  return range;
}

bool Parser::takeIf(Tok k) {
  if (!is(k))
    return false;
  take();
  return true;
}

bool Parser::takeIfWord(StringRef word) {
  if (!isWord(word))
    return false;
  take();
  return true;
}

void Parser::skipBreaks() {
  if (token().newlineBefore)
    breakTaken = at;
}

std::string Parser::describe() const {
  switch (kind()) {
  case Tok::NewLine:
    return "the end of the line";
  case Tok::Eof:
    return "the end of the file";
  case Tok::String:
    return "a string";
  default:
    return ("'" + textOf(token()).take_front(40) + "'").str();
  }
}

//===----------------------------------------------------------------------===//
// Errors and recovery
//===----------------------------------------------------------------------===//

bool Parser::expected(Twine what) {
  bool missingAbove = token().newlineBefore && at != breakTaken && at != 0;
  SourceRange where = missingAbove ? previous().after() : here();
  Diagnostic &d = report(diag::Expected, where, what.str(), describe());
  noteHiddenDivision(d);
  return false;
}

bool Parser::expect(Tok k, StringRef what) {
  if (takeIf(k))
    return true;
  return what.empty() ? expected("'" + spelling(k) + "'") : expected(what);
}

bool Parser::expectClose(Tok k, SourceRange opening) {
  if (takeIf(k))
    return true;
  Diagnostic &d = report(diag::UnclosedBracket, token().newlineBefore ? previous().after() : here(),
                         spelling(k), opening.text());
  d.note(opening, "opened here");
  noteHiddenDivision(d);
  return false;
}

bool Parser::expectEnd(StringRef what) {
  if (is(Tok::NewLine)) {
    breakTaken = at;
    return true;
  }
  if (is(Tok::Eof) || is(Tok::RBrace))
    return true;
  report(diag::ExtraText, here(), what, describe());
  return false;
}

void Parser::noteHiddenDivision(Diagnostic &d) {
  uint32_t from = previous().end, to = token().begin;
  auto comment = partition_point(comments, [&](const Comment &c) { return c.begin < from; });
  if (comment == comments.end() || comment->begin >= to || !comment->trailing)
    return;
  StringRef inside = source.text().slice(comment->begin, comment->end).drop_front(2).ltrim();
  if (!inside.empty() && isAlnum(inside.front()) && inside.find_first_of(")]") != StringRef::npos)
    d.note({&source, comment->begin, comment->begin + 2},
           "the text after '//' is a comment; to divide and round down write 'div(a, b)'");
}

void Parser::recover(size_t first) {
  unsigned itemColumn = columnOf(tokens[first]);
  int64_t open = 0;
  for (size_t i = first; i < at; ++i)
    open += (tokens[i].kind == Tok::LBrace) - (tokens[i].kind == Tok::RBrace);
  open = std::max<int64_t>(open, 0);
  for (; token().kind != Tok::Eof; ++at) {
    const Token &t = token();
    bool beginsLine = at > first && t.newlineBefore && open == 0;
    if (beginsLine && !joins(t.kind) && columnOf(t) <= itemColumn)
      break;
    if (t.kind == Tok::RBrace && open-- == 0)
      break;
    open += t.kind == Tok::LBrace;
  }
  breakTaken = at;
}

bool Parser::skipToBlock(size_t first) {
  unsigned itemColumn = columnOf(tokens[first]);
  for (; token().kind != Tok::LBrace; ++at) {
    const Token &t = token();
    bool beginsLine = at > first && t.newlineBefore && t.kind != Tok::RParen;
    if (t.kind == Tok::Eof || t.kind == Tok::RBrace || (beginsLine && columnOf(t) <= itemColumn))
      return false;
  }
  return true;
}

void Parser::stop() {
  at = tokens.size() - 1;
  stopped = true;
}

void Parser::tooDeep(SourceRange where) {
  report(diag::NestedTooDeep, where, limits::nesting);
  stop();
}

bool Parser::parseLines(function_ref<bool()> item) {
  SourceRange opening = here();
  if (!expect(Tok::LBrace))
    return false;
  Breaks matter(*this, true);
  skipBreaks();
  while (!is(Tok::RBrace) && !is(Tok::Eof)) {
    size_t first = at;
    if (!item())
      recover(first);
    skipBreaks();
  }
  return expectClose(Tok::RBrace, opening);
}

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

std::optional<ast::Name> Parser::parseName(StringRef what) {
  if (is(Tok::Identifier)) {
    StringRef text = textOf(token());
    return ast::Name{text, take()};
  }
  if (isKeyword(kind()))
    report(diag::ReservedName, here(), textOf(token()));
  else
    expected(what);
  return std::nullopt;
}

std::optional<ArrayRef<ast::Name>> Parser::parseNames(StringRef what) {
  SmallVector<ast::Name> names;
  do {
    std::optional<ast::Name> name = parseName(what);
    if (!name)
      return std::nullopt;
    names.push_back(*name);
  } while (takeIf(Tok::Comma));
  return copy(names);
}

std::optional<ast::Path> Parser::parsePath(StringRef what) {
  size_t first = at;
  SmallVector<ast::Name> parts;
  do {
    std::optional<ast::Name> name = parseName(what);
    if (!name)
      return std::nullopt;
    parts.push_back(*name);
  } while (takeIf(Tok::Dot));
  return ast::Path{copy(parts), since(first)};
}

std::optional<ast::String> Parser::parseString(StringRef what) {
  if (!is(Tok::String)) {
    expected(what);
    return std::nullopt;
  }
  StringRef value = decode(token());
  return ast::String{value, take()};
}

/// Reads `{…}` of `\u{…}` off the front of `rest` into UTF-8; false if it is not a character.
static bool decodeUnicode(StringRef &rest, std::string &out) {
  size_t close = rest.find('}');
  if (!rest.starts_with("{") || close == StringRef::npos || close > 7)
    return false;
  unsigned code;
  if (rest.slice(1, close).getAsInteger(16, code))
    return false;
  char utf8[UNI_MAX_UTF8_BYTES_PER_CODE_POINT];
  char *end = utf8;
  if (!ConvertCodePointToUTF8(code, end))
    return false;
  out.append(utf8, end);
  rest = rest.drop_front(close + 1);
  return true;
}

StringRef Parser::decode(const Token &t) {
  StringRef rest = textOf(t).drop_front();
  rest.consume_back("\"") || rest.consume_back("'");
  if (!rest.contains('\\'))
    return rest;
  std::string out;
  while (!rest.empty()) {
    size_t plain = std::min(rest.find('\\'), rest.size());
    out += rest.take_front(plain);
    rest = rest.drop_front(plain);
    if (rest.empty())
      break;
    uint32_t place = rest.begin() - source.text().begin();
    char escape = rest.size() > 1 ? rest[1] : '\0';
    rest = rest.drop_front(std::min<size_t>(2, rest.size()));
    size_t known = StringRef("nt\"\\").find(escape);
    if (escape != '\0' && known != StringRef::npos)
      out += "\n\t\"\\"[known];
    else if (escape != 'u' || !decodeUnicode(rest, out))
      report(diag::BadEscape, {&source, place, place + 2}, source.text().substr(place, 2));
  }
  return StringRef(out).copy(file.arena);
}

std::optional<int64_t> Parser::parseInteger() {
  if (!is(Tok::Integer)) {
    expected("an integer");
    return std::nullopt;
  }
  std::string digits = textOf(token()).str();
  erase(digits, '_');
  int64_t value;
  if (StringRef(digits).getAsInteger(10, value)) {
    report(diag::IntegerTooLarge, here(), textOf(token()).take_front(40));
    value = 0;
  }
  take();
  return value;
}

bool Parser::parseParenthesised(function_ref<bool()> item) {
  SourceRange opening = here();
  if (!expect(Tok::LParen))
    return false;
  Breaks ignored(*this, false);
  while (!is(Tok::RParen)) {
    if (!item())
      return false;
    if (!takeIf(Tok::Comma))
      break;
  }
  return expectClose(Tok::RParen, opening);
}

StringRef Parser::docBefore(size_t index) {
  uint32_t from = index ? tokens[index - 1].end : 0, to = tokens[index].begin;
  auto end = partition_point(comments, [&](const Comment &c) { return c.begin < to; });
  auto text = [&](const Comment &c) { return source.text().slice(c.begin, c.end); };
  auto begin = end;
  while (begin != comments.begin()) {
    const Comment &c = *(begin - 1);
    if (c.begin < from || c.trailing || !text(c).starts_with("///"))
      break;
    --begin;
  }
  std::string doc;
  for (auto c = begin; c != end; ++c) {
    StringRef line = text(*c).drop_front(3);
    line.consume_front(" ");
    doc += (c == begin ? "" : "\n") + line.str();
  }
  return StringRef(doc).copy(file.arena);
}

std::unique_ptr<ast::File> parse(const SourceFile &source, DiagnosticEngine &diags) {
  auto file = std::make_unique<ast::File>(source);
  unsigned before = diags.errorCount();
  TokenStream stream = lex(source, diags);
  closeBlocks(stream, source, diags);
  Parser(source, stream, diags, *file).parseFile();
  if (diags.errorCount() == before) {
    warnAboutDivisionComments(*file, stream, diags);
    checkWellformed(*file, diags);
  }
  return file;
}

} // namespace tenon::dsl
