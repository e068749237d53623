//===- SemaValue.h - What an expression stands for --------------*- C++ -*-===//
//
// The semantic half evaluates a program at compile time. Most values are known then (numbers,
// lists, modules, initialisers); a Tensor is the result of a graph operation. A Poison value
// stands for something already reported: whatever touches it stays silent.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_SEMAVALUE_H
#define TENON_FRONTENDS_DSL_SEMAVALUE_H

#include "dialects/graph/Graph.h"
#include "frontends/dsl/Ast.h"
#include "llvm/ADT/StringExtras.h"

#include <variant>
#include <vector>

namespace tenon::dsl::sema {

struct Instance;
struct FileScope;
class Value;

/// Where a number that became a size was written: "100 is 'outputs' of 'fc1' (3:23)".
struct Origin {
  std::string hyper;
  std::string module;
  SourceRange place;
};

/// What an axis of a tensor is called, and why it has its size. Both may be missing.
struct Axis {
  llvm::StringRef name;
  const Origin *origin = nullptr; // owned by the Sema
};
using Axes = llvm::SmallVector<Axis, 4>;

struct Poison {};
/// An optional argument that was not given; see `absent` in README.md.
struct Absent {};
struct Percent {
  double value; // 80 for 80%
};
struct Duration {
  double amount;
  graph::DurationUnit unit;
};
struct Tensor {
  mlir::Value value;
  Axes axes; // one for each axis of the type

  graph::SizedTensorType type() const { return graph::tensorType(value); }
  llvm::ArrayRef<graph::SizeAttr> sizes() const { return type().getSizes(); }
  mlir::Type elementType() const { return type().getElementType(); }
  int64_t rank() const { return type().rank(); }
};
/// A parameter or state; reading it gives a Tensor.
struct Variable {
  std::string path;
  graph::SizedTensorType type;
  Axes axes;
};
struct Tuple {
  std::vector<Value> elements;
  std::vector<llvm::StringRef> names; // of results; empty when they have none
};
struct List {
  std::vector<Value> elements;
};
/// `begin .. end`; the end is not included.
struct Range {
  int64_t begin, end;
};
struct Initializer {
  enum class Kind { Constant, Uniform, Normal, Xavier, Kaiming };
  Kind kind;
  double a = 0, b = 0; // as in graph.init
};
/// A type written where a value may stand.
struct TypeRef {
  const ast::Type *type;
};

/// A hyper-parameter with its value.
struct Bound {
  llvm::StringRef name;
  std::shared_ptr<Value> value;
  SourceRange place;    // of the argument or default
  llvm::StringRef axis; // the name written as the argument, if it was one
};

/// A module, perhaps with some hyper-parameters already given.
struct ModuleRef {
  const ast::ModuleDecl *decl;
  const FileScope *file;
  std::string name; // as the user may write it: "nn.Linear"
  std::vector<Bound> given;
};

/// A function: an `fn` (of a module when `self` is set), or, without `decl`, whatever the language
/// knows by this name.
struct Function {
  std::string name;
  const ast::FnDecl *decl = nullptr;
  Instance *self = nullptr;
  const FileScope *file = nullptr;
};
/// `nn`.
struct Namespace {
  const FileScope *file;
};

class Value {
public:
  using Data = std::variant<Poison, Absent, bool, int64_t, double, Percent, Duration,
                            llvm::StringRef, graph::SizeAttr, Tensor, Variable, Tuple, List, Range,
                            Initializer, TypeRef, ModuleRef, Function, Instance *, Namespace>;

  Value() = default;
  template <typename T> Value(T value) : data(std::in_place_type<T>, std::move(value)) {}
  /// A size; a number when it is one.
  static Value ofSize(graph::SizeAttr size);

  template <typename T> bool is() const { return std::holds_alternative<T>(data); }
  template <typename T> const T *as() const { return std::get_if<T>(&data); }
  bool isPoison() const { return is<Poison>(); }
  bool isAbsent() const { return is<Absent>(); }
  /// An int, a float or a size: takes the dtype of a tensor it meets.
  bool isNumber() const { return is<int64_t>() || is<double>() || is<graph::SizeAttr>(); }
  /// An int or a size as a size; null for anything else.
  graph::SizeAttr asSize(mlir::MLIRContext *context) const;
  /// An int, float or percentage as a float.
  std::optional<double> asFloat() const;

  /// In words for a message: "f32[batch, 10]", "a float", "the module 'nn.Linear'".
  std::string describe() const;
  /// As written, if it is a number: "-1", "150%"; else in words. For one that is out of range.
  std::string written() const;

private:
  Data data;
};

/// "f32[batch, 10]".
std::string describe(graph::SizedTensorType type);
/// The language's word for an element type: "f32", "bool".
std::string describe(mlir::Type elementType);

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMAVALUE_H
