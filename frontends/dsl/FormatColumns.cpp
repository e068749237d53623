//===- FormatColumns.cpp - Lining up neighbouring lines -------------------===//

#include "frontends/dsl/FormatColumns.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Unicode.h"

using namespace llvm;

namespace tenon::dsl {

/// The most that a line is padded; a line that would push its neighbours further stays outside.
static constexpr unsigned widestEqualsPadding = 16;
static constexpr unsigned widestAsPadding = 40;
static constexpr unsigned widestCommentPadding = 40;

static unsigned displayWidth(StringRef text) {
  int width = sys::unicode::columnWidthUTF8(text);
  return width < 0 ? text.size() : width;
}

/// The columns that `widths` are padded to: the widest that is not too far from the narrowest.
static unsigned commonWidth(ArrayRef<unsigned> widths, unsigned widestPadding) {
  if (widths.empty())
    return 0;
  unsigned narrowest = *std::min_element(widths.begin(), widths.end());
  unsigned common = narrowest;
  for (unsigned width : widths)
    if (width - narrowest <= widestPadding)
      common = std::max(common, width);
  return common;
}

/// Pads the lines of a run in front of `place`.
static void padBefore(MutableArrayRef<FormattedLine> run, size_t FormattedLine::*place,
                      unsigned widestPadding) {
  auto width = [&](const FormattedLine &line) {
    return displayWidth(StringRef(line.text).take_front(line.*place));
  };
  SmallVector<unsigned> widths;
  for (const FormattedLine &line : run)
    if (line.*place != FormattedLine::none)
      widths.push_back(width(line));
  unsigned common = commonWidth(widths, widestPadding);
  for (FormattedLine &line : run) {
    if (line.*place == FormattedLine::none || width(line) >= common)
      continue;
    unsigned padding = common - width(line);
    line.text.insert(line.*place, padding, ' ');
    if (place == &FormattedLine::equals && line.as != FormattedLine::none)
      line.as += padding;
  }
}

static void padComments(MutableArrayRef<FormattedLine> run) {
  SmallVector<unsigned> widths;
  for (const FormattedLine &line : run)
    widths.push_back(displayWidth(line.text));
  unsigned common = commonWidth(widths, widestCommentPadding);
  for (FormattedLine &line : run) {
    unsigned width = displayWidth(line.text);
    line.text.append(std::max(common, width) - width, ' ');
  }
}

/// Calls `handle` for each longest run of lines that belong together.
static void forEachRun(std::vector<FormattedLine> &lines,
                       function_ref<bool(const FormattedLine &)> belongs,
                       function_ref<bool(const FormattedLine &, const FormattedLine &)> together,
                       function_ref<void(MutableArrayRef<FormattedLine>)> handle) {
  for (size_t begin = 0; begin < lines.size();) {
    size_t end = begin + 1;
    if (belongs(lines[begin])) {
      while (end < lines.size() && belongs(lines[end]) && !lines[end].blankBefore &&
             together(lines[end - 1], lines[end]))
        ++end;
      handle(MutableArrayRef<FormattedLine>(lines).slice(begin, end - begin));
    }
    begin = end;
  }
}

void lineUpColumns(std::vector<FormattedLine> &lines) {
  forEachRun(
      lines, [](const FormattedLine &line) { return line.column != ColumnKind::None; },
      [](const FormattedLine &a, const FormattedLine &b) {
        return a.column == b.column && a.indent == b.indent;
      },
      [](MutableArrayRef<FormattedLine> run) {
        padBefore(run, &FormattedLine::equals, widestEqualsPadding);
        padBefore(run, &FormattedLine::as, widestAsPadding);
      });
  forEachRun(
      lines, [](const FormattedLine &line) { return !line.comment.empty(); },
      [](const FormattedLine &, const FormattedLine &) { return true; }, padComments);
}

} // namespace tenon::dsl
