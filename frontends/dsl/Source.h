//===- Source.h - Text of a program and places in it ------------*- C++ -*-===//
//
// A `SourceFile` is immutable once made; everything else (tokens, AST, diagnostics) refers to it by
// byte offset. Lines and columns exist only at the border, when something is shown to a person.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_SOURCE_H
#define TENON_FRONTENDS_DSL_SOURCE_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::dsl {

/// A line and a column, both counted from 1; the column counts bytes.
struct Position {
  unsigned line = 1;
  unsigned column = 1;
};

/// The name and the text of one file. Owned by the DiagnosticEngine (`addSource`), so that every
/// diagnostic can still show its line after the AST is gone.
class SourceFile {
public:
  SourceFile(std::string name, std::string text);
  SourceFile(const SourceFile &) = delete;
  SourceFile &operator=(const SourceFile &) = delete;

  /// As the user named it on the command line; printed before line numbers.
  llvm::StringRef name() const { return fileName; }
  /// The whole text, NUL-terminated behind its end.
  llvm::StringRef text() const { return contents; }

  /// Offsets past the end are taken as the end.
  Position position(uint32_t offset) const;
  /// The other way; a place outside the text is taken as its nearest end.
  uint32_t offset(Position position) const;
  unsigned lineCount() const { return lineStarts.size(); }
  /// Text of a line (from 1) without its terminator; empty when there is no such line.
  llvm::StringRef line(unsigned number) const;

private:
  std::string fileName;
  std::string contents;
  std::vector<uint32_t> lineStarts;
};

/// The bytes [begin, end) of a file. `file` is null only in a default-made range ("no place").
struct SourceRange {
  const SourceFile *file = nullptr;
  uint32_t begin = 0;
  uint32_t end = 0;

  explicit operator bool() const { return file != nullptr; }
  llvm::StringRef text() const { return file ? file->text().slice(begin, end) : llvm::StringRef(); }
  Position start() const { return file ? file->position(begin) : Position(); }
  /// Where the range starts, `width` bytes wide.
  SourceRange head(uint32_t width) const { return {file, begin, begin + width}; }
  /// The empty range behind this one: the place for an insertion.
  SourceRange after() const { return {file, end, end}; }
  /// The empty range before this one.
  SourceRange before() const { return {file, begin, begin}; }
};

/// From the start of `first` to the end of `last`, in the same file.
inline SourceRange cover(SourceRange first, SourceRange last) {
  return {first.file, first.begin, last.end};
}

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_SOURCE_H
