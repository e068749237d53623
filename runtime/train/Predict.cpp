#include "runtime/train/Predict.h"

#include "runtime/data/Entries.h"
#include "runtime/data/RawInputs.h"
#include "runtime/train/Scalars.h"

namespace tenon::train {

using rt::Status;

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
  std::vector<std::vector<unsigned char>> results;
  std::vector<unsigned char *> pointers;
  for (const data::RowTensor &output : entry.outputs) {
    if (!output.perRow)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "prediction '" + output.name + "' does not have a value per row");
    results.emplace_back(rows.size() * output.bytes());
    pointers.push_back(results.back().data());
  }
  TENON_TRY(data::runOnRawRows(model, entry, *block.data, raw, rows, pointers));
  out.clear();
  for (size_t i = 0; i < entry.outputs.size(); ++i) {
    const data::RowTensor &output = entry.outputs[i];
    PredictedColumns predicted{output.name, output.width, {}};
    size_t size = tenon_dtype_size(output.dtype);
    for (size_t at = 0; at < results[i].size(); at += size)
      predicted.values.push_back(scalarAt(output.dtype, results[i].data() + at));
    out.push_back(std::move(predicted));
  }
  return Status();
}

} // namespace tenon::train
