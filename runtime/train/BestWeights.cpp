#include "runtime/train/BestWeights.h"

#include <cmath>

namespace tenon::train {

BestWeights::BestWeights(const std::string &rule) {
  constexpr size_t Open = 3; // "min" or "max", then the parenthesis
  bool minimum = rule.rfind("min(", 0) == 0, maximum = rule.rfind("max(", 0) == 0;
  if ((!minimum && !maximum) || rule.back() != ')')
    return;
  wantsMaximum = maximum;
  name = rule.substr(Open + 1, rule.size() - Open - 2);
}

bool BestWeights::improves(const std::vector<NamedValue> &evaluation) {
  for (const NamedValue &named : evaluation) {
    if (named.name != name || std::isnan(named.value))
      continue;
    if (known && !(wantsMaximum ? named.value > value : named.value < value))
      return false;
    known = true;
    value = named.value;
    return true;
  }
  return false;
}

} // namespace tenon::train
