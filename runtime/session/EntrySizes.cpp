// EntryRunner: everything that depends on the sizes of a run, checked and evaluated before it.
#include "runtime/session/EntryRunner.h"

#include <algorithm>
#include <cstring>

namespace tenon::rt {
namespace {

bool holds(Comparison comparison, int64_t left, int64_t right) {
  switch (comparison) {
  case Comparison::Equal:
    return left == right;
  case Comparison::LessEqual:
    return left <= right;
  case Comparison::Less:
    return left < right;
  case Comparison::GreaterEqual:
    return left >= right;
  case Comparison::Greater:
    return left > right;
  case Comparison::NotEqual:
    return left != right;
  }
  return false;
}

// Copies are split like kernels; half a tile's time is more than what a thread costs.
constexpr int64_t copyTileBytes = 65536, copyGrain = 2;

/// Copies buffer 1 to buffer 0; its size is in bytes.
void copyKernel(const tenon_kernel_args *args, int64_t begin, int64_t end) {
  int64_t from = begin * copyTileBytes, to = std::min(end * copyTileBytes, args->size[0]);
  std::memmove(static_cast<uint8_t *>(args->buf[0]) + from,
               static_cast<const uint8_t *>(args->buf[1]) + from,
               static_cast<size_t>(to - from));
}

} // namespace

Status checkRequirements(const EntrySpec &entry, const int64_t *sizes) {
  for (const RequireSpec &require : entry.requirements) {
    int64_t left, right;
    SizeError error = require.left.evaluate(sizes, &left);
    if (error == SizeError::None)
      error = require.right.evaluate(sizes, &right);
    if (error != SizeError::None)
      return Status::errorAt(require.line, TENON_STATUS_INVALID_ARGUMENT,
                             "entry '%s': for these sizes, %s %s", entry.name.c_str(),
                             require.text.c_str(), sizeErrorText(error));
    if (!holds(require.comparison, left, right))
      return Status::errorAt(require.line, TENON_STATUS_REQUIREMENT,
                             "entry '%s': %s (%s does not hold: %lld, %lld)", entry.name.c_str(),
                             require.message.c_str(), require.text.c_str(),
                             static_cast<long long>(left), static_cast<long long>(right));
  }
  return {};
}

Status EntryRunner::prepareSizes(const int64_t *sizes) {
  if (isPrepared && std::equal(currentSizes.begin(), currentSizes.end(), sizes))
    return {};
  isPrepared = false;
  for (size_t i = 0; i < limits.size(); ++i) {
    const char *name = entry.sizeNames[i];
    if (sizes[i] < 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %s is %lld",
                           entry.name.c_str(), name, static_cast<long long>(sizes[i]));
    if (sizes[i] > limits[i])
      return Status::error(TENON_STATUS_LIMIT,
                           "entry '%s': %s is %lld, above the limit of %lld; create the session or "
                           "trainer with a larger limit, or use smaller pieces",
                           entry.name.c_str(), name, static_cast<long long>(sizes[i]),
                           static_cast<long long>(limits[i]));
    currentSizes[i] = sizes[i];
  }
  TENON_TRY(checkRequirements(entry, currentSizes.data()));
  TENON_TRY(prepareTensors(entry.inputs, &inputStaging));
  TENON_TRY(prepareTensors(entry.outputs, &outputStaging));
  TENON_TRY(prepareBuffers());
  TENON_TRY(prepareLaunches());
  placeBarriers();
  isPrepared = true;
  return {};
}

Status EntryRunner::prepareTensors(const std::vector<TensorSpec> &tensors,
                                   std::vector<Staging> *staging) {
  for (size_t i = 0; i < tensors.size(); ++i)
    if (SizeError error = tensors[i].bytes(currentSizes.data(), &(*staging)[i].bytes);
        error != SizeError::None)
      return sizeFailure(tensors[i].name.c_str(), entry.line, error);
  return {};
}

/// A buffer of an input or output has its size, a view at most the size of what it views. (That a
/// temporary is not larger than planned follows from the bounds of its expression.)
Status EntryRunner::prepareBuffers() {
  for (size_t i = 0; i < entry.buffers.size(); ++i) {
    const BufferSpec &buffer = entry.buffers[i];
    int64_t bytes;
    if (SizeError error = buffer.bytes.evaluate(currentSizes.data(), &bytes);
        error != SizeError::None)
      return sizeFailure("a buffer", 0, error);
    if (bytes < 0)
      return sizeFailure("a buffer", 0, SizeError::Negative);
    bufferBytes[i] = static_cast<uint64_t>(bytes);
    bool fits = true;
    if (buffer.kind == schema::BufferKind::Input)
      fits = bufferBytes[i] == inputStaging[buffer.index].bytes;
    else if (buffer.kind == schema::BufferKind::Output)
      fits = bufferBytes[i] == outputStaging[buffer.index].bytes;
    else if (entry.buffers[buffer.root].kind != schema::BufferKind::Temp)
      fits = bufferBytes[i] <= bufferBytes[buffer.root];
    if (!fits)
      return Status::error(TENON_STATUS_CORRUPT,
                           "entry '%s': buffer %zu has another size than what it stands for; the "
                           "artifact is damaged: compile the model again",
                           entry.name.c_str(), i);
  }
  return {};
}

/// The commands that have something to do, as launches.
Status EntryRunner::prepareLaunches() {
  // Adam's moments of a unit that died would stay subnormal for ever, and slow.
  bool isStep = entry.kind == schema::EntryKind::Step;
  list = {launches.data(), 0, 1, scratchStride, &fault,
          isStep ? Subnormals::Flush : Subnormals::Keep};
  for (uint32_t i = 0; i < entry.commands.size(); ++i) {
    const CommandSpec &command = entry.commands[i];
    int64_t *sizes = sizeTable.data() + slots[i].sizes;
    Launch launch;
    if (command.kind == schema::CommandKind::Copy)
      TENON_TRY(prepareCopy(command, &launch, sizes));
    else
      TENON_TRY(prepareKernel(command, &launch, sizes));
    if (launch.tiles <= 0)
      continue;
    launch.args.buf = pointerTable.data() + slots[i].pointers;
    launch.args.size = sizes;
    launch.args.step = &step;
    launch.args.site = command.site;
    launch.command = i;
    list.parts = std::max(list.parts, launch.parts);
    launches[list.count++] = launch;
  }
  return {};
}

Status EntryRunner::prepareCopy(const CommandSpec &command, Launch *launch, int64_t *bytes) {
  if (bufferBytes[command.buffers[0]] != bufferBytes[command.buffers[1]])
    return Status::errorAt(command.line, TENON_STATUS_CORRUPT,
                           "entry '%s': a copy between buffers of different size; the artifact "
                           "is damaged: compile the model again",
                           entry.name.c_str());
  *bytes = static_cast<int64_t>(bufferBytes[command.buffers[0]]);
  launch->kernel = copyKernel;
  launch->tiles = (*bytes + copyTileBytes - 1) / copyTileBytes;
  launch->parts = partsFor(launch->tiles, copyGrain, threads);
  return {};
}

Status EntryRunner::prepareKernel(const CommandSpec &command, Launch *launch, int64_t *sizes) {
  auto evaluate = [&](const SizeExpr &expr, int64_t *value) {
    return expr.evaluate(currentSizes.data(), value);
  };
  for (size_t i = 0; i < command.sizes.size(); ++i)
    if (SizeError error = evaluate(command.sizes[i], &sizes[i]); error != SizeError::None)
      return sizeFailure("a size of a kernel", command.line, error);
  if (SizeError error = evaluate(command.tiles, &launch->tiles); error != SizeError::None)
    return sizeFailure("the number of tiles", command.line, error);
  int64_t grain;
  if (SizeError error = evaluate(command.grain, &grain); error != SizeError::None)
    return sizeFailure("the grain of a kernel", command.line, error);
  launch->kernel = program.kernel(command.kernel);
  launch->parts = partsFor(launch->tiles, grain, threads);
  return {};
}

} // namespace tenon::rt
