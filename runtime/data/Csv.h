// CSV files as tables of text cells, read by columns as numbers.
//
// The whole file is held in memory. Rows are separated by line ends, cells by one character; cells
// may be quoted as in RFC 4180. Every row has the same number of cells. Nothing is guessed about
// a cell: it is a number, or one of the marks that the caller names for a missing value, or an
// error that names file, line and column.
#ifndef TENON_DATA_CSV_H
#define TENON_DATA_CSV_H

#include "runtime/base/Status.h"
#include "runtime/data/Number.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::data {

struct CsvOptions {
  /// One character; empty: found by itself among comma, semicolon, tab and bar.
  std::string separator;
  char decimal = '.';
  /// Cells that mean "no value here". Reading one as a number is an error of its own kind.
  std::vector<std::string> missing;
  /// False: the first row is data, whatever it looks like. True: the first row is the header if
  /// none of its cells is a number, or if it holds one of `names`.
  bool header = true;
  /// The columns that will be asked for by name.
  std::vector<std::string> names;
};

/// A column by name (`name` is set) or by position, from 0.
struct ColumnRef {
  std::string name;
  int64_t index = -1;
};

class CsvTable {
public:
  /// Reads the file at `path`.
  static rt::Status read(const std::string &path, const CsvOptions &options, CsvTable &out);

  /// Parses `text`; `path` is what messages call it.
  static rt::Status parse(std::string path, std::string_view text, const CsvOptions &options,
                          CsvTable &out);

  const std::string &path() const { return file; }
  int64_t rows() const { return static_cast<int64_t>(lines.size()); }
  int64_t columns() const { return width; }
  /// Column names; empty if the file has no header.
  const std::vector<std::string> &header() const { return names; }
  char separator() const { return delimiter; }

  std::string_view cell(int64_t row, int64_t column) const;
  /// The line of the file on which `row` ends, from 1.
  int64_t line(int64_t row) const { return lines[static_cast<size_t>(row)]; }
  /// What messages call a column: 'bmi', or its position if there is no header.
  std::string columnName(int64_t column) const;

  /// Finds a column. Errors: no header, unknown name (the nearest one is suggested), a name that
  /// two columns have, a position beyond the last column.
  rt::Status find(const ColumnRef &column, int64_t &out) const;

  /// Writes column `column` of all rows to out[0], out[stride], … as numbers of type `as`, that is
  /// without loss in what they will be converted to: finite in f32, whole and in range for i32 and
  /// i64 (up to 2^53, as f64 has them), 0 or 1 for bool. The error of the first bad cell is returned.
  rt::Status numbers(int64_t column, tenon_dtype as, double *out, int64_t stride) const;

  /// The same for i32, i64 (all of it) and bool.
  rt::Status integers(int64_t column, tenon_dtype as, int64_t *out, int64_t stride) const;

private:
  friend class CsvReader;

  bool isMissing(std::string_view cell) const;
  rt::Status number(int64_t row, int64_t column, tenon_dtype as, double &out) const;
  rt::Status integer(int64_t row, int64_t column, tenon_dtype as, int64_t &out) const;
  rt::Status cellError(int64_t row, int64_t column, const std::string &reason) const;
  /// `error` is not None, or the cell is a missing value.
  rt::Status badCell(int64_t row, int64_t column, NumberError error) const;

  std::string file;
  CsvOptions options;
  char delimiter = ',';
  int64_t width = 0;
  std::vector<std::string> names;
  std::string text;            // all cells, one after the other
  std::vector<uint64_t> ends;  // where each cell ends in `text`, row by row
  std::vector<uint32_t> lines; // per row
};

} // namespace tenon::data

#endif // TENON_DATA_CSV_H
