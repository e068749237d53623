// The command line of tenonc.
#ifndef TENON_COMPILER_TOOLS_COMMANDLINE_H
#define TENON_COMPILER_TOOLS_COMMANDLINE_H

#include "compiler/pipeline/Options.h"

namespace tenon::tools {

/// The exit codes of every Tenon program.
enum ExitCode { Done = 0, UserError = 1, InternalError = 2, EnvironmentError = 3 };

/// Fills `options`. A value means that the program ends now with that code: help or the version
/// was printed, or an error.
std::optional<int> parseCommandLine(int argc, char **argv, pipeline::Options &options);

} // namespace tenon::tools

#endif
