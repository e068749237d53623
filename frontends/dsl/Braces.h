//===- Braces.h - Finding the block that was never closed -------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_BRACES_H
#define TENON_FRONTENDS_DSL_BRACES_H

#include "frontends/dsl/Lexer.h"

namespace tenon::dsl {

/// Where a file opens more braces than it closes: reports each such block, told by indentation, and
/// inserts its '}' in front of the first line indented less, so that parsing goes on undisturbed.
void closeBlocks(TokenStream &stream, const SourceFile &source, DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_BRACES_H
