//===- Format.h - The one layout of a program -------------------*- C++ -*-===//

#ifndef TENON_FRONTENDS_DSL_FORMAT_H
#define TENON_FRONTENDS_DSL_FORMAT_H

#include "frontends/dsl/Ast.h"

namespace tenon::dsl {

/// The text of a file that parsed without errors, laid out anew, comments kept. Has no options;
/// formatting twice changes nothing, and the result parses to an equal tree (`ast::dump`).
std::string format(const ast::File &file);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_FORMAT_H
