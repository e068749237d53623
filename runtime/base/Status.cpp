#include "runtime/base/Status.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <vector>

namespace tenon::rt {
namespace {

/// The failure to report when there is no memory for a failure: never freed.
tenon_status *sharedOutOfMemory() {
  static tenon_status status{TENON_STATUS_OUT_OF_MEMORY, 0, "out of memory", /*permanent=*/true};
  return &status;
}

/// NULL only if there is no memory.
tenon_status *formatStatus(uint32_t line, tenon_status_code code, const char *format,
                           va_list arguments) {
  try {
    va_list again;
    va_copy(again, arguments);
    int length = std::vsnprintf(nullptr, 0, format, again);
    va_end(again);
    std::vector<char> text(static_cast<size_t>(length < 0 ? 0 : length) + 1);
    std::vsnprintf(text.data(), text.size(), format, arguments);
    return new tenon_status{code, line, std::string(text.data()), /*permanent=*/false};
  } catch (const std::bad_alloc &) {
    return sharedOutOfMemory();
  }
}

} // namespace

Status &Status::operator=(Status &&other) noexcept {
  if (this != &other) {
    tenon_status_free(status);
    status = other.release();
  }
  return *this;
}

Status Status::error(tenon_status_code code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Status made(formatStatus(0, code, format, arguments));
  va_end(arguments);
  return made;
}

Status Status::error(tenon_status_code code, const std::string &message) {
  return error(code, "%s", message.c_str());
}

Status Status::errorAt(uint32_t line, tenon_status_code code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  Status made(formatStatus(line, code, format, arguments));
  va_end(arguments);
  return made;
}

Status Status::outOfMemory() noexcept { return Status(sharedOutOfMemory()); }

Status Status::io(const std::string &path, const char *what, int error) {
  char buffer[128];
  // GNU strerror_r returns the text, which need not be in the buffer.
  const char *reason = strerror_r(error, buffer, sizeof buffer);
  return Status::error(TENON_STATUS_IO, "%s: %s: %s", path.c_str(), what, reason);
}

Status Status::withPrefix(const std::string &prefix) && {
  if (status && !status->permanent)
    status->message.insert(0, prefix + ": ");
  return std::move(*this);
}

Status Status::withExample(int64_t example) && {
  if (status && !status->permanent)
    status->example = example;
  return std::move(*this);
}

} // namespace tenon::rt

tenon_status_code tenon_status_get_code(tenon_status_t status) {
  return status ? status->code : TENON_STATUS_OK;
}

const char *tenon_status_message(tenon_status_t status) {
  return status ? status->message.c_str() : "ok";
}

uint32_t tenon_status_line(tenon_status_t status) { return status ? status->line : 0; }

int64_t tenon_status_example(tenon_status_t status) { return status ? status->example : -1; }

void tenon_status_free(tenon_status_t status) {
  if (status && !status->permanent)
    delete status;
}
