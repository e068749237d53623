// How the tool ends: exit codes, and messages on stderr.
#ifndef TENON_TOOLS_REPORT_H
#define TENON_TOOLS_REPORT_H

#include "runtime/base/Status.h"

#include <string>

namespace tenon::tool {

enum ExitCode {
  Done = 0,
  UserError = 1,
  Bug = 2,        // ours
  Environment = 3 // the machine or its operating system
};

/// Prints "tenon: error: MESSAGE" and returns the code.
int fail(ExitCode code, const std::string &message);

/// Prints a failure, with the line of the model text if it has one, and returns whose fault it is.
int fail(const rt::Status &status);

/// Prints "tenon: note: MESSAGE".
void note(const std::string &message);

} // namespace tenon::tool

#endif // TENON_TOOLS_REPORT_H
