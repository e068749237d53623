// Element types: tenon_dtype of the C API is the only enum of them, inside the runtime as well.
#include "tenon/tenon.h"

namespace {

struct DTypeRow {
  tenon_dtype dtype;
  size_t size;
  const char *name;
};

constexpr DTypeRow table[] = {
    {TENON_DTYPE_F32, 4, "f32"},        {TENON_DTYPE_F64, 8, "f64"},
    {TENON_DTYPE_I32, 4, "i32"},        {TENON_DTYPE_I64, 8, "i64"},
    {TENON_DTYPE_BOOL, 1, "bool"},      {TENON_DTYPE_F16, 2, "f16"},
    {TENON_DTYPE_BF16, 2, "bf16"},      {TENON_DTYPE_U8, 1, "u8"},
    {TENON_DTYPE_I8, 1, "i8"},          {TENON_DTYPE_U16, 2, "u16"},
    {TENON_DTYPE_I16, 2, "i16"},        {TENON_DTYPE_U32, 4, "u32"},
    {TENON_DTYPE_U64, 8, "u64"},        {TENON_DTYPE_F8_E4M3, 1, "f8_e4m3"},
    {TENON_DTYPE_F8_E5M2, 1, "f8_e5m2"}};

const DTypeRow *find(tenon_dtype dtype) {
  for (const DTypeRow &row : table)
    if (row.dtype == dtype)
      return &row;
  return nullptr;
}

} // namespace

size_t tenon_dtype_size(tenon_dtype dtype) {
  const DTypeRow *row = find(dtype);
  return row ? row->size : 0;
}

const char *tenon_dtype_name(tenon_dtype dtype) {
  const DTypeRow *row = find(dtype);
  return row ? row->name : "?";
}
