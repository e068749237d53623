// The rows of CSV text, one by one: the only place that talks to libcsv.
#ifndef TENON_DATA_CSVROWS_H
#define TENON_DATA_CSVROWS_H

#include "runtime/base/Status.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tenon::data {

/// One row: its cells (valid during the call) and the line on which it ends, from 1.
struct CsvRow {
  const std::vector<std::string> &cells;
  int64_t line;
};

/// Calls `row` for every row of `text` that is not blank, until it returns an error, which is
/// returned. Malformed quotes are errors; messages begin with `path` and the line.
rt::Status forEachCsvRow(const std::string &path, std::string_view text, char separator,
                         const std::function<rt::Status(const CsvRow &)> &row);

/// The separator among `candidates` that makes the first rows of `text` a table: as many columns
/// as possible, the same number in each row. The first candidate if none makes two columns.
char findCsvSeparator(std::string_view text, std::string_view candidates);

} // namespace tenon::data

#endif // TENON_DATA_CSVROWS_H
