#include "runtime/tools/tenon/Report.h"

#include <cstdio>

namespace tenon::tool {

int fail(ExitCode code, const std::string &message) {
  std::fprintf(stderr, "tenon: error: %s\n", message.c_str());
  return code;
}

static ExitCode blame(tenon_status_code code) {
  switch (code) {
  case TENON_STATUS_INTERNAL:
    return Bug;
  case TENON_STATUS_IO:
  case TENON_STATUS_OUT_OF_MEMORY:
  case TENON_STATUS_INCOMPATIBLE:
    return Environment;
  default:
    return UserError;
  }
}

int fail(const rt::Status &status) {
  std::string message = status.message();
  if (status.line() != 0)
    message += " (line " + std::to_string(status.line()) + " of the model)";
  return fail(blame(status.code()), message);
}

void note(const std::string &message) {
  std::fprintf(stderr, "tenon: note: %s\n", message.c_str());
}

} // namespace tenon::tool
