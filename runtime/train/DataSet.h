// The data of a train block: a file, read and divided.
#ifndef TENON_TRAIN_DATASET_H
#define TENON_TRAIN_DATASET_H

#include "runtime/base/Status.h"
#include "runtime/data/RawGroups.h"
#include "runtime/data/Split.h"
#include "runtime/train/Blocks.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

struct DataSet {
  std::string path;
  std::string sha256; // of the file
  data::RawGroups raw;
  std::vector<data::SplitRows> split;

  /// The rows of a part; null if there is none of that name.
  const std::vector<int64_t> *part(const std::string &name) const;
  /// Every row, in file order.
  std::vector<int64_t> allRows() const;
};

/// Reads all raw groups of `block` from the file at `path` and divides the rows.
rt::Status loadDataSet(const schema::Data &block, const std::string &path, DataSet &out);

/// Computes the fits of a data block from the training rows.
rt::Status fitModel(tenon_model_t *model, uint32_t dataIndex, const DataSet &data);

} // namespace tenon::train

#endif // TENON_TRAIN_DATASET_H
