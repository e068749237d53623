//===- CNames.h - Names and types of generated C ----------------*- C++ -*-===//
#ifndef TENON_COMPILER_SERIALIZE_CNAMES_H
#define TENON_COMPILER_SERIALIZE_CNAMES_H

#include "dialects/exec/Exec.h"
#include "llvm/ADT/StringSet.h"
#include <string>

namespace tenon::serialize {

/// `name` with what may not stand in an identifier replaced; never a keyword of C11 or C++17.
std::string toIdentifier(llvm::StringRef name);

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
