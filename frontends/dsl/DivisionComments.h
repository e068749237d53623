//===- DivisionComments.h - A comment that was meant to divide --*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_DIVISIONCOMMENTS_H
#define TENON_FRONTENDS_DSL_DIVISIONCOMMENTS_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Lexer.h"

namespace tenon::dsl {

/// Warns about `width // 2`: a comment behind an expression that holds only an integer or the name
/// of a size in scope (a hyper-parameter, an axis or dim of the function, a constant of the file).
void warnAboutDivisionComments(const ast::File &file, const TokenStream &stream,
                               DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_DIVISIONCOMMENTS_H
