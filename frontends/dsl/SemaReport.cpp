//===- SemaReport.cpp - Reporting from the semantic half ------------------------===//

#include "frontends/dsl/Sema.h"

using namespace llvm;

namespace tenon::dsl::sema {

bool Sema::isLibrarys(SourceRange range) const {
  return range && ((prelude.ast && range.file == &prelude.ast->source) ||
                   (nn.ast && range.file == &nn.ast->source));
}

bool Sema::isRepeated(diag id, SourceRange at) {
  if (reported.insert({at.file, at.begin, unsigned(id)}).second)
    return false;
  repeated = std::make_unique<Diagnostic>(id, at, std::string());
  return true;
}

Diagnostic &Sema::explain(Diagnostic &d, SourceRange range) {
  if (!isLibrarys(range) || !frame || !frame->function)
    return d;
  return d.note(range, formatv("found in the library's '{0}'", frame->function->name.text).str());
}

std::string Sema::place(SourceRange range) {
  Position start = range.start();
  return formatv("{0}:{1}", start.line, start.column).str();
}

Value Sema::notSupported(SourceRange range, Twine what) {
  report(diag::NotSupported, range, what.str());
  return Poison();
}

mlir::Location Sema::loc() const { return loc(userRange); }

mlir::Location Sema::loc(SourceRange range) const {
  SourceRange at = visible(range);
  Position start = at.start(); // 1:1 when there is no place
  return mlir::FileLineColLoc::get(&context, source.name(), start.line, start.column);
}

} // namespace tenon::dsl::sema
