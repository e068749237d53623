// Named arrays on their way between files and entries.
#ifndef TENON_TOOLS_ARRAYS_H
#define TENON_TOOLS_ARRAYS_H

#include "runtime/base/Status.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::tool {

struct Array {
  std::string name;
  tenon_dtype dtype = TENON_DTYPE_F32;
  std::vector<int64_t> dims;
  std::vector<unsigned char> bytes; // row-major
};

/// "[3, 10]".
std::string showDims(const std::vector<int64_t> &dims);

enum class ArrayFormat { Csv, Safetensors };

/// The format that a file's name asks for. Errors: .npy and .npz (not supported yet), others.
rt::Status arrayFormatOf(const std::string &path, ArrayFormat &out);

/// Writes arrays to `path`, or as CSV to stdout if it is empty.
///
/// In CSV the first axis gives the rows, and an array of several elements per row, NAME, makes the
/// columns NAME.0, NAME.1, …; arrays with other numbers of rows do not fit into one table and are
/// an error. The file is whole or not there.
rt::Status writeArrays(const std::string &path, const std::vector<Array> &arrays);

} // namespace tenon::tool

#endif // TENON_TOOLS_ARRAYS_H
