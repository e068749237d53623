#include "runtime/tools/tenon/Arrays.h"

#include "runtime/train/DurableFile.h"
#include "runtime/train/Scalars.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace tenon::tool {

using rt::Status;
using train::loadScalar;

std::string showDims(const std::vector<int64_t> &dims) {
  std::string text;
  for (int64_t dim : dims)
    text += (text.empty() ? "" : ", ") + std::to_string(dim);
  return "[" + text + "]";
}

static bool endsWith(const std::string &text, const std::string &suffix) {
  return text.size() >= suffix.size() &&
         text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}

Status arrayFormatOf(const std::string &path, ArrayFormat &out) {
  if (endsWith(path, ".csv")) {
    out = ArrayFormat::Csv;
  } else if (endsWith(path, ".safetensors")) {
    out = ArrayFormat::Safetensors;
  } else if (endsWith(path, ".npy") || endsWith(path, ".npz")) {
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         path + ": NumPy files are not supported yet; use .safetensors");
  } else {
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         path + ": the name does not end in .csv or .safetensors");
  }
  return Status();
}

/// The shortest text that reads back as the same number; a NaN has no sign.
static void appendNumber(std::string &text, tenon_dtype dtype, const unsigned char *address) {
  if (std::isnan(train::scalarAt(dtype, address))) {
    text += "nan";
    return;
  }
  char digits[32];
  std::to_chars_result end{};
  switch (dtype) {
  case TENON_DTYPE_F32:
    end = std::to_chars(digits, digits + sizeof digits, loadScalar<float>(address));
    break;
  case TENON_DTYPE_F64:
    end = std::to_chars(digits, digits + sizeof digits, loadScalar<double>(address));
    break;
  case TENON_DTYPE_I64:
    end = std::to_chars(digits, digits + sizeof digits, loadScalar<int64_t>(address));
    break;
  default:
    end = std::to_chars(digits, digits + sizeof digits,
                        static_cast<int64_t>(train::scalarAt(dtype, address)));
  }
  text.append(digits, end.ptr);
}

/// A cell of the header, quoted where it must be.
static std::string headerCell(const std::string &name) {
  if (name.find_first_of(",\"\r\n") == std::string::npos)
    return name;
  std::string quoted = "\"";
  for (char c : name)
    quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

static Status csvText(const std::vector<Array> &arrays, std::string &out) {
  int64_t rows = -1;
  std::vector<size_t> rowElements;
  std::string header;
  for (const Array &array : arrays) {
    int64_t own = array.dims.empty() ? 1 : array.dims[0];
    if (rows >= 0 && own != rows)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "'" + array.name + "' " + showDims(array.dims) +
                               " does not fit into one table with '" + arrays[0].name + "' " +
                               showDims(arrays[0].dims) + "; write a .safetensors file");
    rows = own;
    size_t elements = 1;
    for (size_t axis = 1; axis < array.dims.size(); ++axis)
      elements *= static_cast<size_t>(array.dims[axis]);
    rowElements.push_back(elements);
    for (size_t i = 0; i < elements; ++i)
      header += (header.empty() ? "" : ",") +
                headerCell(elements == 1 ? array.name : array.name + "." + std::to_string(i));
  }
  out = header + "\n";
  for (int64_t row = 0; row < rows; ++row) {
    size_t begin = out.size();
    for (size_t a = 0; a < arrays.size(); ++a) {
      size_t size = tenon_dtype_size(arrays[a].dtype);
      const unsigned char *at =
          arrays[a].bytes.data() + static_cast<size_t>(row) * rowElements[a] * size;
      for (size_t i = 0; i < rowElements[a]; ++i) {
        if (out.size() != begin)
          out += ',';
        appendNumber(out, arrays[a].dtype, at + i * size);
      }
    }
    out += '\n';
  }
  return Status();
}

static Status writeSafetensors(const std::string &path, const std::vector<Array> &arrays) {
  std::vector<tenon_file_tensor> tensors;
  for (const Array &array : arrays) {
    tenon_file_tensor tensor = {};
    tensor.name = array.name.c_str();
    tensor.dtype = array.dtype;
    tensor.rank = static_cast<uint32_t>(array.dims.size());
    tensor.dims = array.dims.data();
    tensor.data = array.bytes.data();
    tensor.bytes = array.bytes.size();
    tensors.push_back(tensor);
  }
  return Status::adopt(
      tenon_tensors_save(path.c_str(), tensors.data(), tensors.size(), nullptr, 0));
}

Status writeArrays(const std::string &path, const std::vector<Array> &arrays) {
  ArrayFormat format = ArrayFormat::Csv;
  if (!path.empty())
    TENON_TRY(arrayFormatOf(path, format));
  if (format == ArrayFormat::Safetensors)
    return writeSafetensors(path, arrays);
  std::string text;
  TENON_TRY(csvText(arrays, text));
  if (!path.empty())
    return train::writeFile(path, text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return Status::error(TENON_STATUS_IO, "cannot write to standard output");
  return Status();
}

} // namespace tenon::tool
