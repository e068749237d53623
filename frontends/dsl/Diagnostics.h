//===- Diagnostics.h - Errors and warnings of the language ------*- C++ -*-===//
//
// The text of each diagnostic is declared in Diagnostics.def. Reporting one:
//
//   diags.report(diag::UnknownHyper, arg.range, "nn.Linear", "biass")
//       .note(decl.range, "Linear(inputs, outputs, bias = true, init)")
//       .fixIt(arg.name->range, "bias");
//
// The engine keeps diagnostics in the order of their reports and never stops: whoever runs a phase
// asks `hasErrors()` before the next one. It also owns the sources, so ranges stay valid.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_DIAGNOSTICS_H
#define TENON_FRONTENDS_DSL_DIAGNOSTICS_H

#include "frontends/dsl/Source.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>
#include <vector>

namespace tenon::dsl {

enum class Severity { Warning, Error };

/// The names of Diagnostics.def.
enum class diag : uint16_t {
#define DIAG(name, code, severity, text) name,
#include "frontends/dsl/Diagnostics.def"
};

struct DiagInfo {
  const char *name;
  const char *code; // "E301"
  Severity severity;
  const char *text; // a formatv pattern
};
const DiagInfo &info(diag id);

/// Text to put in place of a range. An empty range inserts, an empty text removes. Fix-its on a
/// diagnostic itself are sure enough to be applied; a doubtful one goes on a note.
struct FixIt {
  SourceRange range;
  std::string replacement;
};

struct Note {
  SourceRange range; // may be no place
  std::string message;
  std::vector<FixIt> fixIts;
};

/// One reported error or warning. The setters return the diagnostic, to be chained.
class Diagnostic {
public:
  Diagnostic(diag id, SourceRange range, std::string message)
      : id(id), range(range), message(std::move(message)) {}

  /// Underlines a second place: `~~~`. Shown when it is on the line of the caret.
  Diagnostic &highlight(SourceRange extra) {
    highlights.push_back(extra);
    return *this;
  }
  /// Fix-its that follow belong to this note.
  Diagnostic &note(SourceRange at, std::string text) {
    notes.push_back({at, std::move(text), {}});
    return *this;
  }
  /// A note about the same place as the diagnostic.
  Diagnostic &note(std::string text) { return note(range, std::move(text)); }
  /// Belongs to the last note, or to the diagnostic when there is none yet.
  Diagnostic &fixIt(SourceRange at, std::string replacement) {
    (notes.empty() ? fixIts : notes.back().fixIts).push_back({at, std::move(replacement)});
    return *this;
  }

  const diag id;
  const SourceRange range; // the caret stands at its start
  const std::string message;
  std::vector<SourceRange> highlights;
  std::vector<FixIt> fixIts;
  std::vector<Note> notes;
};

class DiagnosticEngine {
public:
  /// Takes a file; the reference lives as long as the engine.
  const SourceFile &addSource(std::string name, std::string text);

  /// The reference lives until the engine is cleared.
  template <typename... Args> Diagnostic &report(diag id, SourceRange range, Args &&...args) {
    return add(id, range, llvm::formatv(info(id).text, std::forward<Args>(args)...).str());
  }

  bool hasErrors() const { return errors != 0; }
  unsigned errorCount() const { return errors; }
  llvm::ArrayRef<std::unique_ptr<Diagnostic>> all() const { return diagnostics; }
  /// Forgets the diagnostics, keeps the sources.
  void clear();

  /// Clang's layout: place, severity, message, code; the line; `~~~ ^~~~`; fix-its; notes.
  void render(llvm::raw_ostream &os) const;
  /// One JSON object a line for each diagnostic.
  void renderJson(llvm::raw_ostream &os) const;

private:
  Diagnostic &add(diag id, SourceRange range, std::string message);

  std::vector<std::unique_ptr<SourceFile>> sources;
  std::vector<std::unique_ptr<Diagnostic>> diagnostics;
  unsigned errors = 0;
};

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_DIAGNOSTICS_H
