// EntryRunner: how much memory an entry needs for sizes up to the limits, and where all of it lies.
#include "runtime/base/Checked.h"
#include "runtime/schema/Plan.h"
#include "runtime/session/EntryRunner.h"

namespace tenon::rt {
namespace {

/// Largest value of a size up to the limits, never negative.
SizeError mostBytes(const SizeExpr &expr, const std::vector<int64_t> &limits, uint64_t *out) {
  int64_t low, high;
  SizeError error = expr.bounds(limits.data(), &low, &high);
  *out = error == SizeError::None && high > 0 ? static_cast<uint64_t>(high) : 0;
  return error;
}

} // namespace

Status EntryRunner::create(const Program &program, uint32_t entry, std::vector<int64_t> limits,
                           uint32_t threads, std::unique_ptr<EntryRunner> *out) {
  const EntrySpec &spec = program.entries()[entry];
  if (!spec.hasProgram)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "entry '%s' was not compiled into this artifact", spec.name.c_str());
  std::unique_ptr<EntryRunner> runner(new EntryRunner(program, entry, std::move(limits), threads));
  TENON_TRY(runner->plan());
  *out = std::move(runner);
  return {};
}

Status EntryRunner::plan() {
  TENON_TRY(planTemporaries());
  TENON_TRY(planStaging(entry.inputs, &inputStaging));
  TENON_TRY(planStaging(entry.outputs, &outputStaging));
  TENON_TRY(planScratch());
  planLaunches();
  return {};
}

/// Takes everything that runs fill.
void EntryRunner::planLaunches() {
  currentSizes.resize(entry.sizes.size());
  boundInputs.resize(entry.inputs.size());
  boundOutputs.resize(entry.outputs.size());
  bufferBytes.resize(entry.buffers.size());
  bases.resize(entry.buffers.size());
  launches.resize(entry.commands.size());
  Slots next;
  for (const CommandSpec &command : entry.commands) {
    slots.push_back(next);
    next.pointers += command.buffers.size();
    // A copy runs as a kernel that is given the number of bytes.
    next.sizes += command.kind == schema::CommandKind::Copy ? 1 : command.sizes.size();
  }
  pointerTable.resize(next.pointers);
  sizeTable.resize(next.sizes);
}

Status EntryRunner::planTemporaries() {
  std::vector<schema::PlanBuffer> buffers;
  std::vector<int32_t> planned(entry.buffers.size(), -1); // index in `buffers`
  for (size_t i = 0; i < entry.buffers.size(); ++i) {
    const BufferSpec &spec = entry.buffers[i];
    if (entry.buffers[spec.root].kind != schema::BufferKind::Temp)
      continue; // memory of its own, or a view of an input, output or weight
    schema::PlanBuffer buffer;
    if (SizeError error = mostBytes(spec.bytes, limits, &buffer.bytes); error != SizeError::None)
      return sizeFailure("a temporary", 0, error);
    buffer.first = spec.first;
    buffer.last = spec.last;
    buffer.alias = spec.root == i ? -1 : planned[spec.root];
    planned[i] = static_cast<int32_t>(buffers.size());
    buffers.push_back(buffer);
  }
  schema::ArenaPlan arena;
  if (schema::planArena(buffers, &arena) != schema::PlanError::None)
    return sizeFailure("the arena", 0, SizeError::Overflow);
  offsets.resize(entry.buffers.size());
  for (size_t i = 0; i < planned.size(); ++i)
    if (planned[i] >= 0)
      offsets[i] = arena.offsets[planned[i]];
  totalBytes = arena.bytes;
  return {};
}

Status EntryRunner::planStaging(const std::vector<TensorSpec> &tensors, std::vector<Staging> *out) {
  for (const TensorSpec &tensor : tensors) {
    uint64_t bytes;
    if (SizeError error = mostElementsOf(tensor.shape, limits.data(), &bytes);
        error != SizeError::None)
      return sizeFailure(tensor.name.c_str(), entry.line, error);
    bytes *= tenon_dtype_size(tensor.dtype); // below 2^51
    uint64_t aligned;
    out->push_back({totalBytes, 0});
    if (!checkedAlign64(bytes, &aligned) || !checkedAdd(totalBytes, aligned, &totalBytes))
      return sizeFailure("the arena", 0, SizeError::Overflow);
  }
  return {};
}

Status EntryRunner::planScratch() {
  for (const CommandSpec &command : entry.commands) {
    uint64_t bytes, aligned;
    if (SizeError error = mostBytes(command.scratch, limits, &bytes); error != SizeError::None)
      return sizeFailure("scratch memory", command.line, error);
    if (!checkedAlign64(bytes, &aligned))
      return sizeFailure("scratch memory", command.line, SizeError::Overflow);
    scratchStride = scratchStride > aligned ? scratchStride : aligned;
  }
  scratchOffset = totalBytes;
  uint64_t all;
  if (!checkedMul<uint64_t>(scratchStride, threads, &all) ||
      !checkedAdd(totalBytes, all, &totalBytes))
    return sizeFailure("scratch memory", 0, SizeError::Overflow);
  return {};
}

Status EntryRunner::sizeFailure(const char *what, uint32_t line, SizeError error) const {
  return Status::errorAt(line, TENON_STATUS_INVALID_ARGUMENT, "entry '%s': for these sizes, %s %s",
                         entry.name.c_str(), what, sizeErrorText(error));
}

} // namespace tenon::rt
