//===- Parser.h - From text to AST ------------------------------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_PARSER_H
#define TENON_FRONTENDS_DSL_PARSER_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Diagnostics.h"

namespace tenon::dsl {

/// The limits of a program's text. Beyond one of them: an error, not a crash.
namespace limits {
constexpr size_t fileBytes = 16 << 20;
constexpr unsigned nesting = 200;
constexpr size_t nameBytes = 256;
constexpr unsigned errors = 100; // of one file; then the rest is not read
} // namespace limits

/// Parses `source`, which `diags` owns. Never null; use the result only when no error was reported.
/// Takes time linear in the text.
std::unique_ptr<ast::File> parse(const SourceFile &source, DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_PARSER_H
