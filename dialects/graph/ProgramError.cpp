// Errors about a program, marked in the metadata of their diagnostics.
#include "dialects/graph/ProgramError.h"

using namespace mlir;
using namespace tenon;

static constexpr llvm::StringLiteral mark = "tenon.program";

InFlightDiagnostic graph::emitProgramError(Location at) {
  InFlightDiagnostic error = emitError(at); // at a place, not an op, which would be printed with it
  error.getUnderlyingDiagnostic()->getMetadata().emplace_back(mark);
  return error;
}

bool graph::isProgramError(Diagnostic &diagnostic) {
  return llvm::any_of(diagnostic.getMetadata(), [](const DiagnosticArgument &argument) {
    return argument.getKind() == DiagnosticArgument::DiagnosticArgumentKind::String &&
           argument.getAsString() == mark;
  });
}
