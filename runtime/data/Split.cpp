#include "runtime/data/Split.h"

#include "runtime/rng/Philox.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string_view>
#include <utility>

namespace tenon::data {

/// Positions in `rows`, sorted by the rows' random numbers. Equal numbers (one chance in 2^64 a
/// pair) keep their order.
static std::vector<int64_t> philoxOrder(const std::vector<int64_t> &rows, uint64_t seed,
                                        uint32_t epoch, std::string_view purpose) {
  rt::PhiloxKey key = {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)};
  uint32_t hash = rt::fnv1a(purpose);
  std::vector<std::pair<uint64_t, int64_t>> keyed(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    uint64_t row = static_cast<uint64_t>(rows[i]);
    rt::PhiloxCounter counter = {static_cast<uint32_t>(row), static_cast<uint32_t>(row >> 32),
                                 epoch, hash};
    rt::PhiloxCounter bits = rt::philox4x32(counter, key);
    keyed[i] = {bits[0] | uint64_t(bits[1]) << 32, static_cast<int64_t>(i)};
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<int64_t> order(rows.size());
  for (size_t i = 0; i < order.size(); ++i)
    order[i] = keyed[i].second;
  return order;
}

std::vector<SplitRows> splitRows(int64_t rows, const std::vector<SplitFraction> &parts,
                                 uint64_t seed) {
  std::vector<int64_t> order(static_cast<size_t>(rows));
  std::iota(order.begin(), order.end(), int64_t(0));
  if (parts.empty())
    return {{"train", std::move(order)}};

  order = philoxOrder(order, seed, /*epoch=*/0, "split"); // row i is at position i
  std::vector<SplitRows> split;
  double fraction = 0;
  auto begin = order.begin();
  for (const SplitFraction &part : parts) {
    fraction += part.fraction;
    double wanted = std::floor(fraction * static_cast<double>(rows) + 0.5);
    int64_t end = static_cast<int64_t>(std::min(wanted, static_cast<double>(rows)));
    auto last = std::max(begin, order.begin() + std::max<int64_t>(end, 0));
    std::sort(begin, last);
    split.push_back({part.name, std::vector<int64_t>(begin, last)});
    begin = last;
  }
  return split;
}

std::vector<int64_t> epochOrder(const std::vector<int64_t> &rows, uint64_t seed, uint32_t epoch) {
  return philoxOrder(rows, seed, epoch, "shuffle");
}

} // namespace tenon::data
