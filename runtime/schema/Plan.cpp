#include "runtime/schema/Plan.h"

#include <algorithm>

namespace tenon::schema {
namespace {

constexpr uint64_t alignment = 64;
constexpr uint64_t largestArena = uint64_t{1} << 62;

/// Memory that one buffer and all its aliases share.
struct Block {
  uint32_t root; // index of the buffer that names it
  uint64_t bytes;
  uint32_t first, last;
  uint64_t offset = 0;

  bool livesWith(const Block &other) const { return first <= other.last && other.first <= last; }
};

/// The lowest offset at which `block` meets none of `placed`, which are sorted by offset.
uint64_t lowestGap(const Block &block, const std::vector<Block> &placed) {
  uint64_t offset = 0;
  for (const Block &other : placed) {
    if (!block.livesWith(other))
      continue;
    if (offset + block.bytes <= other.offset)
      break;
    offset = std::max(offset, other.offset + other.bytes);
  }
  return offset;
}

/// Joins every buffer with those it shares memory with; roots[i] is the index into `blocks`.
PlanError joinAliases(const std::vector<PlanBuffer> &buffers, std::vector<Block> *blocks,
                      std::vector<uint32_t> *blockOf, uint32_t *errorBuffer) {
  for (uint32_t i = 0; i < buffers.size(); ++i) {
    const PlanBuffer &buffer = buffers[i];
    *errorBuffer = i;
    if (buffer.first > buffer.last)
      return PlanError::Lifetime;
    if (buffer.bytes > largestArena)
      return PlanError::TooLarge;
    if (buffer.alias < -1 || buffer.alias >= static_cast<int64_t>(i))
      return PlanError::Alias;
    uint64_t bytes = (buffer.bytes + alignment - 1) / alignment * alignment;
    if (buffer.alias < 0) {
      blockOf->push_back(static_cast<uint32_t>(blocks->size()));
      blocks->push_back({i, bytes, buffer.first, buffer.last});
      continue;
    }
    blockOf->push_back((*blockOf)[buffer.alias]);
    Block &shared = (*blocks)[blockOf->back()];
    shared.bytes = std::max(shared.bytes, bytes);
    shared.first = std::min(shared.first, buffer.first);
    shared.last = std::max(shared.last, buffer.last);
  }
  return PlanError::None;
}

} // namespace

PlanError planArena(const std::vector<PlanBuffer> &buffers, ArenaPlan *out, uint32_t *errorBuffer) {
  uint32_t ignored;
  if (!errorBuffer)
    errorBuffer = &ignored;
  std::vector<Block> blocks;
  std::vector<uint32_t> blockOf;
  if (PlanError error = joinAliases(buffers, &blocks, &blockOf, errorBuffer);
      error != PlanError::None)
    return error;

  std::vector<uint32_t> order(blocks.size());
  for (uint32_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](uint32_t a, uint32_t b) {
    return blocks[a].bytes != blocks[b].bytes ? blocks[a].bytes > blocks[b].bytes : a < b;
  });

  uint64_t total = 0;
  std::vector<Block> placed; // sorted by offset
  for (uint32_t index : order) {
    Block &block = blocks[index];
    if (block.bytes == 0)
      continue; // at offset 0: it has no memory to collide with
    block.offset = lowestGap(block, placed);
    // Offset and bytes are each at most 2^62, so the sum cannot wrap.
    if (block.offset + block.bytes > largestArena) {
      *errorBuffer = block.root;
      return PlanError::TooLarge;
    }
    total = std::max(total, block.offset + block.bytes);
    auto place =
        std::upper_bound(placed.begin(), placed.end(), block.offset,
                         [](uint64_t offset, const Block &other) { return offset < other.offset; });
    placed.insert(place, block);
  }

  out->bytes = total;
  out->offsets.clear();
  for (uint32_t block : blockOf)
    out->offsets.push_back(blocks[block].offset);
  return PlanError::None;
}

} // namespace tenon::schema
