// Models from the training thread to the predicting one, without a lock and without waiting: always
// the newest snapshot; those in between are overwritten.
//
// Four models go round: one being filled, one in the exchange, one that the predicting session
// uses, and the one that it used before.
#ifndef ONLINE_EXCHANGE_H
#define ONLINE_EXCHANGE_H

#include "tenon/tenon.h"

#include <atomic>
#include <cstdint>

class Exchange {
public:
  explicit Exchange(tenon_model_t *unused) : slot(reinterpret_cast<uintptr_t>(unused)) {}

  /// Training thread: `filled` becomes the newest model. Gives one to fill next.
  tenon_model_t *publish(tenon_model_t *filled) { return swap(filled, IsNew); }

  /// Predicting thread: the newest model in exchange for one that no session uses; NULL if nothing
  /// was published since the last time, and then `unused` stays the caller's.
  tenon_model_t *take(tenon_model_t *unused) {
    return slot.load(std::memory_order_relaxed) & IsNew ? swap(unused, 0) : nullptr;
  }

private:
  static constexpr uintptr_t IsNew = 1; // the lowest bit of an address is 0

  tenon_model_t *swap(tenon_model_t *model, uintptr_t mark) {
    uintptr_t old =
        slot.exchange(reinterpret_cast<uintptr_t>(model) | mark, std::memory_order_acq_rel);
    return reinterpret_cast<tenon_model_t *>(old & ~IsNew);
  }
  std::atomic<uintptr_t> slot;
};

#endif
