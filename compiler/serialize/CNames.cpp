//===- CNames.cpp - Names and types of generated C ------------------------===//

#include "compiler/serialize/CNames.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tenon::serialize {

/// A keyword of C23 or C++20; or a macro that GNU C defines although no standard lets it.
static bool isKeyword(StringRef name) {
  static constexpr StringRef keywords =
      " alignas alignof and and_eq asm auto bitand bitor bool break case catch char class co_await "
      "co_return co_yield compl concept const const_cast consteval constexpr constinit continue "
      "decltype default delete do double dynamic_cast else enum explicit export extern false float "
      "for friend goto if inline int long mutable namespace new noexcept not not_eq nullptr operator "
      "or or_eq private protected public register reinterpret_cast requires restrict return short "
      "signed sizeof static static_assert static_cast struct switch template this thread_local throw "
      "true try typedef typeid typename typeof typeof_unqual union unsigned using virtual void "
      "volatile while xor xor_eq "
      "i386 linux unix ";
  return keywords.contains((" " + name + " ").str());
}

/// A name that <stddef.h> and <stdint.h> may define (C11 7.19, 7.20, 7.31.10), or any header as a
/// type (POSIX), or tenon.h.
static bool isOfHeaders(StringRef name) {
  for (StringRef ending : {"_MIN", "_MAX", "_WIDTH", "_C"})
    if (name.ends_with(ending) && name.upper() == name)
      return true;
  return name == "NULL" || name == "offsetof" || name == "tenon" || name.ends_with("_t") ||
         name.starts_with_insensitive("tenon_");
}

/// A name that a compiler may define: `_Upper` and `__any` (C11 7.1.3).
static bool isOfCompiler(StringRef name) {
  return name.size() > 1 && name[0] == '_' && (name[1] == '_' || llvm::isUpper(name[1]));
}

std::string toIdentifier(StringRef name) {
  std::string result;
  for (char c : name)
    result.push_back(llvm::isAlnum(c) ? c : '_');
  if (result.empty() || llvm::isDigit(result[0]))
    result.insert(0, "_");
  return result;
}

std::string toFreeName(StringRef name) {
  std::string result = toIdentifier(name);
  if (isOfCompiler(result))
    result.insert(0, "x");
  if (isKeyword(result) || isOfHeaders(result))
    result.push_back('_');
  return result;
}

std::string UniqueNames::get(StringRef name, StringRef prefixOnClash) {
  std::string candidate = toFreeName(name);
  while (!seen.insert(candidate).second)
    candidate = (prefixOnClash + candidate).str();
  return candidate;
}

StringRef toCType(Type elementType) {
  if (elementType.isF32())
    return "float";
  if (elementType.isF64())
    return "double";
  if (elementType.isInteger(32))
    return "int32_t";
  return elementType.isInteger(64) ? "int64_t" : "uint8_t";
}

std::string commentText(StringRef text) {
  std::string result;
  for (char c : text.trim())
    result.push_back(c == '\\' ? '/' : static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  return result;
}

std::string typeText(exec::BufferType type) {
  std::string text;
  llvm::raw_string_ostream os(text);
  if (type.getElementType().isInteger(1))
    os << "bool";
  else
    os << type.getElementType();
  if (type.getSizes().empty())
    return "one " + text;
  os << '[';
  llvm::interleaveComma(type.getSizes(), os, [&](graph::SizeAttr size) { size.printInline(os); });
  os << ']';
  return text;
}

} // namespace tenon::serialize
