//===- Lexer.h - From text to tokens ----------------------------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_LEXER_H
#define TENON_FRONTENDS_DSL_LEXER_H

#include "frontends/dsl/Diagnostics.h"
#include "frontends/dsl/Source.h"

namespace tenon::dsl {

/// Words that are only special in places (`data`, `param`, `over` …) are Identifiers.
enum class Tok : uint8_t {
  Eof,
  NewLine, // never in a TokenStream: what the parser sees where a line break ends something
  Identifier,
  Integer,
  Float,
  Percent, // a number and the '%' directly after it
  String,
#define KEYWORD(name, text) name,
#define PUNCTUATION(name, text) name,
#include "frontends/dsl/Tokens.def"
};

/// "fn", "->"; empty for a kind without a fixed text.
llvm::StringRef spelling(Tok kind);

bool isElementType(Tok kind);
inline bool isKeyword(Tok kind) { return kind >= Tok::Import && kind < Tok::LParen; }

struct Token {
  Tok kind = Tok::Eof;
  bool newlineBefore = false; // first of its line
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// `// …` up to the end of its line, without the line break.
struct Comment {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool trailing = false;  // a token stands before it on its line
  uint32_t nextToken = 0; // index of the token behind it
};

struct TokenStream {
  std::vector<Token> tokens; // ends with one Eof
  std::vector<Comment> comments;
};

/// Reports what is wrong with single characters and words, and goes on. After an error that makes
/// reading on pointless (size, too many errors) the stream ends there.
TokenStream lex(const SourceFile &source, DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_LEXER_H
