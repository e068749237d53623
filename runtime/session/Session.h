// tenon_session_t: entries of a model ready to run, and the one arena they share.
#ifndef TENON_SESSION_SESSION_H
#define TENON_SESSION_SESSION_H

#include "runtime/session/EntryRunner.h"
#include "runtime/session/Model.h"

struct tenon_session {
  tenon::rt::Ref<tenon_env> env;
  tenon::rt::Ref<tenon::rt::Program> program;
  tenon::rt::Ref<tenon::rt::Weights> weights; // a model's, or a trainer's masters
  tenon::rt::Ref<tenon::rt::FitTable> fits;
  bool followsTrainer = false;
  tenon_step step = {}; // what random numbers depend on; total_steps stays 0
  std::vector<std::unique_ptr<tenon::rt::EntryRunner>> runners; // by entry; null: not taken
  std::vector<std::vector<const void *>> inputs; // by entry: pointers with fits filled in
  tenon::rt::AlignedMemory arena;
};

namespace tenon::rt {

/// A session of `program` with weights and fits that belong to a model or a trainer of it.
Status createSession(Ref<tenon_env> env, Ref<Program> program, Ref<Weights> weights,
                     Ref<FitTable> fits, const tenon_session_options *options,
                     std::unique_ptr<tenon_session> *out);

/// One limit per size name of the entry; *missing is the first name without one, or null. Errors:
/// INVALID_ARGUMENT for a limit below 1.
Status limitsOf(const EntrySpec &entry, const tenon_limit *limits, size_t count,
                std::vector<int64_t> *out, const char **missing);

/// The counts and arrays of a call fit the entry. `outputs`: how many the caller has to give.
Status checkCall(const EntrySpec &entry, const tenon_call &call, size_t outputs);

} // namespace tenon::rt

#endif
