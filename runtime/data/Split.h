// Which rows belong to which part of a data set, and in which order they are visited.
//
// Both are functions of a seed and row numbers only: the same on every machine, for any number of
// threads, and known without having visited anything before.
#ifndef TENON_DATA_SPLIT_H
#define TENON_DATA_SPLIT_H

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::data {

/// A named part of a split and its rows.
struct SplitRows {
  std::string name; // train | val | test
  std::vector<int64_t> rows;
};

/// The wanted size of a part, as a fraction of all rows.
struct SplitFraction {
  std::string name;
  double fraction;
};

/// Divides rows 0 … rows-1 at random. The rows are sorted by a 64-bit Philox number: key (low word,
/// high word of `seed`), counter (low word, high word of the row, epoch 0, FNV-1a of "split"), of
/// the result the first word is the low half. The parts are consecutive pieces of that order that
/// end after floor(f * rows + 0.5) rows, where f adds up the fractions so far; rows beyond the last
/// part are left out. Within a part the rows are in file order. An empty `parts` gives one part
/// "train" with all rows.
std::vector<SplitRows> splitRows(int64_t rows, const std::vector<SplitFraction> &parts,
                                 uint64_t seed);

/// The order in which `epoch` (from 0) visits the rows of a part: positions in `rows`, sorted by
/// the Philox numbers of the rows as above, with the epoch and the hash of "shuffle".
std::vector<int64_t> epochOrder(const std::vector<int64_t> &rows, uint64_t seed, uint32_t epoch);

} // namespace tenon::data

#endif // TENON_DATA_SPLIT_H
