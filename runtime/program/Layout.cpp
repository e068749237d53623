#include "runtime/program/Layout.h"

#include "runtime/base/Checked.h"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace tenon::rt {
namespace {

/// The matrix as its panels see it: element (i, j) with i along the axis that is cut into panels.
struct Panels {
  explicit Panels(const PackedMatrix &matrix)
      : lanes(matrix.lanes), cut(matrix.isTransposed ? matrix.columns : matrix.rows),
        other(matrix.isTransposed ? matrix.rows : matrix.columns),
        cutStride(matrix.isTransposed ? 1 : matrix.columns),
        otherStride(matrix.isTransposed ? matrix.columns : 1) {}

  uint64_t lanes, cut, other;
  uint64_t cutStride, otherStride; // in the row-major values

  uint64_t inStorage(uint64_t i, uint64_t j) const {
    return (i / lanes * other + j) * lanes + i % lanes;
  }
};

template <uint32_t bytes>
void packAs(const PackedMatrix &matrix, const uint8_t *values, uint8_t *storage) {
  Panels panels(matrix);
  for (uint64_t first = 0; first < panels.cut; first += panels.lanes) {
    uint64_t present = std::min(panels.lanes, panels.cut - first);
    for (uint64_t j = 0; j < panels.other; ++j) {
      const uint8_t *from = values + (first * panels.cutStride + j * panels.otherStride) * bytes;
      for (uint64_t lane = 0; lane < present; ++lane)
        std::memcpy(storage + lane * bytes, from + lane * panels.cutStride * bytes, bytes);
      std::memset(storage + present * bytes, 0, (panels.lanes - present) * bytes);
      storage += panels.lanes * bytes;
    }
  }
}

template <uint32_t bytes>
void unpackAs(const PackedMatrix &matrix, const uint8_t *storage, uint64_t first, uint64_t count,
              uint8_t *values) {
  if (count == 0)
    return;
  Panels panels(matrix);
  uint64_t row = first / matrix.columns, column = first % matrix.columns;
  for (; count != 0; --count) {
    uint64_t position =
        matrix.isTransposed ? panels.inStorage(column, row) : panels.inStorage(row, column);
    std::memcpy(values, storage + position * bytes, bytes);
    values += bytes;
    if (++column == matrix.columns) {
      column = 0;
      ++row;
    }
  }
}

/// Calls `as` with the number of bytes of an element as a constant.
template <typename Function> void withElementBytes(uint32_t bytes, Function as) {
  if (bytes == 1)
    as(std::integral_constant<uint32_t, 1>());
  else if (bytes == 4)
    as(std::integral_constant<uint32_t, 4>());
  else
    as(std::integral_constant<uint32_t, 8>());
}

} // namespace

bool storageElementsOf(const schema::Parameter &parameter, uint64_t *out) {
  uint32_t cut = parameter.layout() == schema::LayoutKind::Packed ? 0 : 1; // into panels
  *out = 1;
  for (uint32_t axis = 0; axis < (parameter.shape() ? parameter.shape()->size() : 0); ++axis) {
    uint64_t extent = static_cast<uint64_t>(parameter.shape()->Get(axis));
    if (parameter.layout() != schema::LayoutKind::RowMajor && axis == cut) {
      uint64_t lanes = parameter.lanes();
      if (!checkedAdd(extent, lanes - 1, &extent))
        return false;
      extent = extent / lanes * lanes;
    }
    if (!checkedMul(*out, extent, out))
      return false;
  }
  return true;
}

void packMatrix(const PackedMatrix &matrix, const void *values, void *storage) {
  withElementBytes(matrix.elementBytes, [&](auto bytes) {
    packAs<bytes>(matrix, static_cast<const uint8_t *>(values), static_cast<uint8_t *>(storage));
  });
}

void unpackMatrix(const PackedMatrix &matrix, const void *storage, uint64_t first, uint64_t count,
                  void *values) {
  withElementBytes(matrix.elementBytes, [&](auto bytes) {
    unpackAs<bytes>(matrix, static_cast<const uint8_t *>(storage), first, count,
                    static_cast<uint8_t *>(values));
  });
}

} // namespace tenon::rt
