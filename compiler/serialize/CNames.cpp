//===- CNames.cpp - Names and types of generated C ------------------------===//

#include "compiler/serialize/CNames.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;

namespace tenon::serialize {

static bool isKeyword(StringRef name) {
  static constexpr StringRef keywords =
      " alignas alignof and asm auto bool break case catch char class const constexpr continue "
      "default delete do double else enum explicit export extern false float for friend goto if "
      "inline int long mutable namespace new noexcept not nullptr operator or private protected "
      "public register restrict return short signed sizeof static struct switch template this "
      "throw true try typedef typeid typename union unsigned using virtual void volatile while "
      "xor ";
  return keywords.contains((" " + name + " ").str());
}

std::string toIdentifier(StringRef name) {
  std::string result;
  for (char c : name)
    result.push_back(llvm::isAlnum(c) ? c : '_');
  if (result.empty() || llvm::isDigit(result[0]) || isKeyword(result))
    result.insert(0, "_");
  return result;
}

std::string UniqueNames::get(StringRef name, StringRef prefixOnClash) {
  std::string candidate = toIdentifier(name);
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
