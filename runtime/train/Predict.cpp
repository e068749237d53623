#include "runtime/train/Predict.h"

#include "runtime/data/Entries.h"
#include "runtime/data/RawInputs.h"
#include "runtime/train/Scalars.h"

namespace tenon::train {

using rt::Status;

std::vector<double> PredictedColumns::values() const {
  std::vector<double> numbers;
  size_t size = tenon_dtype_size(dtype);
  for (size_t at = 0; at + size <= bytes.size(); at += size)
    numbers.push_back(scalarAt(dtype, bytes.data() + at));
  return numbers;
}

static Status predictEntry(const tenon_model_t *model, const TrainBlock &block,
                           data::RowEntry &out) {
  if (block.train->predict() < 0)
    return Status::error(TENON_STATUS_NOT_FOUND, "train block '" + block.name() +
                                                     "' predicts nothing; add to it a line " +
                                                     "such as `predict answer = forward(x)`");
  return data::describeRowEntry(model, static_cast<uint32_t>(block.train->predict()), out);
}

Status groupsToPredict(const tenon_model_t *model, const TrainBlock &block,
                       std::vector<bool> &out) {
  data::RowEntry entry;
  TENON_TRY(predictEntry(model, block, entry));
  return data::neededGroups(entry, *block.data, out);
}

Status predictRows(tenon_model_t *model, const TrainBlock &block, const data::RawGroups &raw,
                   const std::vector<int64_t> &rows, std::vector<PredictedColumns> &out) {
  data::RowEntry entry;
  TENON_TRY(predictEntry(model, block, entry));
  std::vector<PredictedColumns> predicted;
  std::vector<unsigned char *> pointers;
  for (const data::RowTensor &output : entry.outputs) {
    if (!output.perRow)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "prediction '" + output.name + "' does not have a value per row");
    predicted.push_back({output.name, output.dtype, output.width, output.rowDims, {}});
    predicted.back().bytes.resize(rows.size() * output.bytes());
    pointers.push_back(predicted.back().bytes.data());
  }
  TENON_TRY(data::runOnRawRows(model, entry, *block.data, raw, rows, pointers));
  out = std::move(predicted);
  return Status();
}

} // namespace tenon::train
