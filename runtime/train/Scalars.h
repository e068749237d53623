// Elements of tensors whose type is known at run time only.
#ifndef TENON_TRAIN_SCALARS_H
#define TENON_TRAIN_SCALARS_H

#include "tenon/tenon.h"

#include <cstdint>
#include <cstring>

namespace tenon::train {

template <typename T> T loadScalar(const void *address) {
  T value;
  std::memcpy(&value, address, sizeof value);
  return value;
}

/// The element at `address` as a number; `dtype` is one that models have.
inline double scalarAt(tenon_dtype dtype, const void *address) {
  switch (dtype) {
  case TENON_DTYPE_F32:
    return loadScalar<float>(address);
  case TENON_DTYPE_F64:
    return loadScalar<double>(address);
  case TENON_DTYPE_I32:
    return loadScalar<int32_t>(address);
  case TENON_DTYPE_I64:
    return static_cast<double>(loadScalar<int64_t>(address));
  default:
    return loadScalar<uint8_t>(address);
  }
}

} // namespace tenon::train

#endif // TENON_TRAIN_SCALARS_H
