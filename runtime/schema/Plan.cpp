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

/// Joins every buffer with those it shares memory with.
PlanError joinAliases(const std::vector<PlanBuffer> &buffers, std::vector<Block> *blocks,
                      uint32_t *errorBuffer) {
  std::vector<uint32_t> blockOf; // each buffer
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
      blockOf.push_back(static_cast<uint32_t>(blocks->size()));
      blocks->push_back({i, bytes, buffer.first, buffer.last});
      continue;
    }
    blockOf.push_back(blockOf[buffer.alias]);
    Block &shared = (*blocks)[blockOf.back()];
    shared.bytes = std::max(shared.bytes, bytes);
    shared.first = std::min(shared.first, buffer.first);
    shared.last = std::max(shared.last, buffer.last);
  }
  return PlanError::None;
}

// ---- Orders in which blocks are placed --------------------------------------------------------

uint64_t lengthOf(const Block &block) { return uint64_t{block.last} - block.first + 1; }

bool largerFirst(const Block &a, const Block &b) {
  if (a.bytes != b.bytes)
    return a.bytes > b.bytes;
  return lengthOf(a) != lengthOf(b) ? lengthOf(a) > lengthOf(b) : a.root < b.root;
}
bool longerFirst(const Block &a, const Block &b) {
  return lengthOf(a) != lengthOf(b) ? lengthOf(a) > lengthOf(b) : largerFirst(a, b);
}
/// By bytes times commands. As a double: the product may not fit in 64 bits.
bool widerFirst(const Block &a, const Block &b) {
  double areaA = double(a.bytes) * double(lengthOf(a)), areaB = double(b.bytes) * double(lengthOf(b));
  return areaA != areaB ? areaA > areaB : largerFirst(a, b);
}

/// Places blocks in the order in which they stand. Returns the position of the one that ends
/// highest; what it ends at, in *bytes, is the size of the arena.
size_t placeInOrder(std::vector<Block> *blocks, uint64_t *bytes) {
  *bytes = 0;
  size_t highest = 0;
  std::vector<Block> placed; // sorted by offset
  placed.reserve(blocks->size());
  for (size_t i = 0; i < blocks->size(); ++i) {
    Block &block = (*blocks)[i];
    block.offset = 0;
    if (block.bytes == 0)
      continue; // it has no memory to collide with
    block.offset = lowestGap(block, placed);
    uint64_t end = block.offset + block.bytes; // each is at most 2^62
    if (end > *bytes) {
      *bytes = end;
      highest = i;
    }
    if (end > largestArena)
      break;
    auto place =
        std::upper_bound(placed.begin(), placed.end(), block.offset,
                         [](uint64_t offset, const Block &other) { return offset < other.offset; });
    placed.insert(place, block);
  }
  return highest;
}

/// The largest sum of bytes that live at one command.
uint64_t mostAlive(const std::vector<Block> &blocks) {
  std::vector<std::pair<uint64_t, size_t>> births, deaths; // command, block
  for (size_t i = 0; i < blocks.size(); ++i) {
    births.push_back({blocks[i].first, i});
    deaths.push_back({blocks[i].last, i});
  }
  std::sort(births.begin(), births.end());
  std::sort(deaths.begin(), deaths.end());
  uint64_t now = 0, most = 0;
  size_t dead = 0;
  for (auto [command, block] : births) {
    for (; deaths[dead].first < command; ++dead)
      now -= blocks[deaths[dead].second].bytes;
    now += blocks[block].bytes;
    most = std::max(most, now);
  }
  return most;
}

/// How often a placement is tried again: placing n blocks takes n^2 steps.
size_t roundsFor(size_t blocks) {
  constexpr size_t steps = size_t{1} << 22, mostRounds = 64;
  return blocks == 0 ? 1 : std::clamp<size_t>(steps / (blocks * blocks), 1, mostRounds);
}

} // namespace

PlanError planArena(const std::vector<PlanBuffer> &buffers, ArenaPlan *out, uint32_t *errorBuffer) {
  uint32_t ignored;
  if (!errorBuffer)
    errorBuffer = &ignored;
  std::vector<Block> blocks;
  if (PlanError error = joinAliases(buffers, &blocks, errorBuffer);
      error != PlanError::None)
    return error;

  std::vector<Block> best;
  bool isPerfect = false;
  for (auto isBefore : {largerFirst, widerFirst, longerFirst}) {
    std::sort(blocks.begin(), blocks.end(), isBefore);
    for (size_t round = 0; round < roundsFor(blocks.size()) && !isPerfect; ++round) {
      uint64_t bytes;
      size_t highest = placeInOrder(&blocks, &bytes);
      if (bytes > largestArena && best.empty()) {
        *errorBuffer = blocks[highest].root;
        return PlanError::TooLarge;
      }
      if (best.empty())
        out->peak = mostAlive(blocks); // no overflow: all that lives together fits into an arena
      if (best.empty() || bytes < out->bytes) {
        best = blocks;
        out->bytes = bytes;
      }
      isPerfect = out->bytes == out->peak;
      // What sticks out is placed earlier, while there is still room further down.
      std::rotate(blocks.begin() + highest / 2, blocks.begin() + highest,
                  blocks.begin() + std::min(highest + 1, blocks.size()));
    }
  }

  std::vector<uint64_t> offsetOf(buffers.size()); // by buffer
  for (const Block &block : best)
    offsetOf[block.root] = block.offset;
  out->offsets.clear();
  for (size_t i = 0; i < buffers.size(); ++i)
    out->offsets.push_back(buffers[i].alias < 0 ? offsetOf[i] : out->offsets[buffers[i].alias]);
  return PlanError::None;
}

} // namespace tenon::schema
