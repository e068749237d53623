// EntryRunner: which launches wait for all threads. Every part of a launch runs on the thread of its
// number, so a launch waits only if one of its parts may touch what another thread touched since the
// last wait.
#include "runtime/session/EntryRunner.h"

namespace tenon::rt {

/// Puts a wait before each launch that needs one, as late and as rarely as possible.
void EntryRunner::placeBarriers() {
  uint32_t sinceWait = 0; // the first launch since the last wait
  for (uint32_t i = 0; i < list.count; ++i) {
    launches[i].waits = false;
    for (uint32_t k = sinceWait; k < i && !launches[i].waits; ++k)
      launches[i].waits = mustWait(launches[k], launches[i]);
    if (launches[i].waits)
      sinceWait = i;
  }
}

/// Does some part of `later` need what a part of `earlier` on another thread does?
bool EntryRunner::mustWait(const Launch &earlier, const Launch &later) const {
  if (earlier.parts == 1 && later.parts == 1)
    return false; // both on the caller's thread
  const CommandSpec &a = entry.commands[earlier.command], &b = entry.commands[later.command];
  bool isSameSplit = earlier.parts == later.parts && earlier.tiles == later.tiles;
  for (size_t i = 0; i < a.buffers.size(); ++i)
    for (size_t k = 0; k < b.buffers.size(); ++k) {
      if ((!a.writes[i] && !b.writes[k]) || !isConflict(a.buffers[i], b.buffers[k]))
        continue;
      // Tiles of the same number, and no others, touch the same bytes: they are on one thread.
      bool isTileByTile = isSameSplit && a.tileBytes[i] != 0 && a.tileBytes[i] == b.tileBytes[k] &&
                          offsets[a.buffers[i]] == offsets[b.buffers[k]];
      if (!isTileByTile)
        return true;
    }
  return false;
}

/// Do two buffers share memory? What the caller passes and weights do not overlap each other. A
/// buffer that is no temporary begins where what it views begins; its offset is 0.
bool EntryRunner::isConflict(uint32_t a, uint32_t b) const {
  const BufferSpec &first = entry.buffers[entry.buffers[a].root];
  const BufferSpec &second = entry.buffers[entry.buffers[b].root];
  if (first.kind != second.kind)
    return false;
  if (first.kind == schema::BufferKind::Temp)
    return offsets[a] < offsets[b] + bufferBytes[b] && offsets[b] < offsets[a] + bufferBytes[a];
  return first.index == second.index;
}

} // namespace tenon::rt
