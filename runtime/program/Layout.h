// How the matrices of a program lie in memory, and the way in and out: values that a caller or a
// file has are row-major. runtime/schema/program.fbs defines the layouts.
#ifndef TENON_PROGRAM_LAYOUT_H
#define TENON_PROGRAM_LAYOUT_H

#include "runtime/schema/program_generated.h"

#include <cstdint>

namespace tenon::rt {

/// A matrix of rows x columns elements in panels of `lanes`; `lanes` 0: row-major, of any rank.
struct PackedMatrix {
  uint64_t rows = 0, columns = 0;
  uint32_t lanes = 0;
  bool isTransposed = false; // panels of columns rather than of rows
  uint32_t elementBytes = 0;

  bool isPacked() const { return lanes != 0; }
};

/// Elements in the memory of a parameter or state, padding included; false if that does not fit.
/// No axis may be negative; a packed one has two, and lanes.
[[nodiscard]] bool storageElementsOf(const schema::Parameter &parameter, uint64_t *out);

/// From row-major values to the whole storage; padding becomes 0. No alignment is needed.
void packMatrix(const PackedMatrix &matrix, const void *values, void *storage);
/// The row-major values [first, first + count) from the whole storage.
void unpackMatrix(const PackedMatrix &matrix, const void *storage, uint64_t first, uint64_t count,
                  void *values);

} // namespace tenon::rt

#endif
