// Programs of a variant: buffers and commands.
#include "runtime/base/Checked.h"
#include "runtime/program/Layout.h"
#include "runtime/program/SizeExpr.h"
#include "runtime/program/Verify.h"

#include <vector>

namespace tenon::rt {
namespace {

using schema::BufferKind;

/// Checks one program; knows what its buffers stand for.
class ProgramCheck {
public:
  ProgramCheck(const schema::Artifact &artifact, const schema::Variant &variant,
               const schema::Program &program, std::string where)
      : artifact(artifact), variant(variant), program(program), where(std::move(where)),
        entry(*artifact.entries()->Get(program.entry())) {}

  Status check() {
    for (uint32_t i = 0; i < countOf(program.buffers()); ++i)
      TENON_TRY(checkBuffer(i));
    for (uint32_t i = 0; i < countOf(program.commands()); ++i)
      TENON_TRY(checkCommand(i));
    return checkOutputsAreWritten();
  }

private:
  Status checkSize(const schema::SizeExpr *flat, const std::string &place, SizeExpr *out) {
    if (const char *reason = SizeExpr::decode(flat, countOf(entry.sizes()), out))
      return corrupt(place, "the size %s", reason);
    return {};
  }

  Status checkIndex(uint32_t index, uint32_t count, const char *what, const std::string &place) {
    if (index >= count)
      return corrupt(at(place, "index"), "%s %u of %u", what, index, count);
    return {};
  }

  Status checkBuffer(uint32_t index) {
    const schema::Buffer &buffer = *program.buffers()->Get(index);
    std::string place = at(where, "buffers", index);
    SizeExpr bytes;
    TENON_TRY(checkSize(buffer.bytes(), at(place, "bytes"), &bytes));
    if (buffer.alias() < -1 || buffer.alias() >= static_cast<int64_t>(index) ||
        (buffer.alias() >= 0 && buffer.kind() != BufferKind::Temp))
      return corrupt(at(place, "alias"), "%d is no earlier buffer that a temporary can share",
                     buffer.alias());
    roots.push_back(buffer.alias() < 0 ? index : roots[buffer.alias()]);
    written.push_back(false);
    switch (buffer.kind()) {
    case BufferKind::Input:
      return checkIndex(buffer.index(), countOf(entry.inputs()), "input", place);
    case BufferKind::Output:
      return checkIndex(buffer.index(), countOf(entry.outputs()), "output", place);
    case BufferKind::Param:
      TENON_TRY(checkIndex(buffer.index(), countOf(artifact.parameters()), "parameter", place));
      return checkWhole(bytes, *artifact.parameters()->Get(buffer.index()), place);
    case BufferKind::State: {
      TENON_TRY(checkIndex(buffer.index(), countOf(artifact.states()), "state", place));
      const schema::Parameter &state = *artifact.states()->Get(buffer.index());
      if (entry.kind() != schema::EntryKind::Step &&
          state.path()->str().compare(0, 10, "optimizer.") == 0)
        return corrupt(at(place, "index"), "only training steps use states of the optimizer");
      return checkWhole(bytes, state, place);
    }
    case BufferKind::Constant: {
      int64_t size;
      if (buffer.index() % 64 != 0 || !bytes.isConstant(&size) || size < 0 ||
          !isInside(buffer.index(), static_cast<uint64_t>(size), countOf(variant.constants())))
        return corrupt(place, "the constant does not lie in the %u bytes of constants",
                       countOf(variant.constants()));
      return {};
    }
    case BufferKind::Temp:
      if (buffer.first() > buffer.last() || buffer.last() >= countOf(program.commands()))
        return corrupt(at(place, "last"), "the lifetime %u … %u does not lie in %u commands",
                       buffer.first(), buffer.last(), countOf(program.commands()));
      return {};
    }
    return corrupt(at(place, "kind"), "%d is no kind of buffer", static_cast<int>(buffer.kind()));
  }

  /// A parameter or state is used as a whole.
  Status checkWhole(const SizeExpr &bytes, const schema::Parameter &parameter,
                    const std::string &place) {
    uint64_t expected = 0;
    (void)storageElementsOf(parameter, &expected); // at most 2^48, checked before
    expected *= tenon_dtype_size(static_cast<tenon_dtype>(parameter.dtype()));
    int64_t size;
    if (!bytes.isConstant(&size) || static_cast<uint64_t>(size) != expected)
      return corrupt(at(place, "bytes"), "'%s' has %llu bytes", parameter.path()->c_str(),
                     static_cast<unsigned long long>(expected));
    return {};
  }

  Status checkCommand(uint32_t index) {
    const schema::Command &command = *program.commands()->Get(index);
    std::string place = at(where, "commands", index);
    for (uint32_t i = 0; i < countOf(command.buffers()); ++i)
      if (command.buffers()->Get(i) >= countOf(program.buffers()))
        return corrupt(at(place, "buffers", i), "buffer %u of %u", command.buffers()->Get(i),
                       countOf(program.buffers()));
    switch (command.kind()) {
    case schema::CommandKind::Launch:
      TENON_TRY(checkLaunch(command, place));
      break;
    case schema::CommandKind::Copy:
      if (countOf(command.buffers()) != 2)
        return corrupt(at(place, "buffers"), "a copy has 2 buffers, not %u",
                       countOf(command.buffers()));
      TENON_TRY(checkWrite(command.buffers()->Get(0), at(place, "buffers", 0)));
      break;
    default:
      return corrupt(at(place, "kind"), "%d is no kind of command",
                     static_cast<int>(command.kind()));
    }
    for (uint32_t i = 0; i < countOf(command.buffers()); ++i) {
      const schema::Buffer &buffer = *program.buffers()->Get(command.buffers()->Get(i));
      if (buffer.kind() == BufferKind::Temp && (index < buffer.first() || index > buffer.last()))
        return corrupt(at(place, "buffers", i),
                       "command %u uses a temporary that lives from %u to %u", index,
                       buffer.first(), buffer.last());
    }
    return {};
  }

  Status checkLaunch(const schema::Command &command, const std::string &place) {
    if (command.kernel() >= countOf(variant.kernels()))
      return corrupt(at(place, "kernel"), "kernel %u of %u", command.kernel(),
                     countOf(variant.kernels()));
    const schema::Kernel &kernel = *variant.kernels()->Get(command.kernel());
    if (countOf(command.buffers()) != countOf(kernel.writes()))
      return corrupt(at(place, "buffers"), "%u buffers for %u arguments of '%s'",
                     countOf(command.buffers()), countOf(kernel.writes()), kernel.name()->c_str());
    for (uint32_t i = 0; i < countOf(kernel.writes()); ++i)
      if (kernel.writes()->Get(i))
        TENON_TRY(checkWrite(command.buffers()->Get(i), at(place, "buffers", i)));
    SizeExpr ignored;
    for (uint32_t i = 0; i < countOf(command.sizes()); ++i)
      TENON_TRY(checkSize(command.sizes()->Get(i), at(place, "sizes", i), &ignored));
    TENON_TRY(checkSize(command.tiles(), at(place, "tiles"), &ignored));
    if (command.grain())
      TENON_TRY(checkSize(command.grain(), at(place, "grain"), &ignored));
    if (command.scratch())
      TENON_TRY(checkSize(command.scratch(), at(place, "scratch"), &ignored));
    if (command.flops())
      TENON_TRY(checkSize(command.flops(), at(place, "flops"), &ignored));
    if (command.bytes())
      TENON_TRY(checkSize(command.bytes(), at(place, "bytes"), &ignored));
    if (countOf(command.tile_bytes()) != 0 &&
        countOf(command.tile_bytes()) != countOf(command.buffers()))
      return corrupt(at(place, "tile_bytes"), "%u numbers for %u buffers",
                     countOf(command.tile_bytes()), countOf(command.buffers()));
    return {};
  }

  /// Inputs and constants are never written, weights only by training steps.
  Status checkWrite(uint32_t index, const std::string &place) {
    const schema::Buffer &root = *program.buffers()->Get(roots[index]);
    bool isWeight = root.kind() == BufferKind::Param || root.kind() == BufferKind::State;
    if (root.kind() == BufferKind::Input || root.kind() == BufferKind::Constant ||
        (isWeight && entry.kind() != schema::EntryKind::Step))
      return corrupt(place, "'%s' writes to an input, a constant or, outside training, a weight",
                     entry.name()->c_str());
    written[roots[index]] = true;
    return {};
  }

  Status checkOutputsAreWritten() {
    for (uint32_t output = 0; output < countOf(entry.outputs()); ++output) {
      bool isWritten = false;
      for (uint32_t i = 0; i < countOf(program.buffers()); ++i) {
        const schema::Buffer &buffer = *program.buffers()->Get(i);
        isWritten |= buffer.kind() == BufferKind::Output && buffer.index() == output && written[i];
      }
      if (!isWritten)
        return corrupt(at(where, "commands"), "nothing writes output '%s' of '%s'",
                       entry.outputs()->Get(output)->name()->c_str(), entry.name()->c_str());
    }
    return {};
  }

  const schema::Artifact &artifact;
  const schema::Variant &variant;
  const schema::Program &program;
  const std::string where;
  const schema::Entry &entry;
  std::vector<uint32_t> roots; // of each buffer: the buffer whose memory it has
  std::vector<bool> written;   // of roots
};

Status verifyKernel(const schema::Kernel &kernel, const std::string &where) {
  TENON_TRY(verifyName(kernel.name(), at(where, "name")));
  for (uint32_t i = 0; i < countOf(kernel.writes()); ++i)
    if (kernel.writes()->Get(i) > 1)
      return corrupt(at(where, "writes", i), "%u is neither 0 nor 1", kernel.writes()->Get(i));
  return {};
}

} // namespace

Status verifyVariant(const schema::Artifact &artifact, const schema::Variant &variant,
                     const std::string &where) {
  TENON_TRY(verifyName(variant.target(), at(where, "target")));
  TENON_TRY(verifyName(variant.arch(), at(where, "arch")));
  for (uint32_t i = 0; i < countOf(variant.features()); ++i)
    TENON_TRY(verifyName(variant.features()->Get(i), at(where, "features", i)));
  for (uint32_t i = 0; i < countOf(variant.kernels()); ++i)
    TENON_TRY(verifyKernel(*variant.kernels()->Get(i), at(where, "kernels", i)));
  std::vector<bool> seen(countOf(artifact.entries()), false);
  for (uint32_t i = 0; i < countOf(variant.programs()); ++i) {
    const schema::Program &program = *variant.programs()->Get(i);
    std::string place = at(where, "programs", i);
    if (program.entry() >= seen.size())
      return corrupt(at(place, "entry"), "entry %u of %zu", program.entry(), seen.size());
    if (seen[program.entry()])
      return corrupt(at(place, "entry"), "entry %u has two programs", program.entry());
    seen[program.entry()] = true;
    TENON_TRY(ProgramCheck(artifact, variant, program, place).check());
  }
  return {};
}

} // namespace tenon::rt
