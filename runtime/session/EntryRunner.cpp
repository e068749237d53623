// EntryRunner: one run, after sizes are prepared.
#include "runtime/session/EntryRunner.h"

#include "runtime/base/Checked.h"

#include <cstring>

namespace tenon::rt {

Status EntryRunner::run(const EntryCall &call, Executor &executor, uint8_t *arena) {
  TENON_TRY(prepareSizes(call.sizes));
  TENON_TRY(resolve(call, arena));
  for (size_t i = 0; i < prepared.size(); ++i)
    runCommand(i, call, executor, arena);
  for (size_t i = 0; i < outputStaging.size(); ++i)
    if (outputStaging[i].bytes != 0 && !isAligned64(call.outputs[i]))
      std::memcpy(call.outputs[i], arena + outputStaging[i].offset, outputStaging[i].bytes);
  return {};
}

/// Finds the memory of every buffer, and copies inputs that are not aligned to their places.
Status EntryRunner::resolve(const EntryCall &call, uint8_t *arena) {
  for (size_t i = 0; i < inputStaging.size(); ++i) {
    if (inputStaging[i].bytes == 0)
      continue;
    if (!call.inputs[i])
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': input '%s' is NULL",
                           entry.name.c_str(), entry.inputs[i].name.c_str());
    if (!isAligned64(call.inputs[i]))
      std::memcpy(arena + inputStaging[i].offset, call.inputs[i], inputStaging[i].bytes);
  }
  for (size_t i = 0; i < outputStaging.size(); ++i)
    if (outputStaging[i].bytes != 0 && !call.outputs[i])
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': output '%s' is NULL",
                           entry.name.c_str(), entry.outputs[i].name.c_str());

  for (size_t i = 0; i < entry.buffers.size(); ++i) {
    const BufferSpec &buffer = entry.buffers[i];
    if (buffer.root != i && entry.buffers[buffer.root].kind != schema::BufferKind::Temp) {
      bases[i] = bases[buffer.root];
      continue;
    }
    switch (buffer.kind) {
    case schema::BufferKind::Input: {
      const void *given = call.inputs[buffer.index];
      bool inPlace = given && isAligned64(given);
      // Kernels do not write inputs; the interface just has one kind of pointer.
      bases[i] = inPlace ? const_cast<void *>(given) : arena + inputStaging[buffer.index].offset;
      break;
    }
    case schema::BufferKind::Output: {
      void *given = call.outputs[buffer.index];
      bool inPlace = given && isAligned64(given);
      bases[i] = inPlace ? given : arena + outputStaging[buffer.index].offset;
      break;
    }
    case schema::BufferKind::Param:
      bases[i] = call.weights->parameter(buffer.index);
      break;
    case schema::BufferKind::State:
      bases[i] = call.weights->state(buffer.index);
      break;
    case schema::BufferKind::Constant:
      bases[i] = const_cast<uint8_t *>(program.constants()) + buffer.index;
      break;
    case schema::BufferKind::Temp:
      bases[i] = arena + offsets[i];
      break;
    }
  }
  return {};
}

void EntryRunner::runCommand(size_t index, const EntryCall &call, Executor &executor,
                             uint8_t *arena) {
  const CommandSpec &command = entry.commands[index];
  Prepared &ready = prepared[index];
  if (command.kind == schema::CommandKind::Copy) {
    if (ready.copyBytes != 0)
      std::memmove(bases[command.buffers[0]], bases[command.buffers[1]], ready.copyBytes);
    return;
  }
  for (size_t i = 0; i < ready.pointers.size(); ++i)
    ready.pointers[i] = bases[command.buffers[i]];
  Launch work;
  work.kernel = program.kernel(command.kernel);
  work.args.buf = ready.pointers.data();
  work.args.size = ready.sizes.data();
  work.args.step = &call.step;
  work.args.site = command.site;
  work.tiles = ready.tiles;
  work.grain = ready.grain;
  work.scratch = arena + scratchOffset;
  work.scratchStride = scratchStride;
  launch(executor, work);
}

} // namespace tenon::rt
