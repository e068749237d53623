// Predictions for raw rows.
#ifndef TENON_TRAIN_PREDICT_H
#define TENON_TRAIN_PREDICT_H

#include "runtime/base/Status.h"
#include "runtime/data/RawGroups.h"
#include "runtime/train/Blocks.h"

#include <string>
#include <vector>

namespace tenon::train {

/// One prediction of a block for a number of rows, row-major.
struct PredictedColumns {
  std::string name;
  tenon_dtype dtype = TENON_DTYPE_F32;
  int64_t columns = 0;          // elements per row
  std::vector<int64_t> rowDims; // their axes; empty: a scalar
  std::vector<unsigned char> bytes;

  /// As f64: exact, but for 64-bit integers above 2^53.
  std::vector<double> values() const;
};

/// Which raw groups the predictions of `block` need, one flag per group. An error if the block
/// predicts nothing.
rt::Status groupsToPredict(const tenon_model_t *model, const TrainBlock &block,
                           std::vector<bool> &out);

/// Runs the predict entry of `block` on the given rows of `raw`.
rt::Status predictRows(tenon_model_t *model, const TrainBlock &block, const data::RawGroups &raw,
                       const std::vector<int64_t> &rows, std::vector<PredictedColumns> &out);

} // namespace tenon::train

#endif // TENON_TRAIN_PREDICT_H
