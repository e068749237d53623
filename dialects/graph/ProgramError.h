// Errors about a program, found by a pass.
#ifndef TENON_DIALECTS_GRAPH_PROGRAMERROR_H
#define TENON_DIALECTS_GRAPH_PROGRAMERROR_H

#include "mlir/IR/Diagnostics.h"

namespace tenon::graph {

/// Reports what the author of a program can mend: a program that is well-formed, but asks for what
/// cannot be done. The text speaks the language's words and ends with a way out. Every other error
/// of a pass is about IR that no frontend makes; where a frontend made it, the compiler has a bug.
mlir::InFlightDiagnostic emitProgramError(mlir::Location at);

/// Whether `emitProgramError` made a diagnostic.
bool isProgramError(mlir::Diagnostic &diagnostic);

} // namespace tenon::graph

#endif
