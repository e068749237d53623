#include "runtime/train/Evaluate.h"

#include "runtime/train/Predict.h"
#include "runtime/train/Scalars.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tenon::train {

using rt::Status;

Status evaluateFields(const tenon_model_t *model, tenon_session_t *session,
                      const data::RowEntry &entry, const data::FieldTable &fields, int64_t batch,
                      std::vector<NamedValue> &out) {
  data::FieldBatch rows;
  TENON_TRY(data::FieldBatch::create(model, entry.index, fields, batch, rows));
  std::vector<const void *> inputs(rows.inputs(), rows.inputs() + rows.inputCount());
  for (const data::RowTensor &output : entry.outputs)
    if (output.perRow || output.width != 1)
      return Status::error(TENON_STATUS_CORRUPT,
                           "output '" + output.name + "' of '" + entry.name + "' is not a scalar");
  std::vector<double> scalars(entry.outputs.size()); // room for any type
  std::vector<void *> outputs;
  for (double &scalar : scalars)
    outputs.push_back(&scalar);

  std::vector<double> sums(scalars.size(), 0.0);
  std::vector<int64_t> order(static_cast<size_t>(fields.rows));
  std::iota(order.begin(), order.end(), int64_t(0));
  for (int64_t begin = 0; begin < fields.rows; begin += batch) {
    int64_t count = std::min(batch, fields.rows - begin);
    rows.gather(order.data() + begin, count);
    Status status = data::runRows(session, entry, count, inputs, outputs);
    if (int64_t example = status.example(); example >= 0)
      return fields.places.at(begin + example, std::move(status));
    TENON_TRY(std::move(status));
    for (size_t i = 0; i < sums.size(); ++i)
      sums[i] += static_cast<double>(count) * scalarAt(entry.outputs[i].dtype, outputs[i]);
  }
  out.clear();
  for (size_t i = 0; i < sums.size(); ++i)
    out.push_back({entry.outputs[i].name, sums[i] / static_cast<double>(fields.rows)});
  return Status();
}

/// Compares f64[rows, columns] with the same shape.
static PredictionError compare(const std::string &name, const std::vector<double> &predicted,
                               const std::vector<double> &actual, int64_t columns) {
  PredictionError error;
  error.name = name;
  int64_t rows = static_cast<int64_t>(actual.size()) / columns;
  for (int64_t column = 0; column < columns; ++column) {
    double mean = 0, squared = 0, absolute = 0, deviation = 0;
    bool isConstant = true; // by comparison: the mean of equal values need not be that value
    for (int64_t row = 0; row < rows; ++row)
      mean += actual[static_cast<size_t>(row * columns + column)];
    mean /= static_cast<double>(rows);
    for (int64_t row = 0; row < rows; ++row) {
      size_t at = static_cast<size_t>(row * columns + column);
      double difference = predicted[at] - actual[at];
      squared += difference * difference;
      absolute += std::fabs(difference);
      deviation += (actual[at] - mean) * (actual[at] - mean);
      isConstant &= actual[at] == actual[static_cast<size_t>(column)];
    }
    double share = 1.0 / static_cast<double>(columns);
    error.mse += share * squared / static_cast<double>(rows);
    error.mae += share * absolute / static_cast<double>(rows);
    error.r2 += isConstant ? std::nan("") : share * (1 - squared / deviation);
  }
  return error;
}

Status evaluatePredictions(tenon_model_t *model, const TrainBlock &block,
                           const data::RawGroups &raw, const std::vector<int64_t> &rows,
                           std::vector<PredictionError> &out) {
  out.clear();
  const auto *predictions = block.train->predictions();
  bool any = false;
  for (uint32_t i = 0; predictions && i < predictions->size(); ++i)
    any |= predictions->Get(i)->like_raw() >= 0;
  if (!any || block.train->predict() < 0)
    return Status();

  std::vector<PredictedColumns> predicted;
  TENON_TRY(predictRows(model, block, raw, rows, predicted));
  for (uint32_t i = 0; i < predictions->size(); ++i) {
    int64_t group = predictions->Get(i)->like_raw();
    std::string name = predictions->Get(i)->name()->str();
    auto column = std::find_if(predicted.begin(), predicted.end(),
                               [&](const PredictedColumns &p) { return p.name == name; });
    if (group < 0)
      continue;
    if (column == predicted.end() ||
        column->columns != raw.groups[static_cast<size_t>(group)].columns)
      return Status::error(TENON_STATUS_CORRUPT,
                           "prediction '" + name + "' has another shape than what it is like");
    std::vector<double> actual(rows.size() * static_cast<size_t>(column->columns));
    data::gatherRows(raw.groups[static_cast<size_t>(group)], rows.data(),
                     static_cast<int64_t>(rows.size()), actual.data());
    out.push_back(compare(name, column->values(), actual, column->columns));
  }
  return Status();
}

} // namespace tenon::train
