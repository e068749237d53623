//===- ParserImpl.h - The recursive-descent parser --------------*- C++ -*-===//
//
// Private to the Parse*.cpp files. One function for each rule of the grammar, named after it.
//
// Failure. A function that cannot go on has reported why and returns null (or false); callers hand
// that up to the nearest list of lines (statements, members, settings, declarations), which skips
// to the next line of its own and goes on. Mistakes whose meaning is plain are reported and
// repaired in place instead.
//
// Line breaks. Tokens only know whether they begin a line. `kind()` shows a break as Tok::NewLine
// where the grammar gives it a meaning: not inside ( ) and [ ], not behind an operator, a comma,
// '=', '->' or '{', not in front of '->', '{' and 'else'.
//
// Depth. Two bounds keep every recursion over text and tree within limits::nesting: `Nest` counts
// the parser's own frames, Expr::height the tree, because a chain like `a + a + …` grows upwards
// without nesting.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_PARSERIMPL_H
#define TENON_FRONTENDS_DSL_PARSERIMPL_H

#include "frontends/dsl/Lexer.h"
#include "frontends/dsl/Parser.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"

namespace tenon::dsl {

class Parser {
public:
  Parser(const SourceFile &source, const TokenStream &stream, DiagnosticEngine &diags,
         ast::File &file)
      : source(source), diags(diags), file(file), tokens(stream.tokens), comments(stream.comments),
        firstError(diags.errorCount()) {}

  void parseFile();

private:
  //===--- Tokens (Parser.cpp) --------------------------------------------===//

  const Token &token(unsigned ahead = 0) const {
    return tokens[std::min(at + ahead, tokens.size() - 1)];
  }
  /// The current token's kind, or NewLine where a break ends something.
  Tok kind() const { return atBreak() ? Tok::NewLine : token().kind; }
  bool is(Tok k) const { return kind() == k; }
  /// An Identifier with this text, here or ahead (ahead: on the same line).
  bool isWord(llvm::StringRef word) const { return is(Tok::Identifier) && textOf(token()) == word; }
  /// The kind of the token after the current one, NewLine if that begins a line.
  Tok kindAfter() const;
  bool atBreak() const;
  /// At what `END` accepts.
  bool atEnd() const { return is(Tok::NewLine) || is(Tok::Eof) || is(Tok::RBrace); }

  /// Steps over the current token and gives its range.
  SourceRange take();
  bool takeIf(Tok k);
  bool takeIfWord(llvm::StringRef word);
  void skipBreaks();

  SourceRange rangeOf(const Token &t) const { return {&source, t.begin, t.end}; }
  SourceRange here() const { return rangeOf(token()); }
  SourceRange previous() const { return at ? rangeOf(tokens[at - 1]) : here().before(); }
  /// From the start of the token at index `first` to the end of the last one taken.
  SourceRange since(size_t first) const { return cover(rangeOf(tokens[first]), previous()); }
  unsigned columnOf(const Token &t) const { return source.position(t.begin).column; }
  llvm::StringRef textOf(const Token &t) const { return source.text().slice(t.begin, t.end); }
  /// "'fn'", "the name 'x'", "the end of the line": for "got …".
  std::string describe() const;

  //===--- Errors and recovery (Parser.cpp) -------------------------------===//

  template <typename... Args> Diagnostic &report(diag id, SourceRange range, Args &&...args) {
    if (stopped)
      return unheard.emplace(id, range, "");
    Diagnostic &d = diags.report(id, range, std::forward<Args>(args)...);
    if (diags.errorCount() - firstError >= limits::errors)
      stop();
    return d;
  }
  /// Reports "expected `what`, got …" at the current token.
  bool expected(llvm::Twine what);
  bool expect(Tok k, llvm::StringRef what = "");
  /// Takes the bracket that matches `opening`, or reports it missing.
  bool expectClose(Tok k, SourceRange opening);
  bool expectEnd(llvm::StringRef what);
  /// Adds the note about '//' when a comment behind the last token hides the rest of an expression.
  void noteHiddenDivision(Diagnostic &d);
  /// Skips what is left of the line that began with token `first`, blocks and deeper lines
  /// included.
  void recover(size_t first);
  /// After an error in the header that began with token `first`: skips to its '{', if it has one.
  bool skipToBlock(size_t first);
  /// Reads no further: all loops see the end of the file.
  void stop();

  /// Runs `item` for each line of a `{ … }` until its brace; `item` returns false after an error.
  /// Returns whether the closing brace was there.
  bool parseLines(llvm::function_ref<bool()> item);

  /// Sets whether line breaks end things, until the end of a scope.
  class Breaks {
  public:
    Breaks(Parser &parser, bool matter) : parser(parser), before(parser.breaksMatter) {
      parser.breaksMatter = matter;
    }
    ~Breaks() { parser.breaksMatter = before; }

  private:
    Parser &parser;
    bool before;
  };

  /// One level deeper until the end of a scope; false beyond the limit (reported).
  class Nest {
  public:
    explicit Nest(Parser &parser) : parser(parser) {
      if (++parser.depth > limits::nesting)
        parser.tooDeep(parser.here());
    }
    ~Nest() { --parser.depth; }
    explicit operator bool() const { return parser.depth <= limits::nesting; }

  private:
    Parser &parser;
  };
  void tooDeep(SourceRange where);

  //===--- Nodes ----------------------------------------------------------===//

  template <typename T> T *make(SourceRange range) {
    return new (file.arena.Allocate<T>()) T(range);
  }
  template <typename T> T *make() { return new (file.arena.Allocate<T>()) T(); }
  template <typename T> llvm::ArrayRef<T> copy(llvm::ArrayRef<T> list) {
    T *to = file.arena.Allocate<T>(list.size());
    std::uninitialized_copy(list.begin(), list.end(), to);
    return {to, list.size()};
  }
  template <typename T> llvm::ArrayRef<T> copy(const llvm::SmallVectorImpl<T> &list) {
    return copy(llvm::ArrayRef<T>(list));
  }

  //===--- Pieces (Parser.cpp) --------------------------------------------===//

  std::optional<ast::Name> parseName(llvm::StringRef what);
  std::optional<llvm::ArrayRef<ast::Name>> parseNames(llvm::StringRef what);
  std::optional<ast::String> parseString(llvm::StringRef what);
  std::optional<ast::Path> parsePath(llvm::StringRef what);
  llvm::StringRef decode(const Token &t);
  std::optional<int64_t> parseInteger();
  /// `( item { "," item } [ "," ] )`.
  bool parseParenthesised(llvm::function_ref<bool()> item);

  //===--- Expressions (ParseExpr.cpp, ParsePrimary.cpp) ------------------===//

  ast::Expr *parseExpr();
  ast::Expr *parseAnd();
  ast::Expr *parseNot();
  ast::Expr *parseComparison();
  ast::Expr *parseRange();
  ast::Expr *parseSum();
  ast::Expr *parseTerm();
  ast::Expr *parseUnary();
  ast::Expr *parsePower();
  ast::Expr *parsePostfix();
  ast::Expr *parseCall();
  ast::Expr *parseSuffixes(ast::Expr *base);
  ast::Expr *makeBinary(ast::BinaryExpr::Op op, ast::Expr *left, SourceRange opRange,
                        ast::Expr *right);
  ast::Expr *parsePercentOperator(ast::Expr *left);
  ast::Expr *parseMatmulOperator(ast::Expr *left);
  std::optional<llvm::ArrayRef<ast::Expr *>> parseExprs();
  std::optional<ast::Args> parseArgs();
  std::optional<ast::Selection> parseSelection();
  bool parseSelectItem(llvm::SmallVectorImpl<ast::SelectItem> &items);
  bool rejectKeptAxes(SourceRange opening);

  ast::Expr *parsePrimary();
  ast::Expr *parseNumber();
  ast::Expr *parseParens();
  ast::Expr *parseList();
  ast::Expr *parseIf();
  ast::Expr *parseBraced();
  ast::ScanExpr *parseScan();
  std::optional<ast::Axis> parseAxis();

  //===--- einsum, rearrange, types (ParsePattern.cpp, ParseType.cpp) -----===//

  ast::Expr *parseContraction();
  ast::Expr *rejectPatternString(SourceRange keyword, size_t first);
  std::optional<ast::PatternOperand> parsePatternOperand();
  std::optional<ast::Pattern> parsePattern();
  std::optional<ast::PatternItem> parsePatternItem();
  bool selectionStandsBeforePattern() const;

  ast::Type *parseType();
  std::optional<ast::Dim> parseDim();
  ast::StaticType *parseStaticType();
  bool atStaticType() const;

  /// Sets the height of a finished expression from its children; null beyond the limit (reported).
  ast::Expr *finish(ast::Expr *node, llvm::ArrayRef<const ast::Expr *> children);

  //===--- Functions and statements (ParseStmt.cpp) -----------------------===//

  ast::FnDecl *parseFn(llvm::ArrayRef<ast::Attr> attrs, size_t first);
  bool parseParam(llvm::SmallVectorImpl<ast::Param> &params);
  bool parseResults(ast::FnDecl &fn);
  ast::Block *parseBlock();
  bool parseStmt(llvm::SmallVectorImpl<ast::Stmt *> &list);
  bool parseNamedStmt(llvm::SmallVectorImpl<ast::Stmt *> &list);
  ast::Stmt *parseScanStmt();
  ast::Stmt *parseAssign(size_t first);
  ast::Stmt *parseUpdate(size_t first);
  ast::Stmt *parseCompoundAssign(size_t first);
  ast::Stmt *parseCache();
  template <typename T> ast::Stmt *parseValues();
  ast::Stmt *parseFor();
  ast::IfStmt *parseBranch();
  ast::RequireStmt *parseRequire();
  bool rejectLeadingOperator();
  bool rejectUnusedValue();
  /// Takes an `else`, if there is one. After an `elif` (reported) the caller is at the condition,
  /// as if `else if` had stood there; so whoever parses an `if` takes the word only if it is there.
  enum class ElseKind { None, Block, If };
  ElseKind takeElse();

  //===--- Declarations (ParseDecl.cpp, ParseBlocks.cpp) ------------------===//

  bool parseDecl(llvm::SmallVectorImpl<ast::Decl *> &list);
  ast::Decl *parseImport();
  ast::Decl *parseConstant();
  ast::Decl *parseModule();
  bool parseHyper(llvm::SmallVectorImpl<ast::Hyper> &hypers);
  std::optional<llvm::ArrayRef<ast::Decl *>> parseMembers(SourceRange &range);
  bool parseMember(llvm::SmallVectorImpl<ast::Decl *> &list);
  ast::Decl *parseVariable(llvm::ArrayRef<ast::Attr> attrs, size_t first);
  ast::Decl *parseMemberBinding(llvm::ArrayRef<ast::Attr> attrs, size_t first);
  ast::ChoiceDecl *parseChoice();
  bool parseAttrs(llvm::SmallVectorImpl<ast::Attr> &attrs);
  bool parseAsPath(std::optional<ast::String> &path);

  ast::Decl *parseData();
  bool parseDataItem(llvm::SmallVectorImpl<ast::Decl *> &items);
  ast::Decl *parseField();
  ast::Decl *parseTrain();
  std::optional<llvm::ArrayRef<ast::Decl *>> parseSettings();
  bool parseSetting(llvm::SmallVectorImpl<ast::Decl *> &settings);
  template <typename T> ast::Decl *parseNamedValue();
  ast::Decl *parsePredict();
  ast::Decl *parseParams();
  ast::Decl *parseWeights();
  bool parseWeightsRule(llvm::SmallVectorImpl<ast::WeightsRule> &rules);

  /// The `///` lines right above the token at `index`.
  llvm::StringRef docBefore(size_t index);

  const SourceFile &source;
  DiagnosticEngine &diags;
  ast::File &file;
  const std::vector<Token> &tokens;
  const std::vector<Comment> &comments;
  size_t at = 0;
  size_t breakTaken = SIZE_MAX; // the token whose break was already consumed
  bool breaksMatter = true;
  unsigned depth = 0;
  unsigned tallest = 0; // height of the tallest expression of the current block
  unsigned firstError;
  bool stopped = false;
  std::optional<Diagnostic> unheard; // takes the notes of what is not reported any more
};

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_PARSERIMPL_H
