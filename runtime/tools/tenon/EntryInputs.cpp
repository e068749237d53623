#include "runtime/tools/tenon/EntryInputs.h"

#include "runtime/data/Csv.h"
#include "runtime/data/Handles.h"
#include "runtime/train/Blocks.h"
#include "runtime/train/Scalars.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace tenon::tool {

using rt::Status;

static Status wrong(const std::string &path, const std::string &message) {
  return Status::error(TENON_STATUS_INVALID_ARGUMENT, path + ": " + message);
}

/// "'x' f32[batch, 10]".
static std::string show(const tenon_tensor_info &info) {
  return "'" + std::string(info.name) + "' " + tenon_dtype_name(info.dtype) +
         (info.rank == 0 ? "" : info.shape);
}

// ---- Run-time sizes ---------------------------------------------------------------------------

/// The size name that an axis is, or -1 if it is anything but a bare name.
static int nameOfAxis(const schema::SizeExpr &axis) {
  if (!axis.terms() || axis.terms()->size() != 1)
    return -1;
  const schema::Monomial &term = *axis.terms()->Get(0);
  if (term.coefficient() != 1 || !term.atoms() || term.atoms()->size() != 1)
    return -1;
  return term.atoms()->Get(0)->name();
}

/// Gives every size name the extent of the first axis that is exactly that name.
static Status bindSizes(const schema::Entry &entry, const std::string &path, EntryInputs &inputs) {
  inputs.sizes.assign(entry.sizes() ? entry.sizes()->size() : 0, -1);
  for (size_t i = 0; i < inputs.arrays.size(); ++i) {
    const schema::Tensor &tensor = *entry.inputs()->Get(static_cast<uint32_t>(i));
    for (uint32_t axis = 0; inputs.given[i] && tensor.shape() && axis < tensor.shape()->size();
         ++axis) {
      int name = nameOfAxis(*tensor.shape()->Get(axis));
      if (name >= 0 && axis < inputs.arrays[i].dims.size() &&
          inputs.sizes[static_cast<size_t>(name)] < 0)
        inputs.sizes[static_cast<size_t>(name)] = inputs.arrays[i].dims[axis];
    }
  }
  for (size_t i = 0; i < inputs.sizes.size(); ++i)
    if (inputs.sizes[i] < 0)
      return wrong(path, "nothing says how large '" +
                             entry.sizes()->Get(static_cast<uint32_t>(i))->str() + "' is");
  return Status();
}

static Status checkShapes(const tenon_model_t *model, uint32_t entry, const std::string &path,
                          const EntryInputs &inputs) {
  for (uint32_t i = 0; i < inputs.arrays.size(); ++i) {
    if (!inputs.given[i])
      continue;
    tenon_tensor_info info;
    TENON_TRY(Status::adopt(tenon_model_input(model, entry, i, &info)));
    std::vector<int64_t> dims(info.rank);
    TENON_TRY(Status::adopt(tenon_model_input_dims(model, entry, i, inputs.sizes.data(),
                                                   inputs.sizes.size(), dims.data())));
    if (dims != inputs.arrays[i].dims)
      return wrong(path, "'" + std::string(info.name) + "' has the shape " +
                             showDims(inputs.arrays[i].dims) + ", the entry takes " + show(info) +
                             ", here " + showDims(dims));
  }
  return Status();
}

// ---- From safetensors -------------------------------------------------------------------------

/// Narrows i64 to i32 where every element fits.
static Status narrow(const std::string &path, Array &array) {
  size_t count = array.bytes.size() / sizeof(int64_t);
  std::vector<unsigned char> narrowed(count * sizeof(int32_t));
  for (size_t i = 0; i < count; ++i) {
    int64_t value = train::loadScalar<int64_t>(array.bytes.data() + i * sizeof(int64_t));
    if (value < std::numeric_limits<int32_t>::min() || value > std::numeric_limits<int32_t>::max())
      return wrong(path, "'" + array.name + "': element " + std::to_string(i) + " is " +
                             std::to_string(value) + ", which i32 does not hold");
    int32_t small = static_cast<int32_t>(value);
    std::memcpy(narrowed.data() + i * sizeof small, &small, sizeof small);
  }
  array.dtype = TENON_DTYPE_I32;
  array.bytes = std::move(narrowed);
  return Status();
}

static Status takeTensor(const std::string &path, const tenon_file_tensor &tensor,
                         const tenon_tensor_info &info, Array &out) {
  const unsigned char *bytes = static_cast<const unsigned char *>(tensor.data);
  out = {tensor.name, tensor.dtype, {}, {}};
  out.dims.assign(tensor.dims, tensor.dims + tensor.rank);
  if (tensor.bytes != 0)
    out.bytes.assign(bytes, bytes + tensor.bytes);
  if (tensor.dtype == TENON_DTYPE_I64 && info.dtype == TENON_DTYPE_I32)
    return narrow(path, out);
  if (tensor.dtype != info.dtype)
    return wrong(path, "'" + std::string(info.name) + "' is " + tenon_dtype_name(tensor.dtype) +
                           " in the file, the entry takes " + show(info));
  return Status();
}

static Status readTensors(const tenon_model_t *model, uint32_t entry, const std::string &path,
                          EntryInputs &inputs) {
  tenon_tensors_t *opened = nullptr;
  Status status = Status::adopt(tenon_tensors_open(path.c_str(), &opened));
  data::Tensors tensors(opened);
  if (!status.ok())
    return status;
  std::vector<bool> found(inputs.arrays.size(), false);
  for (uint32_t i = 0; i < tenon_tensors_count(opened); ++i) {
    tenon_file_tensor tensor;
    TENON_TRY(Status::adopt(tenon_tensors_get(opened, i, &tensor)));
    bool taken = false;
    for (uint32_t j = 0; j < inputs.arrays.size(); ++j) {
      tenon_tensor_info info;
      TENON_TRY(Status::adopt(tenon_model_input(model, entry, j, &info)));
      if (std::strcmp(info.name, tensor.name) != 0)
        continue;
      TENON_TRY(takeTensor(path, tensor, info, inputs.arrays[j]));
      inputs.given[j] = taken = true;
    }
    if (!taken)
      inputs.ignored.push_back(tensor.name);
  }
  return Status();
}

// ---- From CSV ---------------------------------------------------------------------------------

/// Stores the numbers of one CSV column as elements first, first + step, … of an array.
static Status takeColumn(const data::CsvTable &table, int64_t column, size_t first, size_t step,
                         const tenon_tensor_info &info, Array &out) {
  size_t rows = static_cast<size_t>(table.rows());
  size_t size = tenon_dtype_size(info.dtype);
  bool whole = info.dtype != TENON_DTYPE_F32 && info.dtype != TENON_DTYPE_F64;
  std::vector<double> numbers(whole ? 0 : rows);
  std::vector<int64_t> integers(whole ? rows : 0);
  TENON_TRY(whole ? table.integers(column, info.dtype, integers.data(), 1)
                  : table.numbers(column, info.dtype, numbers.data(), 1));
  for (size_t row = 0; row < rows; ++row) {
    unsigned char *element = out.bytes.data() + (first + row * step) * size;
    if (info.dtype == TENON_DTYPE_F64) {
      std::memcpy(element, &numbers[row], size);
    } else if (info.dtype == TENON_DTYPE_F32) {
      float value = static_cast<float>(numbers[row]);
      std::memcpy(element, &value, size);
    } else if (info.dtype == TENON_DTYPE_I64) {
      std::memcpy(element, &integers[row], size);
    } else {
      int32_t value = static_cast<int32_t>(integers[row]);
      std::memcpy(element, &value, size); // little-endian: the first byte is the value of a bool
    }
  }
  return Status();
}

/// The columns of input `name`: "name", or "name.0", "name.1", … as far as they go.
static std::vector<std::string> columnsOf(const data::CsvTable &table, const std::string &name) {
  const std::vector<std::string> &header = table.header();
  auto has = [&](const std::string &column) {
    return std::find(header.begin(), header.end(), column) != header.end();
  };
  if (has(name))
    return {name};
  std::vector<std::string> columns;
  while (has(name + "." + std::to_string(columns.size())))
    columns.push_back(name + "." + std::to_string(columns.size()));
  return columns;
}

static Status readColumns(const tenon_model_t *model, uint32_t entry, const std::string &path,
                          EntryInputs &inputs) {
  data::CsvTable table;
  TENON_TRY(data::CsvTable::read(path, {}, table));
  std::vector<std::string> ignored = table.header();
  for (uint32_t i = 0; i < inputs.arrays.size(); ++i) {
    tenon_tensor_info info;
    TENON_TRY(Status::adopt(tenon_model_input(model, entry, i, &info)));
    std::vector<std::string> columns = columnsOf(table, info.name);
    if (columns.empty())
      continue;
    Array &array = inputs.arrays[i];
    array = {info.name, info.dtype, {table.rows()}, {}};
    if (info.rank > 1 || columns.size() > 1)
      array.dims.push_back(static_cast<int64_t>(columns.size()));
    array.bytes.resize(static_cast<size_t>(table.rows()) * columns.size() *
                       tenon_dtype_size(info.dtype));
    for (size_t c = 0; c < columns.size(); ++c) {
      int64_t column;
      TENON_TRY(table.find({columns[c], -1}, column));
      TENON_TRY(takeColumn(table, column, c, columns.size(), info, array));
      ignored.erase(std::find(ignored.begin(), ignored.end(), columns[c]));
    }
    inputs.given[i] = true;
  }
  inputs.ignored = std::move(ignored);
  return Status();
}

Status readEntryInputs(const tenon_model_t *model, uint32_t entry, const std::string &path,
                       EntryInputs &out) {
  const schema::Entry &description = *train::artifactOf(model).entries()->Get(entry);
  size_t count = description.inputs() ? description.inputs()->size() : 0;
  EntryInputs inputs;
  inputs.arrays.resize(count);
  inputs.given.assign(count, false);
  ArrayFormat format;
  TENON_TRY(arrayFormatOf(path, format));
  TENON_TRY(format == ArrayFormat::Csv ? readColumns(model, entry, path, inputs)
                                       : readTensors(model, entry, path, inputs));
  for (uint32_t i = 0; i < count; ++i) {
    tenon_tensor_info info;
    TENON_TRY(Status::adopt(tenon_model_input(model, entry, i, &info)));
    if (inputs.given[i] || info.optional)
      continue;
    std::string name = info.name;
    std::string message =
        "nothing for " + show(info) + " of entry '" + description.name()->str() + "'";
    if (format == ArrayFormat::Csv)
      message += info.rank > 1 ? "; its columns are '" + name + ".0', '" + name + ".1', …"
                               : "; its column is '" + name + "'";
    return wrong(path, message);
  }
  TENON_TRY(bindSizes(description, path, inputs));
  TENON_TRY(checkShapes(model, entry, path, inputs));
  out = std::move(inputs);
  return Status();
}

} // namespace tenon::tool
