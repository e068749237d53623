// C functions on tensor files.
#include "runtime/safetensors/Safetensors.h"

#include <memory>

using namespace tenon::rt;

struct tenon_tensors {
  Safetensors file;
};

tenon_status_t tenon_tensors_open(const char *path, tenon_tensors_t **out_tensors) {
  return atBorder([&]() -> Status {
    if (!path || !out_tensors)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_tensors_open: %s is NULL",
                           path ? "out_tensors" : "path");
    *out_tensors = nullptr;
    auto made = std::make_unique<tenon_tensors>();
    TENON_TRY(Safetensors::open(path, &made->file));
    *out_tensors = made.release();
    return {};
  });
}

void tenon_tensors_release(tenon_tensors_t *tensors) { delete tensors; }

uint32_t tenon_tensors_count(const tenon_tensors_t *tensors) {
  return tensors ? static_cast<uint32_t>(tensors->file.tensors().size()) : 0;
}

tenon_status_t tenon_tensors_get(const tenon_tensors_t *tensors, uint32_t index,
                                 tenon_file_tensor *out_tensor) {
  return atBorder([&]() -> Status {
    if (!tensors || !out_tensor)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, "tenon_tensors_get: %s is NULL",
                           tensors ? "out_tensor" : "tensors");
    if (index >= tensors->file.tensors().size())
      return Status::error(TENON_STATUS_NOT_FOUND, "tenon_tensors_get: tensor %u of %zu", index,
                           tensors->file.tensors().size());
    const FileTensor &tensor = tensors->file.tensors()[index];
    *out_tensor = {tensor.name.c_str(), tensor.dtype, static_cast<uint32_t>(tensor.dims.size()),
                   tensor.dims.data(),  tensor.data,  tensor.bytes};
    return {};
  });
}

const char *tenon_tensors_metadata(const tenon_tensors_t *tensors, const char *key) {
  if (!tensors || !key)
    return nullptr;
  for (const auto &[name, value] : tensors->file.metadata())
    if (name == key)
      return value.c_str();
  return nullptr;
}

tenon_status_t tenon_tensors_save(const char *path, const tenon_file_tensor *tensors, size_t count,
                                  const tenon_metadata *metadata, size_t metadata_count) {
  return atBorder([&]() -> Status {
    if (!path || (count != 0 && !tensors) || (metadata_count != 0 && !metadata))
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_tensors_save: an argument is NULL");
    std::vector<FileTensor> list;
    for (size_t i = 0; i < count; ++i) {
      const tenon_file_tensor &tensor = tensors[i];
      if (!tensor.name || (tensor.rank != 0 && !tensor.dims) || (tensor.bytes != 0 && !tensor.data))
        return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                             "tenon_tensors_save: tensor %zu has a NULL name, dims or data", i);
      list.push_back({tensor.name,
                      tensor.dtype,
                      {tensor.dims, tensor.dims + tensor.rank},
                      static_cast<const uint8_t *>(tensor.data),
                      tensor.bytes});
    }
    FileMetadata values;
    for (size_t i = 0; i < metadata_count; ++i) {
      if (!metadata[i].key || !metadata[i].value)
        return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                             "tenon_tensors_save: metadata %zu has a NULL key or value", i);
      values[metadata[i].key] = metadata[i].value;
    }
    return writeSafetensors(path, std::move(list), values);
  });
}
