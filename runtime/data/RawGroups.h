// The raw groups of a data block: matrices of numbers as they stand in its source.
#ifndef TENON_DATA_RAWGROUPS_H
#define TENON_DATA_RAWGROUPS_H

#include "runtime/base/Status.h"
#include "runtime/schema/program_generated.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::data {

/// f64[rows, columns], row-major.
struct Matrix {
  int64_t columns = 0;
  std::vector<double> values;
};

/// Where rows stand in the file that they come from.
struct RowPlaces {
  std::string path;
  std::vector<int64_t> lines; // by row

  /// Puts "PATH:LINE: " before a failure that is about one row.
  rt::Status at(int64_t row, rt::Status status) const;
  /// The places of the given rows, one after the other.
  RowPlaces of(const std::vector<int64_t> &rows) const;
};

struct RawGroups {
  int64_t rows = 0;
  RowPlaces places;
  std::vector<Matrix> groups; // in the order of the data block; no values in one that was not read
};

/// Reads the groups of `data` for which `wanted` is true (all if it is empty) from the file at
/// `path`, which replaces the path written in the block. Columns that no wanted group names may
/// hold anything or be absent. A cell must be a number of its group's type. Errors name file, line
/// and column.
rt::Status readRawGroups(const schema::Data &data, const std::string &path,
                         const std::vector<bool> &wanted, RawGroups &out);

/// The given rows of a group, one after the other.
void gatherRows(const Matrix &from, const int64_t *rows, int64_t count, double *out);

} // namespace tenon::data

#endif // TENON_DATA_RAWGROUPS_H
