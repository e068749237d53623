//===- CNames.h - Names and types of generated C ----------------*- C++ -*-===//
#ifndef TENON_COMPILER_SERIALIZE_CNAMES_H
#define TENON_COMPILER_SERIALIZE_CNAMES_H

#include "dialects/exec/Exec.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace tenon::serialize {

/// `name` with what may not stand in an identifier replaced: the beginning of longer names.
std::string toIdentifier(llvm::StringRef name);

/// The same as a whole name: an underscore behind keeps it from being a keyword or a name of tenon.h
/// or the headers that it includes, an x in front from being one that a compiler may define.
std::string toFreeName(llvm::StringRef name);

/// Hands out different identifiers within one struct or parameter list.
class UniqueNames {
public:
  /// `taken` are names that the place uses already.
  explicit UniqueNames(llvm::ArrayRef<llvm::StringRef> taken = {}) { seen.insert_range(taken); }
  std::string get(llvm::StringRef name, llvm::StringRef prefixOnClash);

private:
  llvm::StringSet<> seen;
};

/// "float" for f32; a boolean is a byte.
llvm::StringRef toCType(mlir::Type elementType);

/// `text` on one line, without what would end or continue a `//` comment.
std::string commentText(llvm::StringRef text);

/// "f32[batch, 10]", as the language writes it; "one f32" for a scalar.
std::string typeText(exec::BufferType type);

} // namespace tenon::serialize

#endif // TENON_COMPILER_SERIALIZE_CNAMES_H
