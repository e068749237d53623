//===- Diagnostics.cpp - Collecting and showing diagnostics ---------------===//

#include "frontends/dsl/Diagnostics.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>

using namespace llvm;

namespace tenon::dsl {

const DiagInfo &info(diag id) {
  static const DiagInfo table[] = {
#define DIAG(name, code, severity, text) {#name, code, Severity::severity, text},
#include "frontends/dsl/Diagnostics.def"
  };
  return table[static_cast<size_t>(id)];
}

const SourceFile &DiagnosticEngine::addSource(std::string name, std::string text) {
  sources.push_back(std::make_unique<SourceFile>(std::move(name), std::move(text)));
  return *sources.back();
}

Diagnostic &DiagnosticEngine::add(diag id, SourceRange range, std::string message) {
  errors += info(id).severity == Severity::Error;
  diagnostics.push_back(std::make_unique<Diagnostic>(id, range, std::move(message)));
  return *diagnostics.back();
}

void DiagnosticEngine::clear() {
  diagnostics.clear();
  errors = 0;
}

static StringRef spelling(Severity severity) {
  return severity == Severity::Error ? "error" : "warning";
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

namespace {

/// A source line as it is shown, with the display column of each of its bytes. A tab goes to the
/// next multiple of 8; a character takes the columns a terminal gives it; a byte that is no text is
/// shown as '?'.
struct DisplayLine {
  std::string text;
  std::vector<unsigned> columns; // one more than the line has bytes

  explicit DisplayLine(StringRef line);
};

DisplayLine::DisplayLine(StringRef line) {
  constexpr unsigned tabWidth = 8;
  unsigned column = 0;
  for (size_t at = 0; at < line.size();) {
    unsigned char first = line[at];
    size_t bytes = std::min<size_t>(getNumBytesForUTF8(first), line.size() - at);
    StringRef character = line.substr(at, bytes);
    unsigned width;
    if (first == '\t') {
      width = tabWidth - column % tabWidth;
      text.append(width, ' ');
    } else if (int known = sys::unicode::columnWidthUTF8(character); known >= 0) {
      width = known;
      text += character;
    } else {
      bytes = width = 1;
      text += '?';
    }
    columns.insert(columns.end(), bytes, column);
    column += width;
    at += bytes;
  }
  columns.push_back(column);
}

} // namespace

/// Marks the part of `range` that lies on the line starting at `lineStart` with '~'.
static void underline(std::string &marks, const DisplayLine &line, SourceRange range,
                      uint32_t lineStart) {
  uint32_t bytes = line.columns.size() - 1;
  if (range.end <= lineStart || range.begin > lineStart + bytes)
    return;
  uint32_t first = std::max(range.begin, lineStart) - lineStart;
  uint32_t last = std::min(range.end - lineStart, bytes);
  size_t from = line.columns[first], to = line.columns[last];
  if (marks.size() < to)
    marks.resize(to, ' ');
  std::fill(marks.begin() + from, marks.begin() + std::max(from, to), '~');
}

static void renderSnippet(raw_ostream &os, const Diagnostic &d) {
  constexpr size_t widestLine = 400; // a longer one is data, not a program for people
  Position start = d.range.start();
  StringRef text = d.range.file->line(start.line);
  if (text.size() > widestLine)
    return;
  DisplayLine line(text);
  uint32_t lineStart = d.range.begin - (start.column - 1);
  std::string marks;
  for (SourceRange extra : d.highlights)
    if (extra.file == d.range.file)
      underline(marks, line, extra, lineStart);
  underline(marks, line, d.range, lineStart);
  size_t caret = line.columns[std::min<size_t>(start.column - 1, line.columns.size() - 1)];
  if (marks.size() <= caret)
    marks.resize(caret + 1, ' ');
  marks[caret] = '^';
  os << line.text << '\n' << StringRef(marks).rtrim(' ') << '\n';
}

static void renderPlace(raw_ostream &os, SourceRange range) {
  if (!range)
    return;
  Position start = range.start();
  os << range.file->name() << ':' << start.line << ':' << start.column << ": ";
}

static void renderFixIt(raw_ostream &os, const FixIt &fix) {
  Position start = fix.range.start();
  os << "      fix-it: " << start.line << ':' << start.column;
  if (fix.range.begin == fix.range.end)
    os << " insert '" << fix.replacement << "'\n";
  else if (fix.replacement.empty())
    os << " remove '" << fix.range.text() << "'\n";
  else
    os << " replace '" << fix.range.text() << "' with '" << fix.replacement << "'\n";
}

static void render(raw_ostream &os, const Diagnostic &d) {
  renderPlace(os, d.range);
  os << spelling(info(d.id).severity) << ": " << d.message << " [" << info(d.id).code << "]\n";
  if (d.range)
    renderSnippet(os, d);
  for (const FixIt &fix : d.fixIts)
    renderFixIt(os, fix);
  for (const Note &note : d.notes) {
    renderPlace(os, note.range);
    os << "note: " << note.message;
    if (note.fixIts.empty())
      os << '\n';
    for (const FixIt &fix : note.fixIts)
      renderFixIt(os, fix);
  }
}

void DiagnosticEngine::render(raw_ostream &os) const {
  for (const std::unique_ptr<Diagnostic> &d : diagnostics)
    dsl::render(os, *d);
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

static json::Object toJson(SourceRange range) {
  if (!range)
    return json::Object();
  Position start = range.start(), end = range.file->position(range.end);
  return json::Object{{"file", json::fixUTF8(range.file->name())},
                      {"line", start.line},
                      {"column", start.column},
                      {"endLine", end.line},
                      {"endColumn", end.column}};
}

static json::Array toJson(ArrayRef<FixIt> fixIts) {
  json::Array out;
  for (const FixIt &fix : fixIts) {
    json::Object object = toJson(fix.range);
    object["replacement"] = json::fixUTF8(fix.replacement);
    out.push_back(std::move(object));
  }
  return out;
}

static json::Object toJson(const Diagnostic &d) {
  json::Object object = toJson(d.range);
  object["severity"] = spelling(info(d.id).severity);
  object["code"] = info(d.id).code;
  object["message"] = json::fixUTF8(d.message);
  json::Array highlights, notes;
  for (SourceRange extra : d.highlights)
    highlights.push_back(toJson(extra));
  for (const Note &note : d.notes) {
    json::Object entry = toJson(note.range);
    entry["message"] = json::fixUTF8(note.message);
    entry["fixIts"] = toJson(note.fixIts);
    notes.push_back(std::move(entry));
  }
  object["highlights"] = std::move(highlights);
  object["notes"] = std::move(notes);
  object["fixIts"] = toJson(d.fixIts);
  return object;
}

void DiagnosticEngine::renderJson(raw_ostream &os) const {
  for (const std::unique_ptr<Diagnostic> &d : diagnostics)
    os << json::Value(toJson(*d)) << '\n';
}

} // namespace tenon::dsl
