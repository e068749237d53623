// One run of tenonc: the only code that joins the frontend and the compiler.
#ifndef TENON_COMPILER_TOOLS_DRIVER_H
#define TENON_COMPILER_TOOLS_DRIVER_H

#include "compiler/pipeline/Options.h"

namespace tenon::tools {

/// Compiles as told and returns the exit code. Results go to files or standard output, everything
/// else to standard error. An output file appears whole or not at all.
int runCompiler(pipeline::Options options);

} // namespace tenon::tools

#endif
