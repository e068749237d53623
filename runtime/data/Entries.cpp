#include "runtime/data/Entries.h"

namespace tenon::data {

using rt::Status;

/// Finds out how a tensor grows with the number of rows by asking for its axes at 1 and 2 rows.
static Status describeTensor(const tenon_model_t *model, uint32_t entry, uint32_t index,
                             bool isInput, size_t sizeCount, RowTensor &out) {
  tenon_tensor_info info;
  auto describe = isInput ? tenon_model_input : tenon_model_output;
  auto dimsOf = isInput ? tenon_model_input_dims : tenon_model_output_dims;
  TENON_TRY(Status::adopt(describe(model, entry, index, &info)));
  std::vector<int64_t> one(info.rank + 1), two(info.rank + 1);
  const int64_t oneRow = 1, twoRows = 2;
  TENON_TRY(Status::adopt(dimsOf(model, entry, index, &oneRow, sizeCount, one.data())));
  TENON_TRY(Status::adopt(dimsOf(model, entry, index, &twoRows, sizeCount, two.data())));
  out.name = info.name;
  out.dtype = info.dtype;
  out.optional = info.optional != 0;
  out.perRow = info.rank > 0 && one[0] == 1 && two[0] == 2;
  out.width = 1;
  out.rowDims.clear();
  for (uint32_t axis = 0; axis < info.rank; ++axis) {
    if (one[axis] != two[axis] && !(axis == 0 && out.perRow))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "'" + out.name + "' " + info.shape +
                                                              " does not have one row per example");
    out.width *= one[axis]; // dims were checked for overflow, and bytes with them
    if (out.perRow && axis > 0)
      out.rowDims.push_back(one[axis]);
  }
  return Status();
}

Status describeRowEntry(const tenon_model_t *model, uint32_t entry, RowEntry &out) {
  tenon_entry_info info;
  TENON_TRY(Status::adopt(tenon_model_entry(model, entry, &info)));
  out = RowEntry();
  out.index = entry;
  out.name = info.name;
  if (info.size_count > 1) {
    std::string names;
    for (uint32_t i = 0; i < info.size_count; ++i)
      names += (i == 0 ? "" : ", ") + std::string(info.sizes[i]);
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "entry '" + out.name + "' has the run-time sizes " + names +
                             "; rows of a table give a value to the batch only");
  }
  if (info.size_count == 1)
    out.sizeName = info.sizes[0];
  out.inputs.resize(info.input_count);
  for (uint32_t i = 0; i < info.input_count; ++i)
    TENON_TRY(describeTensor(model, entry, i, /*isInput=*/true, info.size_count, out.inputs[i]));
  out.outputs.resize(info.output_count);
  for (uint32_t i = 0; i < info.output_count; ++i)
    TENON_TRY(describeTensor(model, entry, i, /*isInput=*/false, info.size_count, out.outputs[i]));
  return Status();
}

/// The options that take memory for one entry; they point into `limit` and `entry`.
static tenon_session_options optionsFor(const RowEntry &entry, const tenon_limit &limit) {
  tenon_session_options options = {};
  options.limits = &limit;
  options.limit_count = entry.sizeName.empty() ? 0 : 1;
  options.entries = &entry.index;
  options.entry_count = 1;
  return options;
}

Status createRowSession(tenon_model_t *model, const RowEntry &entry, int64_t maxRows,
                        Session &out) {
  tenon_limit limit = {entry.sizeName.c_str(), maxRows};
  tenon_session_options options = optionsFor(entry, limit);
  tenon_session_t *session = nullptr;
  Status status = Status::adopt(tenon_session_create(model, &options, &session));
  out.reset(session);
  return status;
}

Status createRowSession(tenon_trainer_t *trainer, const RowEntry &entry, int64_t maxRows,
                        Session &out) {
  tenon_limit limit = {entry.sizeName.c_str(), maxRows};
  tenon_session_options options = optionsFor(entry, limit);
  tenon_session_t *session = nullptr;
  Status status = Status::adopt(tenon_trainer_create_session(trainer, &options, &session));
  out.reset(session);
  return status;
}

Status runRows(tenon_session_t *session, const RowEntry &entry, int64_t rows,
               const std::vector<const void *> &inputs, const std::vector<void *> &outputs) {
  tenon_call call = {};
  call.inputs = inputs.data();
  call.input_count = inputs.size();
  call.outputs = outputs.data();
  call.output_count = outputs.size();
  call.sizes = &rows;
  call.size_count = entry.sizeName.empty() ? 0 : 1;
  return Status::adopt(tenon_session_run(session, entry.index, &call));
}

} // namespace tenon::data
