#include "runtime/safetensors/Header.h"

namespace tenon::rt {
namespace {

struct FileDType {
  tenon_dtype dtype;
  const char *name;
};

// In the reference writer's order, from small alignment to large.
constexpr FileDType fileDTypes[] = {
    {TENON_DTYPE_BOOL, "BOOL"},       {TENON_DTYPE_U8, "U8"},           {TENON_DTYPE_I8, "I8"},
    {TENON_DTYPE_F8_E5M2, "F8_E5M2"}, {TENON_DTYPE_F8_E4M3, "F8_E4M3"}, {TENON_DTYPE_I16, "I16"},
    {TENON_DTYPE_U16, "U16"},         {TENON_DTYPE_F16, "F16"},         {TENON_DTYPE_BF16, "BF16"},
    {TENON_DTYPE_I32, "I32"},         {TENON_DTYPE_U32, "U32"},         {TENON_DTYPE_F32, "F32"},
    {TENON_DTYPE_F64, "F64"},         {TENON_DTYPE_I64, "I64"},         {TENON_DTYPE_U64, "U64"}};

} // namespace

const char *fileDTypeName(tenon_dtype dtype) {
  for (const FileDType &row : fileDTypes)
    if (row.dtype == dtype)
      return row.name;
  return nullptr;
}

bool fileDTypeFromName(const std::string &name, tenon_dtype *out) {
  for (const FileDType &row : fileDTypes) {
    if (name == row.name) {
      *out = row.dtype;
      return true;
    }
  }
  return false;
}

int fileDTypeOrder(tenon_dtype dtype) {
  int order = 0;
  for (const FileDType &row : fileDTypes) {
    if (row.dtype == dtype)
      return order;
    ++order;
  }
  return -1;
}

} // namespace tenon::rt
