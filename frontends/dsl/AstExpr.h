//===- AstExpr.h - Names, types and expressions -----------------*- C++ -*-===//
//
// The lower half of the tree; Ast.h describes the whole and is the header to include.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_ASTEXPR_H
#define TENON_FRONTENDS_DSL_ASTEXPR_H

#include "frontends/dsl/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Casting.h"

#include <optional>

namespace tenon::dsl::ast {

using llvm::ArrayRef;
using llvm::StringRef;

struct Expr;
struct Block;

//===----------------------------------------------------------------------===//
// Pieces
//===----------------------------------------------------------------------===//

/// An identifier as written. `_` discards.
struct Name {
  StringRef text;
  SourceRange range;

  bool isDiscard() const { return text == "_"; }
};

/// `bert.bert`: one or more names joined by dots, where the grammar allows nothing else.
struct Path {
  ArrayRef<Name> parts; // never empty
  SourceRange range;
};

/// A string literal. `value` has its escapes decoded; `range` includes the quotes.
struct String {
  StringRef value;
  SourceRange range;
};

/// `name: value` or `value` in an argument list.
struct Arg {
  std::optional<Name> name;
  Expr *value;
  SourceRange range;
};

/// What stands between parentheses behind a callee.
struct Args {
  ArrayRef<Arg> list;
  SourceRange range; // with the parentheses
};

/// `@name` or `@name(args)` before a member or function.
struct Attr {
  Name name;
  std::optional<Args> args;
  SourceRange range; // with the '@'
};

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

enum class ElementType { Bool, F16, BF16, F32, F64, I8, I32, I64 };

/// As written in the language: "f32", "bool".
StringRef spelling(ElementType type);

/// `batch`, `768`, `4 * width`, `time: context`, `_`. The size is an expression of the `sum` level;
/// a NameExpr without `axis` names its axis as well.
struct Dim {
  std::optional<Name> axis; // the name before the colon
  Expr *size;
  SourceRange range;
};

/// `f32`, `f32[]`, `f32[..., width]`, `bool[batch, seq]`.
struct Type {
  ElementType element;
  SourceRange elementRange;
  bool bracketed = false;   // false: a scalar written without brackets
  bool leadingAxes = false; // starts with `...`
  SourceRange leadingRange; // of the `...`
  ArrayRef<Dim> dims;       // without the `...`
  SourceRange range;
};

/// The type of something known at compile time: `int float bool str init fn` or `[int]`.
struct StaticType {
  enum class Kind { Int, Float, Bool, Str, Init, Fn, List };
  Kind kind;
  StaticType *element = nullptr; // of a List, else null
  SourceRange range;
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

struct Expr {
  enum class Kind {
    Error,
    Name,
    Number,
    Percent,
    String,
    Bool,
    Type,
    Convert,
    Paren,
    Tuple,
    List,
    Comprehension,
    If,
    Scan,
    Contraction,
    Call,
    Member,
    Select,
    Range,
    Unary,
    Binary,
  };
  const Kind kind;
  /// Of the tree from here down, 1 for a leaf, bodies of scans included. The parser keeps it within
  /// limits::nesting, so recursion over a tree is safe.
  uint16_t height = 1;
  SourceRange range;

protected:
  Expr(Kind kind, SourceRange range) : kind(kind), range(range) {}
};

/// Gives a node its constructor's kind and `classof`.
template <Expr::Kind K> struct ExprOf : Expr {
  explicit ExprOf(SourceRange range) : Expr(K, range) {}
  static bool classof(const Expr *e) { return e->kind == K; }
};

/// Stands where an expression was expected and something else was found. Already reported.
struct ErrorExpr : ExprOf<Expr::Kind::Error> {
  using ExprOf::ExprOf;
};

/// `x`, `nn`, `training`, `_`.
struct NameExpr : ExprOf<Expr::Kind::Name> {
  using ExprOf::ExprOf;
  Name name;
};

/// `10`, `1_000_000`, `1e-3`, `20 epochs`, `500 steps`. Never negative: a sign is a UnaryExpr.
struct NumberExpr : ExprOf<Expr::Kind::Number> {
  using ExprOf::ExprOf;
  enum class Unit { None, Steps, Epochs };
  bool isInteger = false;
  int64_t integer = 0; // when isInteger
  double value = 0;    // always; the nearest double
  Unit unit = Unit::None;
  StringRef text;     // the digits as written, without the unit
  StringRef unitText; // "epochs" or "epoch" as written
};

/// `80%`; `value` is 80.
struct PercentExpr : ExprOf<Expr::Kind::Percent> {
  using ExprOf::ExprOf;
  double value = 0;
  StringRef text; // with the '%'
};

struct StringExpr : ExprOf<Expr::Kind::String> {
  using ExprOf::ExprOf;
  StringRef value; // decoded
};

struct BoolExpr : ExprOf<Expr::Kind::Bool> {
  using ExprOf::ExprOf;
  bool value = false;
};

/// A type where a value may stand: the argument of `zeros(f32[batch, hidden])`.
struct TypeExpr : ExprOf<Expr::Kind::Type> {
  using ExprOf::ExprOf;
  Type *type = nullptr;
};

/// `f32(x)`, `bool(x)`: conversion to an element type.
struct ConvertExpr : ExprOf<Expr::Kind::Convert> {
  using ExprOf::ExprOf;
  ElementType element = ElementType::F32;
  Args args;
};

/// `(a)`: kept so that the program prints as written. See `ignoreParens`.
struct ParenExpr : ExprOf<Expr::Kind::Paren> {
  using ExprOf::ExprOf;
  Expr *inner = nullptr;
};

/// `(a, b)`: at least two elements.
struct TupleExpr : ExprOf<Expr::Kind::Tuple> {
  using ExprOf::ExprOf;
  ArrayRef<Expr *> elements;
};

/// `[400, 400, 1]`, `[]`.
struct ListExpr : ExprOf<Expr::Kind::List> {
  using ExprOf::ExprOf;
  ArrayRef<Expr *> elements;
};

/// `[Layer(width) for _ in 0..layers]`.
struct ComprehensionExpr : ExprOf<Expr::Kind::Comprehension> {
  using ExprOf::ExprOf;
  Expr *element = nullptr;
  Name variable;
  Expr *sequence = nullptr;
};

/// `if c { a } else { b }`. In `else if …` the second `if` is an IfExpr in `otherwise` and
/// `elseIf` is true.
struct IfExpr : ExprOf<Expr::Kind::If> {
  using ExprOf::ExprOf;
  Expr *condition = nullptr;
  Expr *then = nullptr;
  Expr *otherwise = nullptr;
  bool elseIf = false;
};

/// `time`, `-1`, `0` after `over`.
struct Axis {
  std::optional<Name> name;
  int64_t index = 0; // when there is no name; negative counts from the end
  SourceRange range;
};

/// `scan g in gates over time { … }`, `scan i in 0..new { … }`. As a statement it sits in a
/// ScanStmt.
struct ScanExpr : ExprOf<Expr::Kind::Scan> {
  using ExprOf::ExprOf;
  Name variable;
  Expr *sequence = nullptr;
  std::optional<Axis> over;
  Block *body = nullptr;
};

/// A factor of an axis: a name or an integer.
struct PatternFactor {
  std::optional<Name> name;
  int64_t integer = 0; // when there is no name
  SourceRange range;
};

/// `b`, `1`, `heads * d`.
struct PatternItem {
  ArrayRef<PatternFactor> factors; // never empty
  SourceRange range;
};

/// `[..., heads * d]` in einsum and rearrange.
struct Pattern {
  bool leadingAxes = false; // starts with `...`
  ArrayRef<PatternItem> items;
  SourceRange range;
};

/// `q[b, i, d]` in einsum and rearrange.
struct PatternOperand {
  Expr *value;
  Pattern pattern;
  SourceRange range;
};

/// `einsum(a[i, k], b[k, j] -> [i, j])` and `rearrange(x[a, b] -> [b, a])`.
struct ContractionExpr : ExprOf<Expr::Kind::Contraction> {
  using ExprOf::ExprOf;
  bool isEinsum = false; // else rearrange
  SourceRange keyword;
  ArrayRef<PatternOperand> operands; // never empty
  Pattern result;
};

/// `f(x, over: -1)`.
struct CallExpr : ExprOf<Expr::Kind::Call> {
  using ExprOf::ExprOf;
  Expr *callee = nullptr;
  Args args;
};

/// `nn.Linear`, `forward(x).grade`.
struct MemberExpr : ExprOf<Expr::Kind::Member> {
  using ExprOf::ExprOf;
  Expr *base = nullptr;
  Name member;
};

/// `seq: 0`, `time: pos .. pos + len`, `0` between brackets.
struct SelectItem {
  std::optional<Name> axis;
  Expr *index; // a RangeExpr selects a slice
  SourceRange range;
};

struct Selection {
  ArrayRef<SelectItem> items; // never empty
  SourceRange range;          // with the brackets
};

/// `x[seq: 0]`.
struct SelectExpr : ExprOf<Expr::Kind::Select> {
  using ExprOf::ExprOf;
  Expr *base = nullptr;
  Selection selection;
};

/// `0..n`; the end is not included.
struct RangeExpr : ExprOf<Expr::Kind::Range> {
  using ExprOf::ExprOf;
  Expr *begin = nullptr;
  Expr *end = nullptr;
};

struct UnaryExpr : ExprOf<Expr::Kind::Unary> {
  using ExprOf::ExprOf;
  enum class Op { Negate, Not };
  Op op = Op::Negate;
  SourceRange opRange;
  Expr *operand = nullptr;
};

struct BinaryExpr : ExprOf<Expr::Kind::Binary> {
  using ExprOf::ExprOf;
  enum class Op {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power
  };
  Op op = Op::Add;
  SourceRange opRange;
  Expr *left = nullptr;
  Expr *right = nullptr;
};

/// As written in the language: "+", "and".
StringRef spelling(BinaryExpr::Op op);
StringRef spelling(UnaryExpr::Op op);

/// The expression inside any number of parentheses.
const Expr *ignoreParens(const Expr *expr);

} // namespace tenon::dsl::ast

#endif // TENON_FRONTENDS_DSL_ASTEXPR_H
