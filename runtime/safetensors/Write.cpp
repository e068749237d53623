#include "runtime/base/Checked.h"
#include "runtime/safetensors/Header.h"

#include <algorithm>

namespace tenon::rt {
namespace {

/// A JSON string: what must be escaped is, everything else stays as it is.
void appendQuoted(const std::string &text, std::string *out) {
  *out += '"';
  for (char character : text) {
    unsigned char byte = static_cast<unsigned char>(character);
    if (byte == '"' || byte == '\\') {
      *out += '\\';
      *out += character;
    } else if (byte < 0x20) {
      *out += "\\u00";
      *out += "0123456789abcdef"[byte >> 4];
      *out += "0123456789abcdef"[byte & 15];
    } else {
      *out += character;
    }
  }
  *out += '"';
}

Status checkTensor(const FileTensor &tensor) {
  const char *name = tensor.name.c_str();
  if (!isValidTensorName(tensor.name) || tensor.name == "__metadata__" ||
      !isValidUtf8(name, tensor.name.size()))
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "'%s' cannot name a tensor of a safetensors file", name);
  uint64_t bytes = tenon_dtype_size(tensor.dtype);
  if (!fileDTypeName(tensor.dtype) || tensor.dims.size() > 8)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "tensor '%s': unknown dtype or more than 8 axes", name);
  for (int64_t extent : tensor.dims)
    if (extent < 0 || !checkedMul(bytes, static_cast<uint64_t>(extent), &bytes))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tensor '%s': shape out of range", name);
  if (bytes != tensor.bytes)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "tensor '%s': its shape does not fit its number of bytes", name);
  return {};
}

std::string headerText(const std::vector<FileTensor> &tensors, const FileMetadata &metadata) {
  std::string text = "{";
  if (!metadata.empty()) {
    text += "\"__metadata__\":{";
    for (const auto &[key, value] : metadata) {
      appendQuoted(key, &text);
      text += ':';
      appendQuoted(value, &text);
      text += ',';
    }
    text.back() = '}';
    text += ',';
  }
  uint64_t offset = 0;
  for (const FileTensor &tensor : tensors) {
    appendQuoted(tensor.name, &text);
    text += ":{\"dtype\":\"" + std::string(fileDTypeName(tensor.dtype)) + "\",\"shape\":[";
    for (size_t i = 0; i < tensor.dims.size(); ++i)
      text += (i ? "," : "") + std::to_string(tensor.dims[i]);
    text += "],\"data_offsets\":[" + std::to_string(offset) + ',';
    offset += tensor.bytes;
    text += std::to_string(offset) + "]},";
  }
  if (text.back() == ',')
    text.pop_back();
  text += '}';
  while ((8 + text.size()) % 64 != 0)
    text += ' ';
  return text;
}

Status writeTensor(const FileTensor &tensor, AtomicFile *file) {
  if (!tensor.give)
    return file->write(tensor.data, tensor.bytes);
  std::vector<uint8_t> piece(std::min<uint64_t>(tensor.bytes, 1 << 20));
  for (uint64_t offset = 0; offset < tensor.bytes; offset += piece.size()) {
    uint64_t bytes = std::min<uint64_t>(piece.size(), tensor.bytes - offset);
    tensor.give(offset, bytes, piece.data());
    TENON_TRY(file->write(piece.data(), bytes));
  }
  return {};
}

} // namespace

Status writeSafetensors(const std::string &path, std::vector<FileTensor> tensors,
                        const FileMetadata &metadata) {
  std::sort(tensors.begin(), tensors.end(), [](const FileTensor &a, const FileTensor &b) {
    int orderA = fileDTypeOrder(a.dtype), orderB = fileDTypeOrder(b.dtype);
    return orderA != orderB ? orderA > orderB : a.name < b.name;
  });
  std::map<std::string, int> seen;
  for (const FileTensor &tensor : tensors) {
    TENON_TRY(checkTensor(tensor));
    if (seen[tensor.name]++)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tensor '%s' is given twice",
                           tensor.name.c_str());
  }
  for (const auto &[key, value] : metadata)
    if (!isValidUtf8(key.data(), key.size()) || !isValidUtf8(value.data(), value.size()))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "metadata '%s' is not valid UTF-8",
                           key.c_str());

  std::string header = headerText(tensors, metadata);
  uint8_t length[8];
  for (int i = 0; i < 8; ++i)
    length[i] = static_cast<uint8_t>(uint64_t{header.size()} >> (8 * i));
  AtomicFile file;
  TENON_TRY(file.create(path));
  TENON_TRY(file.write(length, sizeof length));
  TENON_TRY(file.write(header.data(), header.size()));
  for (const FileTensor &tensor : tensors)
    TENON_TRY(writeTensor(tensor, &file));
  return file.commit();
}

} // namespace tenon::rt
