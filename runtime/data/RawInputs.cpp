#include "runtime/data/RawInputs.h"

#include <algorithm>

namespace tenon::data {

using rt::Status;

/// Enough rows to keep kernels busy, few enough to stay in a cache.
constexpr int64_t BlockRows = 1024;

/// The raw group that feeds `input`, or -1.
static int64_t groupOf(const RowTensor &input, const schema::Data &data) {
  if (!data.raws())
    return -1;
  for (uint32_t i = 0; i < data.raws()->size(); ++i)
    if (data.raws()->Get(i)->name()->str() == input.name)
      return i;
  return -1;
}

Status neededGroups(const RowEntry &entry, const schema::Data &data, std::vector<bool> &out) {
  out.assign(data.raws() ? data.raws()->size() : 0, false);
  for (const RowTensor &input : entry.inputs) {
    if (input.optional)
      continue;
    int64_t group = groupOf(input, data);
    if (group < 0 || !input.perRow || input.dtype != TENON_DTYPE_F64)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '" + entry.name + "' takes '" +
                                                              input.name + "', which data block '" +
                                                              data.name()->str() +
                                                              "' does not read from its source");
    const auto *columns = data.raws()->Get(static_cast<uint32_t>(group))->columns();
    if (input.width != static_cast<int64_t>(columns ? columns->size() : 0))
      return Status::error(TENON_STATUS_CORRUPT, "entry '" + entry.name + "' takes " +
                                                     std::to_string(input.width) + " columns of '" +
                                                     input.name +
                                                     "', its data block has another number");
    out[static_cast<size_t>(group)] = true;
  }
  return Status();
}

Status runOnRawRows(tenon_model_t *model, const RowEntry &entry, const schema::Data &data,
                    const RawGroups &raw, const std::vector<int64_t> &rows,
                    const std::vector<unsigned char *> &outputs) {
  std::vector<bool> needed;
  TENON_TRY(neededGroups(entry, data, needed));
  int64_t total = static_cast<int64_t>(rows.size());
  int64_t block = std::min(std::max<int64_t>(total, 1), BlockRows);
  Session session;
  TENON_TRY(createRowSession(model, entry, block, session));

  std::vector<std::vector<double>> buffers(entry.inputs.size());
  std::vector<const void *> inputs(entry.inputs.size(), nullptr);
  for (size_t i = 0; i < entry.inputs.size(); ++i)
    if (!entry.inputs[i].optional) {
      buffers[i].resize(static_cast<size_t>(block * entry.inputs[i].width));
      inputs[i] = buffers[i].data();
    }
  std::vector<void *> results(outputs.size());
  for (int64_t begin = 0; begin < total; begin += block) {
    int64_t count = std::min(block, total - begin);
    for (size_t i = 0; i < entry.inputs.size(); ++i)
      if (!entry.inputs[i].optional) {
        size_t group = static_cast<size_t>(groupOf(entry.inputs[i], data));
        gatherRows(raw.groups[group], rows.data() + begin, count, buffers[i].data());
      }
    for (size_t i = 0; i < outputs.size(); ++i)
      results[i] = outputs[i] + static_cast<size_t>(begin) * entry.outputs[i].bytes();
    Status status = runRows(session.get(), entry, count, inputs, results);
    if (int64_t example = status.example(); example >= 0 && example < count)
      return raw.places.at(rows[static_cast<size_t>(begin + example)], std::move(status));
    TENON_TRY(std::move(status));
  }
  return Status();
}

} // namespace tenon::data
