//===- Braces.cpp - Finding the block that was never closed ---------------===//
//
// At the end of the file the parser would only know that *some* brace is missing, and would blame
// the outermost block. The indentation of the lines tells which one the author forgot.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Braces.h"
#include "frontends/dsl/Parser.h"
#include "llvm/ADT/SmallVector.h"

using namespace llvm;

namespace tenon::dsl {

namespace {

struct OpenBlock {
  size_t token;
  size_t lineToken;         // first token of the line the brace stands on
  unsigned indent;          // of that line
  size_t firstIndentedLess; // first token of the first such line after it; 0: none so far
};

class BraceMatcher {
public:
  BraceMatcher(TokenStream &stream, const SourceFile &source, DiagnosticEngine &diags)
      : stream(stream), source(source), diags(diags) {}

  void run(unsigned missing);

private:
  unsigned indentOf(const Token &t) const { return source.position(t.begin).column - 1; }
  void beginLine(size_t token);
  void reportTop();
  void insertClosers();
  std::string blockName(const OpenBlock &block) const;

  TokenStream &stream;
  const SourceFile &source;
  DiagnosticEngine &diags;
  SmallVector<OpenBlock> open;
  std::vector<size_t> closers; // tokens that a '}' is inserted before, ascending once sorted
};

/// "forward" for `fn forward(…) {`, else the first word of the line.
std::string BraceMatcher::blockName(const OpenBlock &block) const {
  auto text = [&](size_t i) {
    return source.text().slice(stream.tokens[i].begin, stream.tokens[i].end);
  };
  size_t i = block.lineToken;
  while (i < block.token && stream.tokens[i].kind != Tok::Fn)
    ++i;
  if (i == block.token)
    i = block.lineToken;
  Tok kind = stream.tokens[i].kind;
  bool declares =
      kind == Tok::Fn || kind == Tok::Module || kind == Tok::Model || kind == Tok::Identifier;
  if (declares && stream.tokens[i + 1].kind == Tok::Identifier)
    ++i;
  return text(i).str();
}

void BraceMatcher::beginLine(size_t token) {
  unsigned indent = indentOf(stream.tokens[token]);
  // Blocks nest, and so do their indents in any text a person wrote: stop at the first that holds.
  for (OpenBlock &block : reverse(open)) {
    if (indent > block.indent)
      break;
    if (block.firstIndentedLess == 0)
      block.firstIndentedLess = token;
  }
}

void BraceMatcher::reportTop() {
  OpenBlock block = open.pop_back_val();
  const Token &brace = stream.tokens[block.token];
  size_t closer = block.firstIndentedLess ? block.firstIndentedLess : stream.tokens.size() - 1;
  std::string help = formatv("the block of '{0}' is never closed", blockName(block));
  if (block.firstIndentedLess)
    help += formatv("; line {0} is the first one indented less",
                    source.position(stream.tokens[closer].begin).line);
  diags.report(diag::UnclosedBlock, {&source, brace.begin, brace.end}).note(std::move(help));
  closers.push_back(closer);
}

void BraceMatcher::run(unsigned missing) {
  size_t lineToken = 0;
  for (size_t i = 0; i + 1 < stream.tokens.size(); ++i) {
    const Token &t = stream.tokens[i];
    if (t.newlineBefore)
      lineToken = i;
    if (t.kind == Tok::RBrace) {
      bool alone = t.newlineBefore;
      while (missing && open.size() > 1 && alone && indentOf(t) < open.back().indent) {
        reportTop();
        --missing;
      }
      if (!open.empty())
        open.pop_back();
      continue;
    }
    if (t.newlineBefore)
      beginLine(i);
    if (open.size() > limits::nesting)
      return; // the parser will say so, and reads no further
    if (t.kind == Tok::LBrace)
      open.push_back({i, lineToken, indentOf(stream.tokens[lineToken]), 0});
  }
  for (; missing && !open.empty(); --missing)
    reportTop();

  insertClosers();
}

void BraceMatcher::insertClosers() {
  std::stable_sort(closers.begin(), closers.end());
  std::vector<Token> repaired;
  repaired.reserve(stream.tokens.size() + closers.size());
  auto next = closers.begin();
  for (size_t i = 0; i < stream.tokens.size(); ++i) {
    for (; next != closers.end() && *next == i; ++next) {
      uint32_t place = i ? stream.tokens[i - 1].end : 0;
      repaired.push_back({Tok::RBrace, true, place, place});
    }
    repaired.push_back(stream.tokens[i]);
  }
  stream.tokens = std::move(repaired);
}

} // namespace

void closeBlocks(TokenStream &stream, const SourceFile &source, DiagnosticEngine &diags) {
  int64_t missing = 0;
  for (const Token &t : stream.tokens)
    missing += (t.kind == Tok::LBrace) - (t.kind == Tok::RBrace);
  if (missing > 0)
    BraceMatcher(stream, source, diags).run(std::min<int64_t>(missing, limits::errors));
}

} // namespace tenon::dsl
