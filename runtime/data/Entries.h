// Entries that work on rows: what a data pipeline may ask of an entry of a model.
#ifndef TENON_DATA_ENTRIES_H
#define TENON_DATA_ENTRIES_H

#include "runtime/base/Status.h"
#include "runtime/data/Handles.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::data {

/// An input or output of an entry.
struct RowTensor {
  std::string name;
  tenon_dtype dtype = TENON_DTYPE_F32;
  bool perRow = false;          // the first axis is the batch
  bool optional = false;        // a fitted value
  int64_t width = 1;            // elements per row, or of the whole tensor if it is not per row
  std::vector<int64_t> rowDims; // axes of one row, if it is per row
  size_t bytes() const { return static_cast<size_t>(width) * tenon_dtype_size(dtype); }
};

/// An entry with one run-time size, the number of rows.
struct RowEntry {
  uint32_t index = 0;
  std::string name;
  std::string sizeName; // "batch"
  std::vector<RowTensor> inputs;
  std::vector<RowTensor> outputs;
};

/// Describes an entry. An entry with other run-time sizes is an error that names them: nothing in a
/// table of rows could give them a value.
rt::Status describeRowEntry(const tenon_model_t *model, uint32_t entry, RowEntry &out);

/// Memory to run `entry` on up to `maxRows` rows.
rt::Status createRowSession(tenon_model_t *model, const RowEntry &entry, int64_t maxRows,
                            Session &out);
/// The same, on the weights of a trainer as they are at each run.
rt::Status createRowSession(tenon_trainer_t *trainer, const RowEntry &entry, int64_t maxRows,
                            Session &out);

/// Runs `entry` on `rows` rows.
rt::Status runRows(tenon_session_t *session, const RowEntry &entry, int64_t rows,
                   const std::vector<const void *> &inputs, const std::vector<void *> &outputs);

} // namespace tenon::data

#endif // TENON_DATA_ENTRIES_H
