#include "runtime/train/BestValue.h"

#include <cmath>

namespace tenon::train {

BestValue::BestValue(const std::string &rule) {
  constexpr size_t Open = 3; // "min" or "max", then the parenthesis
  bool minimum = rule.rfind("min(", 0) == 0, maximum = rule.rfind("max(", 0) == 0;
  if ((!minimum && !maximum) || rule.back() != ')')
    return;
  wantsMaximum = maximum;
  name = rule.substr(Open + 1, rule.size() - Open - 2);
}

bool BestValue::improves(const std::vector<NamedValue> &evaluation) {
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

bool Patience::endsWith(const std::vector<NamedValue> &evaluation, int64_t step) {
  if (!best.active())
    return false;
  if (best.improves(evaluation))
    bestStep = step;
  return step - bestStep >= steps;
}

} // namespace tenon::train
