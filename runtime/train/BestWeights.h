// `best: min(loss)`: which evaluation has been the best so far.
#ifndef TENON_TRAIN_BESTWEIGHTS_H
#define TENON_TRAIN_BESTWEIGHTS_H

#include "runtime/train/Events.h"

#include <string>
#include <vector>

namespace tenon::train {

class BestWeights {
public:
  /// `rule` is "min(NAME)" or "max(NAME)"; anything else, also "", never asks for anything.
  explicit BestWeights(const std::string &rule);

  bool active() const { return !name.empty(); }
  /// Whether this evaluation beats all before it; if so it is the one to beat. NaN beats nothing.
  bool improves(const std::vector<NamedValue> &evaluation);

  bool known = false; // there has been one
  double value = 0;

private:
  std::string name;
  bool wantsMaximum = false;
};

} // namespace tenon::train

#endif // TENON_TRAIN_BESTWEIGHTS_H
