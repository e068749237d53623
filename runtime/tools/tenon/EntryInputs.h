// Arrays for the inputs of an entry, from a file.
#ifndef TENON_TOOLS_ENTRYINPUTS_H
#define TENON_TOOLS_ENTRYINPUTS_H

#include "runtime/base/Status.h"
#include "runtime/tools/tenon/Arrays.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::tool {

/// What one call of an entry takes.
struct EntryInputs {
  std::vector<Array> arrays;        // per input; empty bytes where `given` is false
  std::vector<bool> given;          // false: a fitted value, which the model has itself
  std::vector<int64_t> sizes;       // in the entry's order of size names
  std::vector<std::string> ignored; // arrays of the file that the entry does not take
};

/// Reads the inputs of `entry` from `path`: arrays by name from .safetensors, or columns from .csv,
/// where input x with one element per row is column "x", and with several columns "x.0", "x.1", ….
/// Whole numbers of 64 bits are taken for 32-bit inputs if each fits; no other type is converted.
/// The run-time sizes are found from the shapes. Errors name file and input.
rt::Status readEntryInputs(const tenon_model_t *model, uint32_t entry, const std::string &path,
                           EntryInputs &out);

} // namespace tenon::tool

#endif // TENON_TOOLS_ENTRYINPUTS_H
