//===- Ast.h - What the parser made of a program ----------------*- C++ -*-===//
//
// One node type for each construct of the grammar (README.md in this folder). The tree keeps
// everything that was written, parentheses and braces included, so that the formatter can print it
// back and a diagnostic can point at it; it decides nothing: names are not resolved here, sizes are
// ordinary expressions, and `nn.Linear` is a MemberExpr on a NameExpr.
//
// Ownership. All nodes, lists and decoded strings live in the arena of their `File` and die with
// it; nodes are trivially destructible and never change after parsing. `StringRef`s point into that
// arena or into the SourceFile's text. Pointers are non-null unless their comment says "or null".
//
// Identity. Each polymorphic family (Expr, Stmt, Decl) carries a `kind` and works with
// llvm::isa/cast/dyn_cast. Attach results to nodes with a DenseMap keyed by the pointer (and never
// iterate such a map into output).
//
// Errors. `parse` always returns a File. After a syntax error the broken part is missing or is an
// ErrorExpr, and the DiagnosticEngine has errors: do not analyse such a file.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_AST_H
#define TENON_FRONTENDS_DSL_AST_H

#include "frontends/dsl/AstExpr.h"
#include "llvm/Support/Allocator.h"

#include <string>

namespace tenon::dsl::ast {

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

struct Stmt {
  enum class Kind { Assign, Scan, Update, Cache, Return, Yield, For, If, Require };
  const Kind kind;
  SourceRange range;

protected:
  Stmt(Kind kind, SourceRange range) : kind(kind), range(range) {}
};

template <Stmt::Kind K> struct StmtOf : Stmt {
  explicit StmtOf(SourceRange range) : Stmt(K, range) {}
  static bool classof(const Stmt *s) { return s->kind == K; }
};

/// `{ … }` of statements.
struct Block {
  ArrayRef<Stmt *> statements;
  SourceRange range; // with the braces
};

/// `q, k, v = split(…)`, `a, b = x, y`, `h: f32[n] = f(x)`.
struct AssignStmt : StmtOf<Stmt::Kind::Assign> {
  using StmtOf::StmtOf;
  ArrayRef<Name> names;    // never empty
  Type *type = nullptr;    // or null
  ArrayRef<Expr *> values; // never empty
};

/// A scan used only for the names it carries.
struct ScanStmt : StmtOf<Stmt::Kind::Scan> {
  using StmtOf::StmtOf;
  ScanExpr *scan = nullptr;
};

/// `running_mean <- m`, `keys[time: a .. b] <- k`.
struct UpdateStmt : StmtOf<Stmt::Kind::Update> {
  using StmtOf::StmtOf;
  Name target;
  std::optional<Selection> selection;
  SourceRange arrow;
  Expr *value = nullptr;
};

/// `cache keys, values: f32[batch, time: context, width]`.
struct CacheStmt : StmtOf<Stmt::Kind::Cache> {
  using StmtOf::StmtOf;
  ArrayRef<Name> names;
  Type *type = nullptr;
};

struct ReturnStmt : StmtOf<Stmt::Kind::Return> {
  using StmtOf::StmtOf;
  ArrayRef<Expr *> values; // never empty
};

struct YieldStmt : StmtOf<Stmt::Kind::Yield> {
  using StmtOf::StmtOf;
  ArrayRef<Expr *> values; // never empty
};

struct ForStmt : StmtOf<Stmt::Kind::For> {
  using StmtOf::StmtOf;
  Name variable;
  Expr *sequence = nullptr;
  Block *body = nullptr;
};

/// `if c { … } else if d { … } else { … }`: at most one of `otherwise` and `elseIf` is set.
struct IfStmt : StmtOf<Stmt::Kind::If> {
  using StmtOf::StmtOf;
  Expr *condition = nullptr;
  Block *then = nullptr;
  Block *otherwise = nullptr; // or null
  IfStmt *elseIf = nullptr;   // or null
};

/// `require seq <= context, "message"`.
struct RequireStmt : StmtOf<Stmt::Kind::Require> {
  using StmtOf::StmtOf;
  Expr *condition = nullptr;
  std::optional<String> message;
};

//===----------------------------------------------------------------------===//
// Declarations: of a file, a module, a data or train block
//===----------------------------------------------------------------------===//

struct Decl {
  enum class Kind {
    // Of a file.
    Import,
    Constant,
    Module,
    Fn,
    Data,
    Train,
    Weights,
    // Of a module; Fn as well.
    Member,
    Variable,
    Choice,
    Require,
    // Of data and train blocks.
    Setting,
    Field,
    Metric,
    Predict,
    Params,
  };
  const Kind kind;
  SourceRange range;
  /// The `///` lines right above, without the slashes and one space, joined by '\n'.
  StringRef doc;

protected:
  Decl(Kind kind, SourceRange range) : kind(kind), range(range) {}
};

template <Decl::Kind K> struct DeclOf : Decl {
  explicit DeclOf(SourceRange range) : Decl(K, range) {}
  static bool classof(const Decl *d) { return d->kind == K; }
};

/// `import vision` or `import "layers/mine.tenon" as mine`.
struct ImportDecl : DeclOf<Decl::Kind::Import> {
  using DeclOf::DeclOf;
  std::optional<String> file; // the quoted form
  Name name;                  // what it is called here
};

/// `past = 96` at top level.
struct ConstantDecl : DeclOf<Decl::Kind::Constant> {
  using DeclOf::DeclOf;
  Name name;
  Expr *value = nullptr;
};

/// `width: int = 768` of a module.
struct Hyper {
  Name name;
  StaticType *type;
  Expr *defaultValue; // or null
  SourceRange range;
};

/// `module Norm = nn.LayerNorm(eps: 1e-12)` (then only `alias` is set) or a module with members.
struct ModuleDecl : DeclOf<Decl::Kind::Module> {
  using DeclOf::DeclOf;
  bool isModel = false;
  Name name;
  Expr *alias = nullptr; // or null
  ArrayRef<Hyper> hypers;
  ArrayRef<Decl *> members; // MemberDecl VariableDecl FnDecl ChoiceDecl RequireDecl
  SourceRange body;         // with the braces; no place for an alias
};

/// `tokens, segment: i32[batch, seq]`, `new: dim`, `cached: bool = false`. Exactly one of `type`
/// and `staticType` is set, or neither when `isDim`.
struct Param {
  ArrayRef<Name> names;             // never empty
  Type *type = nullptr;             // or null
  StaticType *staticType = nullptr; // or null
  bool isDim = false;
  SourceRange typeRange;        // of whatever stands after the colon
  Expr *defaultValue = nullptr; // or null
  SourceRange range;
};

/// A result; it has a name in the parenthesised form only.
struct Result {
  std::optional<Name> name;
  Type *type;
  SourceRange range;
};

/// Exactly one of `value` (`= expr`) and `body` is set.
struct FnDecl : DeclOf<Decl::Kind::Fn> {
  using DeclOf::DeclOf;
  ArrayRef<Attr> attrs;
  Name name;
  ArrayRef<Param> params;
  ArrayRef<Result> results; // never empty
  SourceRange resultRange;
  Expr *value = nullptr; // or null
  Block *body = nullptr; // or null
};

/// `fc1 = nn.Linear(10, 100) as "dense"`.
struct MemberDecl : DeclOf<Decl::Kind::Member> {
  using DeclOf::DeclOf;
  ArrayRef<Attr> attrs;
  Name name;
  Expr *value = nullptr;
  std::optional<String> path;
};

/// `param weight: f32[channels] = ones()`, `state …`.
struct VariableDecl : DeclOf<Decl::Kind::Variable> {
  using DeclOf::DeclOf;
  ArrayRef<Attr> attrs;
  bool isState = false; // else a param
  ArrayRef<Name> names;
  Type *type = nullptr;
  Expr *init = nullptr;
  std::optional<String> path;
};

/// `if c { members } else { members }`: at most one of `otherwise` and `elseIf` is used.
struct ChoiceDecl : DeclOf<Decl::Kind::Choice> {
  using DeclOf::DeclOf;
  Expr *condition = nullptr;
  ArrayRef<Decl *> then;
  SourceRange thenRange;
  std::optional<ArrayRef<Decl *>> otherwise;
  SourceRange otherwiseRange;
  ChoiceDecl *elseIf = nullptr; // or null
};

/// `require` among members.
struct RequireDecl : DeclOf<Decl::Kind::Require> {
  using DeclOf::DeclOf;
  RequireStmt *require = nullptr;
};

/// `source = csv("a.csv")` in data, `batch = 32` in train, `lr_scale = 0.1` in params.
struct SettingDecl : DeclOf<Decl::Kind::Setting> {
  using DeclOf::DeclOf;
  Name name;
  Expr *value = nullptr;
};

/// `tokens, segment: i32[128]` of a field list.
struct FieldGroup {
  ArrayRef<Name> names;
  Type *type;
  SourceRange range;
};

/// `x: f32[10] = standardize(…)`; several groups share one value.
struct FieldDecl : DeclOf<Decl::Kind::Field> {
  using DeclOf::DeclOf;
  ArrayRef<FieldGroup> groups; // never empty
  Expr *value = nullptr;       // or null
};

/// `metric accuracy = …`.
struct MetricDecl : DeclOf<Decl::Kind::Metric> {
  using DeclOf::DeclOf;
  Name name;
  Expr *value = nullptr;
};

/// `predict progression = forward(x) like y`.
struct PredictDecl : DeclOf<Decl::Kind::Predict> {
  using DeclOf::DeclOf;
  Name name;
  Expr *value = nullptr;
  std::optional<Name> like;
};

/// `params "bert.encoder.{x...}" { lr_scale = 0.1 }`. The grammar allows every setting inside.
struct ParamsDecl : DeclOf<Decl::Kind::Params> {
  using DeclOf::DeclOf;
  String pattern;
  ArrayRef<Decl *> settings; // SettingDecl MetricDecl PredictDecl ParamsDecl
};

/// `data patients { … }`, `data labelled from patients { … }`.
struct DataDecl : DeclOf<Decl::Kind::Data> {
  using DeclOf::DeclOf;
  Name name;
  std::optional<Name> from;
  ArrayRef<Decl *> items; // SettingDecl FieldDecl
};

/// `train finetune: bert.bert(layers: 6) on reviews { … }`.
struct TrainDecl : DeclOf<Decl::Kind::Train> {
  using DeclOf::DeclOf;
  std::optional<Name> name;
  Path model;
  std::optional<Args> args;
  std::optional<Path> data;
  ArrayRef<Decl *> settings; // SettingDecl MetricDecl PredictDecl ParamsDecl
};

/// A line of a weights block.
struct WeightsRule {
  enum class Kind { Rename, Ignore, Transpose, Fresh };
  Kind kind;
  String pattern;
  std::optional<String> to; // of a Rename
  SourceRange range;
};

/// `weights hf for gpt { … }`.
struct WeightsDecl : DeclOf<Decl::Kind::Weights> {
  using DeclOf::DeclOf;
  Name name;
  Path model;
  ArrayRef<WeightsRule> rules; // applied top to bottom
};

//===----------------------------------------------------------------------===//
// File
//===----------------------------------------------------------------------===//

/// A parsed file, in source order, and the arena that holds its nodes.
struct File {
  explicit File(const SourceFile &source) : source(source) {}

  const SourceFile &source; // must outlive the File
  ArrayRef<Decl *> decls;
  llvm::BumpPtrAllocator arena;
};

/// An indented text of the tree, one node a line, without ranges: two programs that differ only in
/// layout and comments give the same text.
std::string dump(const File &file);

} // namespace tenon::dsl::ast

#endif // TENON_FRONTENDS_DSL_AST_H
