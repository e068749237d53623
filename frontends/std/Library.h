// The part of the library that is written in the language, as text.
#ifndef TENON_FRONTENDS_STD_LIBRARY_H
#define TENON_FRONTENDS_STD_LIBRARY_H

namespace tenon::dsl::library {

/// prelude.tenon: functions visible without import. NUL-terminated.
extern const char *const preludeText;
/// nn.tenon: the modules of `nn`. NUL-terminated.
extern const char *const nnText;

} // namespace tenon::dsl::library

#endif
