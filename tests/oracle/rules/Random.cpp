// Random bits: Philox4x32-10 as its authors describe it (Salmon, Moraes, Dror and Shaw, Parallel
// random numbers: as easy as 1, 2, 3, SC'11, section 3.3 and table 2): rounds of a Feistel-like
// network on the pairs (left, right) = (c1, c0) and (c3, c2).
#include "tests/oracle/Rules.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::oracle {

namespace {
struct Pair {
  uint32_t left, right;
};
} // namespace

void philox(uint64_t key, uint32_t words[4]) {
  const uint64_t multipliers[2] = {0xD2511F53, 0xCD9E8D57};
  const uint32_t weyl[2] = {0x9E3779B9, 0xBB67AE85}; // golden ratio, sqrt(3) - 1
  Pair pairs[2] = {{words[1], words[0]}, {words[3], words[2]}};
  for (uint32_t round = 0; round < 10; ++round) {
    Pair mixed[2];
    for (int i = 0; i < 2; ++i) {
      uint32_t roundKey = uint32_t(key >> (32 * i)) + round * weyl[i];
      // The other pair's right half is multiplied: (high xor key xor left, low) become the halves.
      uint64_t product = multipliers[1 - i] * pairs[1 - i].right;
      mixed[i].right = uint32_t(product / 4294967296u) ^ roundKey ^ pairs[i].left;
      mixed[i].left = uint32_t(product % 4294967296u);
    }
    pairs[0] = mixed[0];
    pairs[1] = mixed[1];
  }
  words[0] = pairs[0].right;
  words[1] = pairs[0].left;
  words[2] = pairs[1].right;
  words[3] = pairs[1].left;
}

static void randomBits(RandomBitsOp op, Frame &frame) {
  Tensor y = frame.make(op.getY());
  uint64_t first = frame.environment.exampleOffset * frame.evaluate(op.getExample());
  for (int64_t i = 0; i < y.count(); ++i) {
    uint64_t element = first + uint64_t(i), block = element / 4;
    uint32_t words[4] = {uint32_t(block), uint32_t(block >> 32), uint32_t(frame.environment.step),
                         uint32_t(op.getSite()) + frame.site};
    philox(uint64_t(frame.environment.seed), words);
    frame.put(y, i, int64_t(int32_t(words[element % 4])));
  }
  frame.set(op.getY(), std::move(y));
}

void addRandomRules(RuleTable &table) { table.on<RandomBitsOp>(randomBits); }

} // namespace tenon::oracle
