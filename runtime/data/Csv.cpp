#include "runtime/data/Csv.h"

#include "runtime/data/CsvRows.h"
#include "runtime/data/TextFile.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

namespace tenon::data {

using rt::Status;

static std::string quoted(std::string_view text) {
  constexpr size_t Longest = 40;
  std::string shown(text.substr(0, Longest));
  return "'" + shown + (text.size() > Longest ? "…'" : "'");
}

/// Fills a table row by row.
class CsvReader {
public:
  explicit CsvReader(CsvTable &table) : table(table) {}

  Status take(const CsvRow &row) {
    if (table.width == 0) {
      table.width = static_cast<int64_t>(row.cells.size());
      if (isHeader(row.cells)) {
        table.names = row.cells;
        return Status();
      }
    }
    if (static_cast<int64_t>(row.cells.size()) != table.width)
      return wrongWidth(row);
    for (const std::string &cell : row.cells) {
      table.text += cell;
      table.ends.push_back(table.text.size());
    }
    table.lines.push_back(static_cast<uint32_t>(row.line));
    return Status();
  }

private:
  bool isHeader(const std::vector<std::string> &cells) const {
    if (!table.options.header)
      return false;
    for (const std::string &name : table.options.names)
      if (std::find(cells.begin(), cells.end(), name) != cells.end())
        return true;
    return std::none_of(cells.begin(), cells.end(), [&](const std::string &cell) {
      double ignored;
      return parseNumber(cell, table.options.decimal, ignored) != NumberError::NotANumber;
    });
  }

  Status wrongWidth(const CsvRow &row) const {
    return Status::error(
        TENON_STATUS_INVALID_ARGUMENT,
        table.file + ":" + std::to_string(row.line) + ": " + std::to_string(row.cells.size()) +
            (row.cells.size() == 1 ? " cell" : " cells") + ", but the " +
            (table.names.empty() ? "first row" : "header") + " has " + std::to_string(table.width) +
            " (separator " + quoted(std::string(1, table.delimiter)) + ")");
  }

  CsvTable &table;
};

/// What is refused before any cell is looked at.
static Status checkText(const std::string &path, std::string_view text) {
  constexpr std::string_view Utf16Little = "\xFF\xFE", Utf16Big = "\xFE\xFF";
  if (text.substr(0, 2) == Utf16Little || text.substr(0, 2) == Utf16Big)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         path + ": this is UTF-16 text; save it as UTF-8");
  size_t zero = text.find('\0');
  if (zero != std::string_view::npos)
    return Status::error(
        TENON_STATUS_INVALID_ARGUMENT,
        path + ":" + std::to_string(1 + std::count(text.begin(), text.begin() + zero, '\n')) +
            ": a zero byte; this is not a CSV file");
  if (text.size() > std::numeric_limits<uint32_t>::max())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, path + ": larger than 4 GiB; split it");
  return Status();
}

Status CsvTable::parse(std::string path, std::string_view text, const CsvOptions &options,
                       CsvTable &out) {
  try {
    CsvTable table;
    table.file = std::move(path);
    table.options = options;
    constexpr std::string_view ByteOrderMark = "\xEF\xBB\xBF";
    if (text.substr(0, ByteOrderMark.size()) == ByteOrderMark)
      text.remove_prefix(ByteOrderMark.size());
    TENON_TRY(checkText(table.file, text));
    if (options.separator.size() > 1)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, table.file + ": the separator " +
                                                              quoted(options.separator) +
                                                              " is not one character");
    std::string_view candidates = options.decimal == ',' ? ";\t|" : ",;\t|";
    table.delimiter =
        options.separator.empty() ? findCsvSeparator(text, candidates) : options.separator[0];

    CsvReader reader(table);
    TENON_TRY(forEachCsvRow(table.file, text, table.delimiter,
                            [&](const CsvRow &row) { return reader.take(row); }));
    if (table.width == 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT, table.file + ": the file has no rows");
    out = std::move(table);
    return Status();
  } catch (const std::bad_alloc &) {
    return Status::error(TENON_STATUS_OUT_OF_MEMORY,
                         "not enough memory for the cells of a CSV file of " +
                             std::to_string(text.size()) + " bytes");
  }
}

Status CsvTable::read(const std::string &path, const CsvOptions &options, CsvTable &out) {
  std::string text;
  TENON_TRY(readTextFile(path, text));
  return parse(path, text, options, out);
}

std::string_view CsvTable::cell(int64_t row, int64_t column) const {
  size_t index = static_cast<size_t>(row * width + column);
  uint64_t begin = index == 0 ? 0 : ends[index - 1];
  return std::string_view(text).substr(begin, ends[index] - begin);
}

std::string CsvTable::columnName(int64_t column) const {
  if (names.empty())
    return std::to_string(column);
  return "'" + names[static_cast<size_t>(column)] + "'";
}

/// Levenshtein distance, for "did you mean".
static size_t editDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t substituted = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
    }
  }
  return row.back();
}

static std::string suggestion(const std::vector<std::string> &names, const std::string &wanted) {
  const std::string *nearest = nullptr;
  size_t least = wanted.size() / 3 + 2;
  for (const std::string &name : names)
    if (size_t distance = editDistance(name, wanted); distance < least) {
      least = distance;
      nearest = &name;
    }
  return nearest ? "; did you mean '" + *nearest + "'?" : "";
}

Status CsvTable::find(const ColumnRef &column, int64_t &out) const {
  if (column.name.empty()) {
    if (column.index < 0 || column.index >= width)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           file + ": no column " + std::to_string(column.index) +
                               "; the file has " + std::to_string(width) +
                               " columns, counted from 0");
    out = column.index;
    return Status();
  }
  if (names.empty())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         file + ": no column '" + column.name +
                             "'; the file has no header, so columns are known by position "
                             "only: column(0)");
  auto first = std::find(names.begin(), names.end(), column.name);
  if (first == names.end())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, file + ": no column '" + column.name + "'" +
                                                            suggestion(names, column.name));
  if (std::find(first + 1, names.end(), column.name) != names.end())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, file + ": two columns are named '" +
                                                            column.name +
                                                            "'; rename one or use its position");
  out = first - names.begin();
  return Status();
}

bool CsvTable::isMissing(std::string_view cell) const {
  return std::find(options.missing.begin(), options.missing.end(), cell) != options.missing.end();
}

Status CsvTable::cellError(int64_t row, int64_t column, const std::string &reason) const {
  return Status::error(TENON_STATUS_INVALID_ARGUMENT, file + ":" + std::to_string(line(row)) +
                                                          ": column " + columnName(column) + ": " +
                                                          reason);
}

Status CsvTable::badCell(int64_t row, int64_t column, NumberError error) const {
  std::string_view text = cell(row, column);
  if (isMissing(text))
    return cellError(row, column,
                     text.empty()
                         ? "the value is missing, and nothing fills it"
                         : "the value is missing (" + quoted(text) + "), and nothing fills it");
  if (text.empty())
    return cellError(row, column, "the cell is empty");
  if (error == NumberError::OutOfRange)
    return cellError(row, column, quoted(text) + " is beyond what 64 bits hold");
  double number;
  std::string reason = quoted(text) + " is no number";
  if (options.decimal == '.' && parseNumber(text, ',', number) == NumberError::None)
    reason += "; if the file writes decimals with a comma, say so: csv(…, decimal: \",\")";
  return cellError(row, column, reason);
}

Status CsvTable::number(int64_t row, int64_t column, tenon_dtype as, double &out) const {
  std::string_view text = cell(row, column);
  NumberError error = parseNumber(text, options.decimal, out);
  if (error != NumberError::None || isMissing(text))
    return badCell(row, column, error);
  if (as == TENON_DTYPE_F32 && !std::isfinite(static_cast<float>(out)))
    return cellError(row, column, quoted(text) + " is beyond what f32 holds, 3.4e38");
  return Status();
}

Status CsvTable::integer(int64_t row, int64_t column, tenon_dtype as, int64_t &out) const {
  std::string_view text = cell(row, column);
  double number;
  NumberError error = parseInteger(text, options.decimal, out);
  bool isFraction = error == NumberError::NotANumber &&
                    parseNumber(text, options.decimal, number) == NumberError::None;
  if ((error == NumberError::NotANumber && !isFraction) || isMissing(text))
    return badCell(row, column, error);
  if (as == TENON_DTYPE_BOOL && (error != NumberError::None || (out != 0 && out != 1)))
    return cellError(row, column, quoted(text) + " is no bool; it takes 0 and 1");
  if (isFraction)
    return cellError(row, column, quoted(text) + " is no " + tenon_dtype_name(as) +
                                      "; it takes whole numbers, f32 takes fractions");
  bool isI32 = out >= std::numeric_limits<int32_t>::min() &&
               out <= std::numeric_limits<int32_t>::max();
  if (error == NumberError::OutOfRange || (as == TENON_DTYPE_I32 && !isI32))
    return cellError(row, column, quoted(text) + " is beyond what " + tenon_dtype_name(as) +
                                      " holds" + (as == TENON_DTYPE_I32 ? "; i64 holds more" : ""));
  return Status();
}

Status CsvTable::numbers(int64_t column, tenon_dtype as, double *out, int64_t stride) const {
  constexpr int64_t ExactInF64 = int64_t(1) << 53;
  bool isWhole = as != TENON_DTYPE_F32 && as != TENON_DTYPE_F64;
  for (int64_t row = 0; row < rows(); ++row) {
    double &value = out[row * stride];
    if (!isWhole) {
      TENON_TRY(number(row, column, as, value));
      continue;
    }
    int64_t whole = 0;
    TENON_TRY(integer(row, column, as, whole));
    if (whole < -ExactInF64 || whole > ExactInF64)
      return cellError(row, column, quoted(cell(row, column)) +
                                        " is beyond 2^53, up to where columns are exact");
    value = static_cast<double>(whole);
  }
  return Status();
}

Status CsvTable::integers(int64_t column, tenon_dtype as, int64_t *out, int64_t stride) const {
  for (int64_t row = 0; row < rows(); ++row)
    TENON_TRY(integer(row, column, as, out[row * stride]));
  return Status();
}

} // namespace tenon::data
