//===- Wellformed.h - Errors of sense that need no names --------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_WELLFORMED_H
#define TENON_FRONTENDS_DSL_WELLFORMED_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Diagnostics.h"

namespace tenon::dsl {

/// Reports what the grammar allows and no program can mean (E150 to E156): things given twice,
/// unnamed arguments behind named ones, a `fn` that can end without `return`, and the like.
void checkWellformed(const ast::File &file, DiagnosticEngine &diags);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_WELLFORMED_H
