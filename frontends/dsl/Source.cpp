//===- Source.cpp - Text of a program and places in it --------------------===//

#include "frontends/dsl/Source.h"

#include <algorithm>

namespace tenon::dsl {

SourceFile::SourceFile(std::string name, std::string text)
    : fileName(std::move(name)), contents(std::move(text)) {
  lineStarts.push_back(0);
  for (size_t at = contents.find('\n'); at != std::string::npos; at = contents.find('\n', at + 1))
    lineStarts.push_back(at + 1);
}

Position SourceFile::position(uint32_t offset) const {
  offset = std::min<size_t>(offset, contents.size());
  auto next = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  unsigned line = next - lineStarts.begin();
  return {line, offset - lineStarts[line - 1] + 1};
}

uint32_t SourceFile::offset(Position position) const {
  if (position.line == 0 || position.column == 0)
    return 0;
  if (position.line > lineStarts.size())
    return contents.size();
  return std::min<size_t>(size_t(lineStarts[position.line - 1]) + position.column - 1,
                          contents.size());
}

llvm::StringRef SourceFile::line(unsigned number) const {
  if (number == 0 || number > lineStarts.size())
    return {};
  size_t begin = lineStarts[number - 1];
  size_t end = number < lineStarts.size() ? lineStarts[number] : contents.size();
  return text().slice(begin, end).rtrim("\r\n");
}

} // namespace tenon::dsl
