// Failures as values. Status is what every fallible function of the runtime returns: either
// success (no allocation) or a code, a message and perhaps a line of the model text.
#ifndef TENON_BASE_STATUS_H
#define TENON_BASE_STATUS_H

#include "tenon/tenon.h"

#include <cstdint>
#include <new>
#include <string>

struct tenon_status {
  tenon_status_code code;
  uint32_t line; // of the model text; 0: none
  std::string message;
  bool permanent = false; // static: never freed. A member, because several libraries of a process
                          // may each have this code and free each other's statuses.
  int64_t example = -1;   // of the batch; -1: none
};

namespace tenon::rt {

class [[nodiscard]] Status {
public:
  Status() = default; // success
  Status(Status &&other) noexcept : status(other.release()) {}
  Status &operator=(Status &&other) noexcept;
  ~Status() { tenon_status_free(status); }

  /// A failure; the message is formatted as by printf and says place, reason and a way out.
  static Status error(tenon_status_code code, const char *format, ...)
      __attribute__((format(printf, 2, 3)));
  /// A failure whose message is already there.
  static Status error(tenon_status_code code, const std::string &message);
  /// The same, at a line of the model text.
  static Status errorAt(uint32_t line, tenon_status_code code, const char *format, ...)
      __attribute__((format(printf, 3, 4)));
  /// Needs no memory itself.
  static Status outOfMemory() noexcept;
  /// A failed system call: "PATH: WHAT: strerror(ERROR)".
  static Status io(const std::string &path, const char *what, int error);

  /// Owns what a function of the C API returned.
  static Status adopt(tenon_status_t status) noexcept { return Status(status); }

  bool ok() const { return status == nullptr; }
  tenon_status_code code() const { return tenon_status_get_code(status); }
  const char *message() const { return tenon_status_message(status); }
  uint32_t line() const { return tenon_status_line(status); }
  int64_t example() const { return tenon_status_example(status); }

  /// Puts "prefix: " before the message of a failure.
  Status withPrefix(const std::string &prefix) &&;
  /// Says that a failure is about this example of the batch; -1: about none.
  Status withExample(int64_t example) &&;

  /// Hands the C handle over to the caller; NULL for success.
  tenon_status_t release() noexcept {
    tenon_status_t taken = status;
    status = nullptr;
    return taken;
  }

private:
  explicit Status(tenon_status_t status) noexcept : status(status) {}
  tenon_status_t status = nullptr; // owned
};

/// Runs the body of a C function: whatever is thrown inside becomes a status.
template <typename Body> tenon_status_t atBorder(Body &&body) noexcept {
  try {
    return body().release();
  } catch (const std::bad_alloc &) {
    return Status::outOfMemory().release();
  } catch (...) {
    return Status::error(TENON_STATUS_INTERNAL, "unexpected exception inside Tenon").release();
  }
}

} // namespace tenon::rt

/// Leaves the function with the failure of `expression`, if it is one.
#define TENON_TRY(expression)                                                                      \
  do {                                                                                             \
    if (::tenon::rt::Status tried = (expression); !tried.ok())                                     \
      return tried;                                                                                \
  } while (false)

#endif
