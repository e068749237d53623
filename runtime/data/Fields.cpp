#include "runtime/data/Fields.h"

#include "runtime/data/RawInputs.h"

#include <cstring>
#include <limits>

namespace tenon::data {

using rt::Status;

bool AlignedBytes::resize(size_t size) {
  if (size > std::numeric_limits<size_t>::max() - Alignment)
    return false;
  size_t rounded = (size + Alignment - 1) / Alignment * Alignment;
  memory.reset(static_cast<unsigned char *>(
      std::aligned_alloc(Alignment, rounded == 0 ? size_t(Alignment) : rounded)));
  bytes = memory ? size : 0;
  if (memory)
    std::memset(memory.get(), 0, rounded);
  return memory != nullptr;
}

static Status allocate(AlignedBytes &buffer, int64_t rows, size_t rowBytes,
                       const std::string &name) {
  size_t bytes;
  if (__builtin_mul_overflow(static_cast<size_t>(rows), rowBytes, &bytes) || !buffer.resize(bytes))
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, "not enough memory for " +
                                                         std::to_string(rows) + " rows of '" +
                                                         name + "'");
  return Status();
}

Status prepareFields(tenon_model_t *model, const schema::Data &data, const RawGroups &raw,
                     const std::vector<int64_t> &rows, FieldTable &out) {
  if (data.prepare() < 0)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "data block '" + data.name()->str() +
                             "' has no source: its fields are fed by a program");
  RowEntry entry;
  TENON_TRY(describeRowEntry(model, static_cast<uint32_t>(data.prepare()), entry));
  FieldTable table;
  table.rows = static_cast<int64_t>(rows.size());
  std::vector<unsigned char *> outputs;
  for (const RowTensor &output : entry.outputs) {
    if (!output.perRow)
      return Status::error(TENON_STATUS_CORRUPT, "field '" + output.name + "' of '" + entry.name +
                                                     "' does not have the batch as its first axis");
    FieldValues field;
    field.name = output.name;
    field.rowBytes = output.bytes();
    TENON_TRY(allocate(field.bytes, table.rows, field.rowBytes, field.name));
    outputs.push_back(field.bytes.data());
    table.fields.push_back(std::move(field));
  }
  TENON_TRY(runOnRawRows(model, entry, data, raw, rows, outputs));
  table.places = raw.places.of(rows);
  out = std::move(table);
  return Status();
}

Status FieldBatch::create(const tenon_model_t *model, uint32_t entryIndex, const FieldTable &table,
                          int64_t maxRows, FieldBatch &out) {
  RowEntry entry;
  TENON_TRY(describeRowEntry(model, entryIndex, entry));
  FieldBatch batch;
  for (const RowTensor &input : entry.inputs) {
    const FieldValues *source = nullptr;
    for (const FieldValues &field : table.fields)
      if (field.name == input.name)
        source = &field;
    if (!source || !input.perRow || source->rowBytes != input.bytes())
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "entry '" + entry.name + "' takes the field '" + input.name +
                               "', which the preparation of the data does not give");
    AlignedBytes buffer;
    TENON_TRY(allocate(buffer, maxRows, source->rowBytes, input.name));
    batch.sources.push_back(source);
    batch.pointers.push_back(buffer.data());
    batch.buffers.push_back(std::move(buffer));
  }
  out = std::move(batch);
  return Status();
}

void FieldBatch::gather(const int64_t *order, int64_t count) {
  for (size_t i = 0; i < sources.size(); ++i) {
    size_t bytes = sources[i]->rowBytes;
    for (int64_t row = 0; row < count; ++row)
      std::memcpy(buffers[i].data() + static_cast<size_t>(row) * bytes,
                  sources[i]->bytes.data() + static_cast<size_t>(order[row]) * bytes, bytes);
  }
}

int64_t batchCount(int64_t rows, int64_t batch, bool dropRemainder) {
  return dropRemainder ? rows / batch : rows / batch + (rows % batch != 0);
}

} // namespace tenon::data
