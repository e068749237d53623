#include "runtime/session/Session.h"

#include <algorithm>

namespace tenon::rt {
namespace {

/// NOT_FOUND for a limit of a size that no entry has: most likely a misspelling.
Status checkLimitNames(const Program &program, const tenon_session_options &options) {
  for (size_t i = 0; i < options.limit_count; ++i) {
    const tenon_limit &limit = options.limits[i];
    TENON_TRY(checkNotNull("tenon_session_create", {{limit.size, "a limit's size"}}));
    bool known = false;
    for (const EntrySpec &entry : program.entries())
      known |= std::count(entry.sizes.begin(), entry.sizes.end(), limit.size) != 0;
    if (!known)
      return Status::error(TENON_STATUS_NOT_FOUND, "no entry of the model has a size '%s'",
                           limit.size);
  }
  return {};
}

/// Entries to take memory for, chosen by the caller or by which limits there are.
Status chooseEntries(const Program &program, const tenon_session_options &options,
                     std::vector<std::vector<int64_t>> *limits, std::vector<bool> *chosen) {
  size_t count = program.entries().size();
  limits->resize(count);
  chosen->assign(count, options.entry_count == 0);
  for (size_t i = 0; i < options.entry_count; ++i) {
    if (options.entries[i] >= count)
      return Status::error(TENON_STATUS_NOT_FOUND, "tenon_session_create: entry %u of %zu",
                           options.entries[i], count);
    (*chosen)[options.entries[i]] = true;
  }
  bool isExplicit = options.entry_count != 0;
  for (size_t i = 0; i < count; ++i) {
    const EntrySpec &entry = program.entries()[i];
    if (!(*chosen)[i])
      continue;
    if (entry.kind == schema::EntryKind::Step || !entry.hasProgram) {
      (*chosen)[i] = false;
      if (isExplicit)
        return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                             entry.hasProgram
                                 ? "entry '%s' is a training step: it runs in a trainer"
                                 : "entry '%s' was not compiled into this artifact",
                             entry.name.c_str());
      continue;
    }
    const char *missing = nullptr;
    TENON_TRY(limitsOf(entry, options.limits, options.limit_count, &(*limits)[i], &missing));
    if (missing && isExplicit)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "entry '%s' needs a limit for its size '%s'", entry.name.c_str(),
                           missing);
    (*chosen)[i] = !missing;
  }
  return {};
}

} // namespace

Status limitsOf(const EntrySpec &entry, const tenon_limit *limits, size_t count,
                std::vector<int64_t> *out, const char **missing) {
  *missing = nullptr;
  out->clear();
  for (const std::string &size : entry.sizes) {
    const tenon_limit *found = nullptr;
    for (size_t i = 0; i < count; ++i)
      if (size == limits[i].size)
        found = &limits[i];
    if (found && found->max < 1)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "the limit of '%s' is %lld, below 1",
                           size.c_str(), static_cast<long long>(found->max));
    if (!found && !*missing)
      *missing = size.c_str();
    out->push_back(found ? found->max : 0);
  }
  return {};
}

Status checkCall(const EntrySpec &entry, const tenon_call &call, size_t outputs) {
  const char *name = entry.name.c_str();
  if (call.input_count != entry.inputs.size() || (call.input_count != 0 && !call.inputs))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %zu inputs, %zu were given",
                         name, entry.inputs.size(), call.inputs ? call.input_count : 0);
  if (call.output_count != outputs || (outputs != 0 && !call.outputs))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %zu outputs, %zu were given",
                         name, outputs, call.outputs ? call.output_count : 0);
  if (call.size_count != entry.sizes.size() || (call.size_count != 0 && !call.sizes))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %zu sizes, %zu were given",
                         name, entry.sizes.size(), call.sizes ? call.size_count : 0);
  return {};
}

Status createSession(Ref<tenon_env> env, Ref<Program> owner, Ref<Weights> weights,
                     Ref<FitTable> fits, const tenon_session_options *options,
                     std::unique_ptr<tenon_session> *out) {
  const tenon_session_options defaults = {};
  if (!options)
    options = &defaults;
  if (options->limit_count != 0)
    TENON_TRY(checkNotNull("tenon_session_create", {{options->limits, "limits"}}));
  if (options->entry_count != 0)
    TENON_TRY(checkNotNull("tenon_session_create", {{options->entries, "entries"}}));
  const Program &program = *owner;
  TENON_TRY(checkLimitNames(program, *options));
  std::vector<std::vector<int64_t>> limits;
  std::vector<bool> chosen;
  TENON_TRY(chooseEntries(program, *options, &limits, &chosen));

  auto session = std::make_unique<tenon_session>();
  session->runners.resize(chosen.size());
  session->inputs.resize(chosen.size());
  uint64_t bytes = 0;
  for (uint32_t i = 0; i < chosen.size(); ++i) {
    if (!chosen[i])
      continue;
    TENON_TRY(EntryRunner::create(program, i, std::move(limits[i]), env->executor.threads(),
                                  &session->runners[i]));
    session->inputs[i].resize(program.entries()[i].inputs.size());
    bytes = std::max(bytes, session->runners[i]->arenaBytes());
  }
  TENON_TRY(AlignedMemory::allocate(env->allocator, bytes, "session", &session->arena));
  session->env = std::move(env);
  session->program = std::move(owner);
  session->weights = std::move(weights);
  session->fits = std::move(fits);
  *out = std::move(session);
  return {};
}

} // namespace tenon::rt
