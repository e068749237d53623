//===- SemaValue.cpp - Values in words ------------------------------------------===//

#include "frontends/dsl/SemaValue.h"
#include "frontends/dsl/SemaScope.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tenon::dsl::sema {

Value Value::ofSize(graph::SizeAttr size) {
  if (!size)
    return Poison();
  if (std::optional<int64_t> constant = size.getConstant())
    return *constant;
  return size;
}

graph::SizeAttr Value::asSize(mlir::MLIRContext *context) const {
  if (auto *integer = as<int64_t>())
    return graph::SizeAttr::constant(context, *integer);
  if (auto *size = as<graph::SizeAttr>())
    return *size;
  return {};
}

std::optional<double> Value::asFloat() const {
  if (auto *integer = as<int64_t>())
    return static_cast<double>(*integer);
  if (auto *number = as<double>())
    return *number;
  if (auto *percent = as<Percent>())
    return percent->value / 100;
  return std::nullopt;
}

std::string describe(mlir::Type elementType) {
  if (elementType.isInteger(1))
    return "bool";
  std::string text;
  raw_string_ostream(text) << elementType;
  return text;
}

std::string describe(graph::SizedTensorType type) {
  std::string text = describe(type.getElementType());
  if (type.rank() == 0)
    return text;
  text += '[';
  ListSeparator comma;
  for (graph::SizeAttr size : type.getSizes())
    text += std::string(StringRef(comma)) + size.str();
  return text + ']';
}

namespace {

struct Describe {
  std::string operator()(const Poison &) { return "an error"; }
  std::string operator()(const Absent &) { return "nothing"; }
  std::string operator()(bool) { return "a bool"; }
  std::string operator()(int64_t) { return "an int"; }
  std::string operator()(double) { return "a float"; }
  std::string operator()(const Percent &) { return "a percentage"; }
  std::string operator()(const Duration &) { return "a duration"; }
  std::string operator()(const StringRef &) { return "a string"; }
  std::string operator()(const graph::SizeAttr &) { return "a size"; }
  std::string operator()(const Tensor &t) { return describe(t.type()); }
  std::string operator()(const Variable &v) { return describe(v.type); }
  std::string operator()(const Tuple &t) { return std::to_string(t.elements.size()) + " values"; }
  std::string operator()(const List &) { return "a list"; }
  std::string operator()(const Range &) { return "a range"; }
  std::string operator()(const Initializer &) { return "an initialiser"; }
  std::string operator()(const TypeRef &) { return "a type"; }
  std::string operator()(const ModuleRef &m) { return "the module '" + m.name + "'"; }
  std::string operator()(const Function &f) { return "the function '" + f.name + "'"; }
  std::string operator()(Instance *i) { return "the module '" + i->name + "'"; }
  std::string operator()(const Namespace &n) { return "the library '" + n.file->name + "'"; }
};

} // namespace

std::string Value::describe() const { return std::visit(Describe(), data); }

std::string Value::written() const {
  std::string text;
  raw_string_ostream os(text);
  if (auto *integer = as<int64_t>())
    os << *integer;
  else if (auto *size = as<graph::SizeAttr>())
    os << size->str();
  else if (auto *number = as<double>())
    os << format("%g", *number);
  else if (auto *percent = as<Percent>())
    os << format("%g%%", percent->value);
  else
    os << describe();
  return text;
}

} // namespace tenon::dsl::sema
