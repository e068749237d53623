//===- FormatColumns.h - Lining up neighbouring lines -----------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_FORMATCOLUMNS_H
#define TENON_FRONTENDS_DSL_FORMATCOLUMNS_H

#include "frontends/dsl/FormatHints.h"

#include <string>

namespace tenon::dsl {

/// A line of formatted text before its parts are lined up.
struct FormattedLine {
  static constexpr size_t none = std::string::npos;

  std::string text;    // with its indentation, without a trailing comment
  std::string comment; // the trailing comment, or empty
  unsigned indent = 0;
  bool blankBefore = false;
  ColumnKind column = ColumnKind::None;
  size_t equals = none; // where in `text` the '=' stands that is lined up
  size_t as = none;     // likewise the `as`
};

/// Pads each run of neighbours of one kind: first their '=', then their `as`, and last the trailing
/// comments of neighbours of any kind. A line far wider than the others of its run stays outside.
void lineUpColumns(std::vector<FormattedLine> &lines);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_FORMATCOLUMNS_H
