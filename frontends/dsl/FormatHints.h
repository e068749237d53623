//===- FormatHints.h - What the layout of a token depends on ----*- C++ -*-===//
//
// The formatter prints tokens, so that nothing can get lost; what it must know about their meaning
// comes from the tree as one hint for each token.
//
//===----------------------------------------------------------------------===//

#ifndef TENON_FRONTENDS_DSL_FORMATHINTS_H
#define TENON_FRONTENDS_DSL_FORMATHINTS_H

#include "frontends/dsl/Ast.h"
#include "frontends/dsl/Lexer.h"

namespace tenon::dsl {

/// Lines next to each other whose `=` stands in one column are of one kind.
enum class ColumnKind : uint8_t { None, Constant, Alias, Member, Setting, Field };

struct FormatHint {
  bool beginsItem = false;              // a declaration, member, statement, setting or braced value
  bool afterAttrs = false;              // the first token behind an attribute
  bool prefix = false;                  // a '-' that has no left operand
  bool tight = false;                   // a '..' between simple operands
  bool isAs = false;                    // the word `as`, lined up within its group
  ColumnKind column = ColumnKind::None; // of an '=' that is lined up
};

/// One hint for each token of `tokens`, which `file` was parsed from.
std::vector<FormatHint> computeHints(const ast::File &file, const std::vector<Token> &tokens);

} // namespace tenon::dsl

#endif // TENON_FRONTENDS_DSL_FORMATHINTS_H
