// C functions about the commands of entries and the times they take.
#include "runtime/session/Session.h"
#include "runtime/session/Trainer.h"

using namespace tenon::rt;

namespace {

Status checkRecord(const char *function, const tenon_launch_time *times, const size_t *used) {
  if (times && !used)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "%s: used is NULL", function);
  return {};
}

/// 0 where the artifact does not say, and where the number does not fit.
int64_t valueOf(const SizeExpr &expr, const int64_t *sizes) {
  int64_t value;
  return expr.evaluate(sizes, &value) == SizeError::None ? value : 0;
}

void describe(const tenon_model &model, const CommandSpec &command, const int64_t *sizes,
              tenon_command_info *out) {
  *out = {};
  out->line = command.line;
  if (command.kind == tenon::schema::CommandKind::Copy) {
    out->kernel = out->label = "copy";
    out->tiles = out->threads = 1;
    return;
  }
  const Program &program = *model.program;
  const auto &variant = *program.artifact().variants()->Get(program.variant());
  const auto &kernel = *variant.kernels()->Get(command.kernel);
  out->kernel = kernel.name()->c_str();
  out->label = kernel.label() ? kernel.label()->c_str() : "";
  out->tiles = valueOf(command.tiles, sizes);
  out->threads =
      partsFor(out->tiles, valueOf(command.grain, sizes), model.env->executor.threads());
  out->flops = valueOf(command.flops, sizes);
  out->bytes = valueOf(command.bytes, sizes);
}

} // namespace

uint32_t tenon_model_command_count(const tenon_model_t *model, uint32_t entry) {
  if (!model || entry >= model->program->entries().size())
    return 0;
  return static_cast<uint32_t>(model->program->entries()[entry].commands.size());
}

tenon_status_t tenon_model_command(const tenon_model_t *model, uint32_t entry, uint32_t index,
                                   const int64_t *sizes, size_t size_count,
                                   tenon_command_info *out_info) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_model_command", {{model, "model"}, {out_info, "out_info"}}));
    if (index >= tenon_model_command_count(model, entry))
      return Status::error(TENON_STATUS_NOT_FOUND, "tenon_model_command: command %u of %u", index,
                           tenon_model_command_count(model, entry));
    const EntrySpec &spec = model->program->entries()[entry];
    if (size_count != spec.sizes.size() || (size_count != 0 && !sizes))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_model_command: %zu sizes, %zu were given", spec.sizes.size(),
                           sizes ? size_count : 0);
    describe(*model, spec.commands[index], sizes, out_info);
    return {};
  });
}

tenon_status_t tenon_session_record(tenon_session_t *session, uint32_t entry,
                                    tenon_launch_time *times, size_t capacity, size_t *used) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_session_record", {{session, "session"}}));
    TENON_TRY(checkRecord("tenon_session_record", times, used));
    if (entry >= session->runners.size() || !session->runners[entry])
      return Status::error(TENON_STATUS_NOT_FOUND,
                           "tenon_session_record: the session does not run entry %u", entry);
    session->runners[entry]->record(times, capacity, used);
    return {};
  });
}

tenon_status_t tenon_trainer_record(tenon_trainer_t *trainer, tenon_launch_time *times,
                                    size_t capacity, size_t *used) {
  return atBorder([&]() -> Status {
    TENON_TRY(checkNotNull("tenon_trainer_record", {{trainer, "trainer"}}));
    TENON_TRY(checkRecord("tenon_trainer_record", times, used));
    for (const std::unique_ptr<EntryRunner> &pass : trainer->micro.passes)
      pass->record(times, capacity, used);
    trainer->runner->record(times, capacity, used);
    return {};
  });
}
