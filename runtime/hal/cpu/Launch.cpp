#include "runtime/hal/cpu/Launch.h"

#include "runtime/hal/cpu/FloatControl.h"

#include <algorithm>

namespace tenon::rt {
namespace {

struct SplitLaunch {
  const Launch *work;
  uint32_t parts;
};

/// The first tile of a part: sizes of parts differ by one at most.
int64_t firstTile(const SplitLaunch &split, uint32_t part) {
  int64_t whole = split.work->tiles / split.parts, rest = split.work->tiles % split.parts;
  return whole * part + std::min<int64_t>(rest, part);
}

void runPart(void *context, uint32_t part) {
  const SplitLaunch &split = *static_cast<const SplitLaunch *>(context);
  FloatControl control; // each thread has control words of its own
  tenon_kernel_args args = split.work->args;
  if (split.work->scratchStride != 0)
    args.scratch = split.work->scratch + split.work->scratchStride * part;
  split.work->kernel(&args, firstTile(split, part), firstTile(split, part + 1));
}

} // namespace

void launch(Executor &executor, const Launch &work) {
  if (work.tiles <= 0)
    return;
  int64_t worth = work.tiles / std::max<int64_t>(work.grain, 1);
  int64_t parts = std::clamp<int64_t>(worth, 1, executor.threads());
  SplitLaunch split{&work, static_cast<uint32_t>(parts)};
  executor.run(split.parts, runPart, &split);
}

} // namespace tenon::rt
