//===- Format.cpp - The one layout of a program ---------------------------===//
//
// Prints the tokens of the text in their order, with new spaces between them. Line breaks the
// author chose stay, but for those in front of '{' and 'else'; a block is on one line if it was.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Format.h"
#include "frontends/dsl/FormatColumns.h"
#include "frontends/dsl/FormatHints.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace tenon::dsl {

namespace {

/// These move up to the line before.
bool movesUp(Tok kind) { return kind == Tok::LBrace || kind == Tok::Else; }
bool opens(Tok kind) { return kind == Tok::LParen || kind == Tok::LBracket || kind == Tok::LBrace; }
bool closes(Tok kind) {
  return kind == Tok::RParen || kind == Tok::RBracket || kind == Tok::RBrace;
}

class Formatter {
public:
  Formatter(StringRef text, const TokenStream &stream, std::vector<FormatHint> hints)
      : text(text), tokens(stream.tokens), comments(stream.comments), hints(std::move(hints)) {}

  std::string run();

private:
  struct Bracket {
    bool isBrace;
    bool onOneLine; // of a block
    unsigned base;  // indentation of the closing bracket when it begins a line
  };

  void countBreaks();
  void print(size_t i);
  void printComments(size_t next);
  void printToken(size_t i);
  void open(size_t i);
  bool breaksBefore(size_t i) const;
  unsigned indentOf(size_t i) const;
  unsigned insideIndent() const;
  bool spaceBetween(size_t left, size_t right) const;
  bool isDroppedComma(size_t i) const;
  void startLine(unsigned indent, bool blankBefore);
  bool blankLineBefore(uint32_t offset) const;
  std::string join() const;

  StringRef text;
  const std::vector<Token> &tokens;
  const std::vector<Comment> &comments;
  std::vector<FormatHint> hints;

  std::vector<unsigned> breaksUpTo; // line breaks that stay, before and at each token
  std::vector<size_t> closer;       // of each opening bracket
  SmallVector<Bracket> brackets;
  SmallVector<const Comment *> pending; // read, not printed: they wait for the end of their line
  bool holdsComments = false;           // until a '{' that moved up in front of them is printed
  size_t nextComment = 0;
  std::vector<FormattedLine> lines;
  bool lineOpen = false; // tokens can be added to the last line
  bool atBlockStart = true;
};

std::string Formatter::run() {
  countBreaks();
  for (size_t i = 0; i < tokens.size(); ++i)
    print(i);
  lineUpColumns(lines);
  return join();
}

void Formatter::countBreaks() {
  breaksUpTo.resize(tokens.size());
  closer.resize(tokens.size());
  SmallVector<size_t> opened;
  size_t comment = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token &t = tokens[i];
    bool stays = t.newlineBefore && !movesUp(t.kind);
    for (; comment < comments.size() && comments[comment].nextToken == i; ++comment)
      stays = true;
    breaksUpTo[i] = (i ? breaksUpTo[i - 1] : 0) + stays;
    if (opens(t.kind))
      opened.push_back(i);
    else if (closes(t.kind) && !opened.empty())
      closer[opened.pop_back_val()] = i;
  }
}

//===----------------------------------------------------------------------===//
// Lines
//===----------------------------------------------------------------------===//

bool Formatter::breaksBefore(size_t i) const {
  const Token &t = tokens[i];
  bool inBlock = brackets.empty() || brackets.back().isBrace;
  bool oneLine = !brackets.empty() && brackets.back().onOneLine;
  if (t.kind == Tok::RBrace && inBlock)
    return !oneLine;
  if (hints[i].beginsItem && inBlock)
    return !oneLine;
  return t.newlineBefore && !movesUp(t.kind);
}

/// The indentation of what begins a line inside the innermost bracket.
unsigned Formatter::insideIndent() const { return brackets.empty() ? 0 : brackets.back().base + 2; }

unsigned Formatter::indentOf(size_t i) const {
  if (closes(tokens[i].kind) && !brackets.empty())
    return brackets.back().base;
  bool inBlock = brackets.empty() || brackets.back().isBrace;
  bool continuesItem = inBlock && !hints[i].beginsItem && !hints[i].afterAttrs;
  return insideIndent() + (continuesItem && tokens[i].kind != Tok::Eof ? 2 : 0);
}

/// Whether the author left an empty line in front of `offset`.
bool Formatter::blankLineBefore(uint32_t offset) const {
  StringRef before = text.take_front(offset);
  return before.substr(before.rtrim().size()).count('\n') > 1;
}

void Formatter::startLine(unsigned indent, bool blankBefore) {
  FormattedLine line;
  line.text.assign(indent, ' ');
  line.indent = indent;
  line.blankBefore = blankBefore && !atBlockStart;
  lines.push_back(std::move(line));
  lineOpen = true;
  atBlockStart = false;
}

void Formatter::print(size_t i) {
  const Token &t = tokens[i];
  for (; nextComment < comments.size() && comments[nextComment].nextToken == i; ++nextComment)
    pending.push_back(&comments[nextComment]);
  if (i != 0 && movesUp(t.kind))
    holdsComments |= !pending.empty();
  if (!holdsComments)
    printComments(i);
  if (t.kind == Tok::Eof)
    return;
  if (!isDroppedComma(i))
    printToken(i);
  if (opens(t.kind))
    open(i);
  if (t.kind == Tok::LBrace)
    holdsComments = false;
}

/// Prints the pending comments in front of token `next`.
void Formatter::printComments(size_t next) {
  for (const Comment *c : pending) {
    StringRef written = text.slice(c->begin, c->end);
    if (c->trailing && lineOpen && lines.back().comment.empty()) {
      lines.back().comment = written.str();
      lineOpen = false;
      continue;
    }
    bool closing = closes(tokens[next].kind);
    bool inBlock = brackets.empty() || brackets.back().isBrace;
    startLine(closing ? insideIndent() : indentOf(next), inBlock && blankLineBefore(c->begin));
    lines.back().text += written;
    lineOpen = false;
  }
  pending.clear();
}

void Formatter::printToken(size_t i) {
  const Token &t = tokens[i];
  bool isEmptyBlock = t.kind == Tok::RBrace && tokens[i - 1].kind == Tok::LBrace && lineOpen;
  if (!lineOpen || (breaksBefore(i) && !isEmptyBlock))
    startLine(indentOf(i), hints[i].beginsItem && blankLineBefore(t.begin));
  else if (spaceBetween(i - 1, i))
    lines.back().text += ' ';
  atBlockStart = false;
  if (closes(t.kind) && !brackets.empty())
    brackets.pop_back();
  FormattedLine &line = lines.back();
  if (hints[i].column != ColumnKind::None && line.column == ColumnKind::None) {
    line.column = hints[i].column;
    line.equals = line.text.size();
  }
  if (hints[i].isAs && line.column != ColumnKind::None)
    line.as = line.text.size();
  line.text += text.slice(t.begin, t.end);
}

void Formatter::open(size_t i) {
  if (tokens[i].kind != Tok::LBrace) {
    brackets.push_back({false, false, lines.back().indent});
    return;
  }
  bool insideBrackets = !brackets.empty() && !brackets.back().isBrace;
  unsigned base = insideBrackets ? lines.back().indent : insideIndent();
  bool onOneLine = breaksUpTo[closer[i]] == breaksUpTo[i] && pending.empty();
  brackets.push_back({true, onOneLine, base});
  atBlockStart = true;
}

//===----------------------------------------------------------------------===//
// Spaces
//===----------------------------------------------------------------------===//

bool Formatter::spaceBetween(size_t left, size_t right) const {
  Tok before = tokens[left].kind, after = tokens[right].kind;
  bool endsOperand = before == Tok::Identifier || before == Tok::RParen ||
                     before == Tok::RBracket || isElementType(before);
  if (hints[left].prefix)
    return false;
  switch (before) {
  case Tok::LParen:
  case Tok::LBracket:
  case Tok::At:
  case Tok::Dot:
    return false;
  case Tok::DotDot:
    return !hints[left].tight;
  default:
    break;
  }
  switch (after) {
  case Tok::RParen:
  case Tok::RBracket:
  case Tok::Comma:
  case Tok::Colon:
  case Tok::Dot:
    return false;
  case Tok::DotDot:
    return !hints[right].tight;
  case Tok::LParen:
    return !endsOperand && before != Tok::Einsum && before != Tok::Rearrange;
  case Tok::LBracket:
    return !endsOperand;
  case Tok::RBrace:
    return before != Tok::LBrace;
  default:
    return true;
  }
}

/// A comma before a closing parenthesis on its line.
bool Formatter::isDroppedComma(size_t i) const {
  return tokens[i].kind == Tok::Comma && tokens[i + 1].kind == Tok::RParen &&
         breaksUpTo[i] == breaksUpTo[i + 1];
}

std::string Formatter::join() const {
  std::string out;
  for (const FormattedLine &line : lines) {
    if (line.blankBefore)
      out += '\n';
    out += line.comment.empty() ? StringRef(line.text).rtrim(' ') : StringRef(line.text);
    if (!line.comment.empty())
      out += "  " + line.comment;
    out += '\n';
  }
  return out;
}

} // namespace

std::string format(const ast::File &file) {
  DiagnosticEngine unused; // the text was read before without errors
  TokenStream stream = lex(file.source, unused);
  std::vector<FormatHint> hints = computeHints(file, stream.tokens);
  return Formatter(file.source.text(), stream, std::move(hints)).run();
}

} // namespace tenon::dsl
