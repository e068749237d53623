#include "runtime/train/DataSet.h"

#include "runtime/train/Digest.h"

#include <numeric>

namespace tenon::train {

using rt::Status;

const std::vector<int64_t> *DataSet::part(const std::string &name) const {
  for (const data::SplitRows &rows : split)
    if (rows.name == name)
      return &rows.rows;
  return nullptr;
}

std::vector<int64_t> DataSet::allRows() const {
  std::vector<int64_t> rows(static_cast<size_t>(raw.rows));
  std::iota(rows.begin(), rows.end(), int64_t(0));
  return rows;
}

Status loadDataSet(const schema::Data &block, const std::string &path, DataSet &out) {
  DataSet data;
  data.path = path;
  TENON_TRY(data::readRawGroups(block, path, /*wanted=*/{}, data.raw));
  FileDigest digest;
  TENON_TRY(digestFile(path, digest));
  data.sha256 = digest.sha256;
  data.split = data::splitRows(data.raw.rows, splitFractions(block), block.split_seed());
  out = std::move(data);
  return Status();
}

Status fitModel(tenon_model_t *model, uint32_t dataIndex, const DataSet &data) {
  const std::vector<int64_t> *rows = data.part("train");
  if (!rows || rows->empty())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, data.path + ": no rows to train on (" +
                                                            std::to_string(data.raw.rows) +
                                                            " in the file)");
  std::vector<std::vector<double>> gathered;
  std::vector<const double *> groups;
  int64_t count = static_cast<int64_t>(rows->size());
  for (const data::Matrix &group : data.raw.groups) {
    gathered.emplace_back(rows->size() * static_cast<size_t>(group.columns));
    data::gatherRows(group, rows->data(), count, gathered.back().data());
    groups.push_back(gathered.back().data());
  }
  return Status::adopt(tenon_model_fit(model, dataIndex, groups.data(), groups.size(), count));
}

} // namespace tenon::train
