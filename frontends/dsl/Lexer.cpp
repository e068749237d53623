//===- Lexer.cpp - From text to tokens ------------------------------------===//

#include "frontends/dsl/Lexer.h"
#include "frontends/dsl/Parser.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/ConvertUTF.h"

using namespace llvm;

namespace tenon::dsl {

StringRef spelling(Tok kind) {
  static const char *const texts[] = {
      "", "", "", "", "", "", "",
#define KEYWORD(name, text) text,
#define PUNCTUATION(name, text) text,
#include "frontends/dsl/Tokens.def"
  };
  return texts[static_cast<size_t>(kind)];
}

bool isElementType(Tok kind) { return kind >= Tok::Bool && kind <= Tok::I64; }

static Tok keywordOrIdentifier(StringRef word) {
  return StringSwitch<Tok>(word)
#define KEYWORD(name, text) .Case(text, Tok::name)
#include "frontends/dsl/Tokens.def"
      .Default(Tok::Identifier);
}

static bool isWordByte(char c) { return isAlnum(c) || c == '_'; }

static bool isValidUtf8(StringRef text) {
  const auto *begin = reinterpret_cast<const UTF8 *>(text.bytes_begin());
  return isLegalUTF8String(&begin, text.bytes_end());
}

namespace {

class Lexer {
public:
  Lexer(const SourceFile &source, DiagnosticEngine &diags)
      : source(source), diags(diags), text(source.text()), firstError(diags.errorCount()) {}

  TokenStream run();

private:
  void lexOne();
  void lexComment(size_t slashes);
  void lexWord();
  void lexNumber();
  void lexString();
  void lexSingleQuotes();
  void lexPunctuation();
  void rejectCharacter();
  StringRef numberFault(StringRef number) const;
  void checkUtf8(size_t begin);

  /// Ends a token that began at `begin` at the current place.
  void push(Tok kind, size_t begin) {
    out.tokens.push_back({kind, newline, uint32_t(begin), uint32_t(at)});
    newline = false;
  }
  SourceRange range(size_t begin, size_t end) const {
    return {&source, uint32_t(begin), uint32_t(end)};
  }
  StringRef rest() const { return text.substr(at); }
  /// The byte `ahead` of the current one, NUL past the end.
  char peek(size_t ahead = 0) const { return at + ahead < text.size() ? text[at + ahead] : '\0'; }
  size_t lineEnd() const { return std::min(text.find('\n', at), text.size()); }

  const SourceFile &source;
  DiagnosticEngine &diags;
  StringRef text;
  unsigned firstError;
  size_t at = 0;
  bool newline = true;
  TokenStream out;
};

TokenStream Lexer::run() {
  if (text.size() > limits::fileBytes) {
    diags.report(diag::FileTooLarge, range(0, 0), text.size(), limits::fileBytes);
    at = text.size();
  }
  if (rest().starts_with("\xEF\xBB\xBF"))
    at += 3;
  while (at < text.size() && diags.errorCount() - firstError < limits::errors)
    lexOne();
  at = text.size();
  newline = true;
  push(Tok::Eof, at);
  return std::move(out);
}

void Lexer::lexOne() {
  char c = peek();
  if (c == '\n')
    newline = true;
  if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
    ++at;
    return;
  }
  if (rest().starts_with("//"))
    return lexComment(2);
  if (isAlpha(c) || c == '_')
    return lexWord();
  if (isDigit(c) || (c == '.' && isDigit(peek(1))))
    return lexNumber();
  if (c == '"')
    return lexString();
  if (c == '\'')
    return lexSingleQuotes();
  if (c == '#') {
    diags.report(diag::HashComment, range(at, at + 1)).fixIt(range(at, at + 1), "//");
    return lexComment(1);
  }
  lexPunctuation();
}

void Lexer::lexComment(size_t slashes) {
  size_t begin = at;
  at = lineEnd();
  size_t end = begin + text.slice(begin, at).rtrim().size();
  out.comments.push_back({uint32_t(begin), uint32_t(end), !newline, uint32_t(out.tokens.size())});
  checkUtf8(begin + slashes);
}

void Lexer::checkUtf8(size_t begin) {
  if (!isValidUtf8(text.slice(begin, at)))
    diags.report(diag::InvalidUtf8, range(begin, at));
}

void Lexer::lexWord() {
  size_t begin = at;
  at += rest().take_while(isWordByte).size();
  if (at - begin > limits::nameBytes)
    diags.report(diag::NameTooLong, range(begin, at), limits::nameBytes, at - begin);
  push(keywordOrIdentifier(text.slice(begin, at)), begin);
}

/// Why `number` is malformed, or nothing.
StringRef Lexer::numberFault(StringRef number) const {
  if (number.size() > limits::nameBytes)
    return "it has too many digits";
  if (number.starts_with(".") || number.ends_with("."))
    return "digits stand on both sides of the point";
  if (number.contains("__") || number.ends_with("_") || number.contains("_.") ||
      number.contains("._"))
    return "single '_' stand between digits only";
  StringRef mantissa = number.take_while([](char c) { return isDigit(c) || c == '_' || c == '.'; });
  StringRef exponent = number.substr(mantissa.size());
  if (exponent.empty())
    return "";
  if (exponent.front() != 'e' && exponent.front() != 'E')
    return "a letter cannot follow its digits";
  exponent = exponent.drop_front();
  if (exponent.starts_with("+") || exponent.starts_with("-"))
    exponent = exponent.drop_front();
  return all_of(exponent, isDigit) && !exponent.empty() ? "" : "its exponent has no digits";
}

void Lexer::lexNumber() {
  size_t begin = at;
  auto skipWord = [&] { at += rest().take_while(isWordByte).size(); };
  skipWord();
  // A point belongs to the number unless it begins `..` or, after digits, a member's name.
  if (peek() == '.' && peek(1) != '.' && !isAlpha(peek(1)) && peek(1) != '_') {
    ++at;
    skipWord();
  }
  if ((peek() == '+' || peek() == '-') && toLower(text[at - 1]) == 'e' && isDigit(peek(1))) {
    ++at;
    skipWord();
  }
  StringRef number = text.slice(begin, at);
  if (StringRef fault = numberFault(number); !fault.empty()) {
    Diagnostic &d = diags.report(diag::BadNumber, range(begin, at), number.take_front(40), fault);
    if (number.starts_with("."))
      d.fixIt(range(begin, begin), "0");
    else if (number.ends_with("."))
      d.fixIt(range(at, at), "0");
    return push(Tok::Float, begin);
  }
  bool isInteger = all_of(number, [](char c) { return isDigit(c) || c == '_'; });
  if (peek() != '%')
    return push(isInteger ? Tok::Integer : Tok::Float, begin);
  ++at;
  push(Tok::Percent, begin);
}

void Lexer::lexString() {
  size_t begin = at++;
  while (at < text.size() && peek() != '"' && peek() != '\n')
    at += peek() == '\\' && peek(1) != '\n' ? 2 : 1;
  at = std::min(at, text.size());
  if (peek() == '"') {
    ++at;
  } else {
    at = begin + text.slice(begin, at).rtrim('\r').size();
    diags.report(diag::UnclosedString, range(begin, at)).fixIt(range(at, at), "\"");
  }
  checkUtf8(begin);
  push(Tok::String, begin);
}

void Lexer::lexSingleQuotes() {
  size_t close = text.find('\'', at + 1);
  if (close >= lineEnd())
    return rejectCharacter();
  size_t begin = at;
  StringRef inside = text.slice(at + 1, close);
  at = close + 1;
  diags.report(diag::SingleQuotes, range(begin, at))
      .fixIt(range(begin, at), ("\"" + inside + "\"").str());
  checkUtf8(begin);
  push(Tok::String, begin);
}

void Lexer::lexPunctuation() {
  static constexpr Tok longestFirst[] = {
      Tok::StarStarEqual, Tok::Ellipsis,   Tok::DotDot,       Tok::EqualEqual, Tok::NotEqual,
      Tok::LessEqual,     Tok::LeftArrow,  Tok::GreaterEqual, Tok::RightArrow, Tok::PlusEqual,
      Tok::MinusEqual,    Tok::StarStar,   Tok::StarEqual,    Tok::SlashEqual, Tok::LParen,
      Tok::RParen,        Tok::LBracket,   Tok::RBracket,     Tok::LBrace,     Tok::RBrace,
      Tok::Comma,         Tok::Colon,      Tok::Dot,          Tok::At,         Tok::Equal,
      Tok::Less,          Tok::Greater,    Tok::Plus,         Tok::Minus,      Tok::Star,
      Tok::Slash,         Tok::PercentSign};
  for (Tok kind : longestFirst) {
    if (!rest().starts_with(spelling(kind)))
      continue;
    size_t begin = at;
    at += spelling(kind).size();
    return push(kind, begin);
  }
  rejectCharacter();
}

/// Reports the text here that is no token, taking what was probably meant.
void Lexer::rejectCharacter() {
  size_t begin = at;
  if (peek() == ';') {
    ++at;
    Diagnostic &d = diags.report(diag::Semicolon, range(begin, at));
    if (StringRef after = text.slice(at, lineEnd()).trim(); after.empty() || after[0] == '/')
      d.fixIt(range(begin, at), "");
    else
      d.note("begin a new line instead");
    newline = true;
    return;
  }
  for (auto [written, meant] : {std::pair("&&", "and"), {"||", "or"}}) {
    if (!rest().starts_with(written))
      continue;
    at += 2;
    diags.report(diag::BadCharacter, range(begin, at), written).fixIt(range(begin, at), meant);
    return push(StringRef(meant) == "and" ? Tok::And : Tok::Or, begin);
  }
  if (peek() == '!') {
    ++at;
    diags.report(diag::BadCharacter, range(begin, at), "!").fixIt(range(begin, at), "not ");
    return push(Tok::Not, begin);
  }
  // A run of bytes outside ASCII is one mistake: a word of another script, a typographic quote.
  size_t run = rest().take_while([](char c) { return (c & 0x80) != 0; }).size();
  at += std::max<size_t>(run, 1);
  StringRef bytes = text.slice(begin, at);
  if (!isValidUtf8(bytes))
    diags.report(diag::InvalidUtf8, range(begin, at));
  else if (run == 0 && !isPrint(bytes[0]))
    diags.report(diag::BadCharacter, range(begin, at), "\\x" + toHex(bytes));
  else
    diags.report(diag::BadCharacter, range(begin, at), bytes.size() > 40 ? "this text" : bytes);
}

} // namespace

TokenStream lex(const SourceFile &source, DiagnosticEngine &diags) {
  return Lexer(source, diags).run();
}

} // namespace tenon::dsl
