// EntryRunner: everything that depends on the sizes of a run, checked and evaluated before it.
#include "runtime/session/EntryRunner.h"

#include <algorithm>

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
  }
  return false;
}

} // namespace

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
  TENON_TRY(checkRequirements());
  TENON_TRY(prepareTensors(entry.inputs, &inputStaging));
  TENON_TRY(prepareTensors(entry.outputs, &outputStaging));
  TENON_TRY(prepareBuffers());
  for (size_t i = 0; i < prepared.size(); ++i)
    TENON_TRY(prepareCommand(entry.commands[i], &prepared[i]));
  isPrepared = true;
  return {};
}

Status EntryRunner::checkRequirements() const {
  for (const RequireSpec &require : entry.requirements) {
    int64_t left, right;
    SizeError error = require.left.evaluate(currentSizes.data(), &left);
    if (error == SizeError::None)
      error = require.right.evaluate(currentSizes.data(), &right);
    if (error != SizeError::None)
      return sizeFailure(require.text.c_str(), require.line, error);
    if (!holds(require.comparison, left, right))
      return Status::errorAt(require.line, TENON_STATUS_REQUIREMENT,
                             "entry '%s': %s (%s does not hold: %lld, %lld)", entry.name.c_str(),
                             require.message.c_str(), require.text.c_str(),
                             static_cast<long long>(left), static_cast<long long>(right));
  }
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

Status EntryRunner::prepareCommand(const CommandSpec &command, Prepared *out) const {
  if (command.kind == schema::CommandKind::Copy) {
    out->copyBytes = bufferBytes[command.buffers[0]];
    if (out->copyBytes != bufferBytes[command.buffers[1]])
      return Status::errorAt(command.line, TENON_STATUS_CORRUPT,
                             "entry '%s': a copy between buffers of different size; the artifact "
                             "is damaged: compile the model again",
                             entry.name.c_str());
    return {};
  }
  auto evaluate = [&](const SizeExpr &expr, int64_t *value) {
    return expr.evaluate(currentSizes.data(), value);
  };
  for (size_t i = 0; i < command.sizes.size(); ++i)
    if (SizeError error = evaluate(command.sizes[i], &out->sizes[i]); error != SizeError::None)
      return sizeFailure("a size of a kernel", command.line, error);
  if (SizeError error = evaluate(command.tiles, &out->tiles); error != SizeError::None)
    return sizeFailure("the number of tiles", command.line, error);
  if (SizeError error = evaluate(command.grain, &out->grain); error != SizeError::None)
    return sizeFailure("the grain of a kernel", command.line, error);
  return {};
}

} // namespace tenon::rt
