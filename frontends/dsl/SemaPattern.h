//===- SemaPattern.h - The labels of an einsum or rearrange -----*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_SEMAPATTERN_H
#define TENON_FRONTENDS_DSL_SEMAPATTERN_H

#include "frontends/dsl/Sema.h"

namespace tenon::dsl::sema {

/// What the words of all axis lists of one expression stand for.
struct Sema::PatternScope {
  struct Label {
    llvm::StringRef name; // empty: one of the axes behind `...`
    graph::SizeAttr size;
    Axis axis;
    SourceRange place; // where it first stands
  };
  std::vector<Label> labels;
  std::optional<llvm::SmallVector<int64_t>> leading; // those behind `...`

  int64_t add(Label label) {
    labels.push_back(std::move(label));
    return labels.size() - 1;
  }
  std::optional<int64_t> find(llvm::StringRef name) const {
    for (auto [index, label] : llvm::enumerate(labels))
      if (!label.name.empty() && label.name == name)
        return index;
    return std::nullopt;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const Label &label : labels)
      if (!label.name.empty())
        names.push_back(label.name.str());
    return names;
  }
};

} // namespace tenon::dsl::sema

#endif // TENON_FRONTENDS_DSL_SEMAPATTERN_H
