// Loss and metrics of a model on rows it is not being trained on.
#ifndef TENON_TRAIN_EVALUATE_H
#define TENON_TRAIN_EVALUATE_H

#include "runtime/base/Status.h"
#include "runtime/data/Entries.h"
#include "runtime/data/Fields.h"
#include "runtime/train/Blocks.h"
#include "runtime/train/Events.h"

#include <vector>

namespace tenon::train {

/// Runs an evaluate entry on all rows of `fields`, `batch` rows at a time, and averages each of its
/// outputs over the rows. The session was made for the entry and at least `batch` rows.
rt::Status evaluateFields(const tenon_model_t *model, tenon_session_t *session,
                          const data::RowEntry &entry, const data::FieldTable &fields,
                          int64_t batch, std::vector<NamedValue> &out);

/// How far predictions are from what the data file says, in the file's own units.
struct PredictionError {
  std::string name;
  double mse = 0;
  double mae = 0;
  /// 1 - squared error / squared deviation from the mean, averaged over columns; NaN if a column is
  /// constant in these rows.
  double r2 = 0;
};

/// For every prediction of the block that is `like` a raw group: compares it with the group on the
/// given rows of `raw`, which must hold all groups.
rt::Status evaluatePredictions(tenon_model_t *model, const TrainBlock &block,
                               const data::RawGroups &raw, const std::vector<int64_t> &rows,
                               std::vector<PredictionError> &out);

} // namespace tenon::train

#endif // TENON_TRAIN_EVALUATE_H
