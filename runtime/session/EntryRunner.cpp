// EntryRunner: one run, after sizes are prepared.
#include "runtime/session/EntryRunner.h"

#include "runtime/base/Checked.h"

#include <algorithm>
#include <cstring>

namespace tenon::rt {

Status EntryRunner::run(const EntryCall &call, Executor &executor, uint8_t *arena) {
  TENON_TRY(bind(call, arena));
  return runBound(call.step, executor);
}

Status EntryRunner::bind(const EntryCall &call, uint8_t *arena) {
  if (isPrepared && std::equal(currentSizes.begin(), currentSizes.end(), call.sizes) &&
      hasSamePointers(call, arena))
    return {};
  bound = false;
  TENON_TRY(prepareSizes(call.sizes));
  TENON_TRY(resolve(call, arena));
  bound = true;
  return {};
}

Status EntryRunner::runBound(const tenon_step &now, Executor &executor) {
  step = now;
  if (isStaged)
    for (size_t i = 0; i < inputStaging.size(); ++i)
      if (inputStaging[i].bytes != 0 && !isAligned64(boundInputs[i]))
        std::memcpy(boundArena + inputStaging[i].offset, boundInputs[i], inputStaging[i].bytes);
  fault.clear();
  size_t needed = size_t{list.count} * threads;
  if (times && timesCapacity - *timesUsed >= needed) {
    executor.runTimed(list, times + *timesUsed);
    for (size_t i = 0; i < needed; ++i)
      times[*timesUsed + i].entry = index;
    *timesUsed += needed;
  } else {
    executor.run(list);
  }
  if (fault.isFound())
    return faultFailure();
  if (isStaged)
    for (size_t i = 0; i < outputStaging.size(); ++i)
      if (outputStaging[i].bytes != 0 && !isAligned64(boundOutputs[i]))
        std::memcpy(boundOutputs[i], boundArena + outputStaging[i].offset, outputStaging[i].bytes);
  return {};
}

void EntryRunner::record(LaunchTime *memory, size_t capacity, size_t *used) {
  times = memory;
  timesCapacity = capacity;
  timesUsed = used;
}

bool EntryRunner::hasSamePointers(const EntryCall &call, const uint8_t *arena) const {
  return bound && call.weights == boundWeights && arena == boundArena &&
         std::equal(boundInputs.begin(), boundInputs.end(), call.inputs) &&
         std::equal(boundOutputs.begin(), boundOutputs.end(), call.outputs);
}

/// Finds the memory of every buffer, then the pointers of every launch.
Status EntryRunner::resolve(const EntryCall &call, uint8_t *arena) {
  TENON_TRY(checkPointers(call));
  std::copy_n(call.inputs, boundInputs.size(), boundInputs.begin());
  std::copy_n(call.outputs, boundOutputs.size(), boundOutputs.begin());
  boundWeights = call.weights;
  boundArena = arena;
  isStaged = false;
  for (size_t i = 0; i < boundInputs.size(); ++i)
    isStaged |= inputStaging[i].bytes != 0 && !isAligned64(boundInputs[i]);
  for (size_t i = 0; i < boundOutputs.size(); ++i)
    isStaged |= outputStaging[i].bytes != 0 && !isAligned64(boundOutputs[i]);

  for (size_t i = 0; i < entry.buffers.size(); ++i) {
    const BufferSpec &buffer = entry.buffers[i];
    if (entry.buffers[buffer.root].kind == schema::BufferKind::Temp)
      bases[i] = arena + offsets[i];
    else
      bases[i] = buffer.root == i ? memoryOf(buffer, call, arena) : bases[buffer.root];
  }
  fillPointers(arena);
  return {};
}

Status EntryRunner::checkPointers(const EntryCall &call) const {
  for (size_t i = 0; i < inputStaging.size(); ++i)
    if (inputStaging[i].bytes != 0 && !call.inputs[i])
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': input '%s' is NULL",
                           entry.name.c_str(), entry.inputs[i].name.c_str());
  for (size_t i = 0; i < outputStaging.size(); ++i)
    if (outputStaging[i].bytes != 0 && !call.outputs[i])
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': output '%s' is NULL",
                           entry.name.c_str(), entry.outputs[i].name.c_str());
  return {};
}

/// Of a buffer that is no temporary.
void *EntryRunner::memoryOf(const BufferSpec &buffer, const EntryCall &call,
                            uint8_t *arena) const {
  auto inPlaceOr = [&](void *given, const Staging &staging) -> void * {
    return given && isAligned64(given) ? given : arena + staging.offset;
  };
  switch (buffer.kind) {
  case schema::BufferKind::Input:
    // Kernels do not write inputs; the interface just has one kind of pointer.
    return inPlaceOr(const_cast<void *>(call.inputs[buffer.index]), inputStaging[buffer.index]);
  case schema::BufferKind::Output:
    return inPlaceOr(call.outputs[buffer.index], outputStaging[buffer.index]);
  case schema::BufferKind::Param:
    return call.weights->parameter(buffer.index);
  case schema::BufferKind::State:
    return call.weights->state(buffer.index);
  case schema::BufferKind::Constant:
    return const_cast<uint8_t *>(program.constants()) + buffer.index;
  case schema::BufferKind::Temp:
    break;
  }
  return nullptr;
}

void EntryRunner::fillPointers(uint8_t *arena) {
  for (size_t i = 0; i < entry.commands.size(); ++i)
    for (size_t k = 0; k < entry.commands[i].buffers.size(); ++k)
      pointerTable[slots[i].pointers + k] = bases[entry.commands[i].buffers[k]];
  for (Launch &launch : launches)
    launch.args.scratch = scratchStride != 0 ? arena + scratchOffset : nullptr;
}

} // namespace tenon::rt
