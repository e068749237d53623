// `min(loss)` in `best:` and `stop`: which evaluation has been the best so far, and for how long.
#ifndef TENON_TRAIN_BESTVALUE_H
#define TENON_TRAIN_BESTVALUE_H

#include "runtime/train/Events.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

class BestValue {
public:
  /// `rule` is "min(NAME)" or "max(NAME)"; anything else, also "", never asks for anything.
  explicit BestValue(const std::string &rule);

  bool active() const { return !name.empty(); }
  /// Whether this evaluation beats all before it; if so it is the one to beat. NaN beats nothing.
  bool improves(const std::vector<NamedValue> &evaluation);

  bool known = false; // there has been one
  double value = 0;

private:
  std::string name;
  bool wantsMaximum = false;
};

/// `stop = patience(5 epochs, min(loss))`: a run ends when nothing has been better for so long.
class Patience {
public:
  /// `rule` as above; "" has no end of patience.
  Patience(const std::string &rule, int64_t steps) : best(rule), steps(steps) {}

  /// Takes note of the evaluation after `step`, and says whether patience has ended with it.
  bool endsWith(const std::vector<NamedValue> &evaluation, int64_t step);

  BestValue best;
  int64_t bestStep = 0; // of the best evaluation; 0: none yet

private:
  int64_t steps;
};

} // namespace tenon::train

#endif // TENON_TRAIN_BESTVALUE_H
