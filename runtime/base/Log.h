// Notes and warnings for the host's log; silent if the host gave none.
#ifndef TENON_BASE_LOG_H
#define TENON_BASE_LOG_H

#include "tenon/tenon.h"

#include <string>

namespace tenon::rt {

struct Log {
  void (*sink)(void *user, tenon_log_level level, const char *message) = nullptr;
  void *user = nullptr;

  void write(tenon_log_level level, const std::string &message) const {
    if (sink)
      sink(user, level, message.c_str());
  }
};

} // namespace tenon::rt

#endif
