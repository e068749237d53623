#include "runtime/train/RunEvaluation.h"

#include "runtime/train/DataSet.h"

#include <algorithm>
#include <filesystem>

namespace tenon::train {

using rt::Status;

Status loadTrainedModel(tenon_env_t *env, const RunDirectory &directory, const RunRecord &record,
                        const std::string &weights, data::Model &outModel, TrainBlock &outBlock) {
  std::string path = weights.empty() ? directory.weights() : weights;
  if (std::error_code error; !std::filesystem::exists(path, error)) {
    std::string message = path + ": no such file";
    if (weights.empty())
      message += "; the run is not finished: tenon train " + directory.path + " --resume";
    return Status::error(TENON_STATUS_NOT_FOUND, message);
  }
  tenon_weights_source source = {};
  source.path = path.c_str();
  tenon_model_t *model = nullptr;
  Status status =
      Status::adopt(tenon_model_load_file(env, directory.model().c_str(), &source, &model));
  outModel.reset(model);
  if (!status.ok())
    return status;
  return findTrainBlock(model, record.block, outBlock);
}

/// The rows to evaluate, and what they are called.
static Status chooseRows(const DataSet &data, const EvaluationRequest &request, bool otherFile,
                         std::vector<int64_t> &outRows, RunEvaluation &out) {
  if (otherFile) {
    outRows = data.allRows();
  } else {
    std::string known;
    for (const data::SplitRows &part : data.split)
      known += (known.empty() ? "" : ", ") + part.name;
    out.split = request.split;
    for (const char *name : {"test", "val", "train"})
      if (out.split.empty() && data.part(name))
        out.split = name;
    const std::vector<int64_t> *rows = data.part(out.split);
    if (!rows)
      return Status::error(TENON_STATUS_NOT_FOUND,
                           "no split '" + out.split + "'; the data has " + known);
    outRows = *rows;
    out.trainedOn = out.split == "train";
  }
  if (outRows.empty())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         data.path + ": no rows to evaluate" +
                             (otherFile ? "" : " in split '" + out.split + "'"));
  return Status();
}

static Status evaluate(tenon_env_t *env, const EvaluationRequest &request, RunEvaluation &out) {
  RunDirectory directory{request.directory};
  RunRecord record;
  TENON_TRY(readRunRecord(directory, record));
  data::Model model;
  TrainBlock block;
  TENON_TRY(loadTrainedModel(env, directory, record, /*weights=*/"", model, block));
  std::string given;
  TENON_TRY(givenDataPath(request.data, record.dataName, given));

  DataSet data;
  TENON_TRY(loadDataSet(*block.data, given.empty() ? record.dataPath : given, data));
  if (given.empty() && data.sha256 != record.dataSha256)
    return Status::error(TENON_STATUS_MISMATCH,
                         data.path +
                             ": the file has changed since the run, and so has its split; "
                             "--data " +
                             record.dataName + "=PATH evaluates all rows of another file");
  out = RunEvaluation();
  out.block = record.block;
  out.dataPath = data.path;
  std::vector<int64_t> rows;
  TENON_TRY(chooseRows(data, request, !given.empty(), rows, out));
  out.rows = static_cast<int64_t>(rows.size());

  data::FieldTable fields;
  TENON_TRY(data::prepareFields(model.get(), *block.data, data.raw, rows, fields));
  data::RowEntry entry;
  TENON_TRY(data::describeRowEntry(model.get(), block.train->evaluate(), entry));
  int64_t batch =
      std::min(std::max<int64_t>(static_cast<int64_t>(block.train->batch()), 1), fields.rows);
  data::Session session;
  TENON_TRY(data::createRowSession(model.get(), entry, batch, session));
  TENON_TRY(evaluateFields(model.get(), session.get(), entry, fields, batch, out.values));
  return evaluatePredictions(model.get(), block, data.raw, rows, out.predictions);
}

Status evaluateRun(tenon_env_t *env, const EvaluationRequest &request, RunEvaluation &out) {
  return Status::adopt(rt::atBorder([&] { return evaluate(env, request, out); }));
}

} // namespace tenon::train
