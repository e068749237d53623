// Element types: tenon_dtype, the enum of the C API, is the only one inside the runtime as well.
#ifndef TENON_BASE_DTYPE_H
#define TENON_BASE_DTYPE_H

#include "tenon/tenon.h"

namespace tenon::rt {

/// The types that tensors of a model have (the others occur in files only).
inline bool isModelDType(int dtype) {
  return dtype >= TENON_DTYPE_F32 && dtype <= TENON_DTYPE_BOOL;
}
inline bool isFloat(tenon_dtype dtype) {
  return dtype == TENON_DTYPE_F32 || dtype == TENON_DTYPE_F64;
}

} // namespace tenon::rt

#endif
