#include "runtime/data/CsvRows.h"

#include <csv.h>

#include <algorithm>
#include <new>

namespace tenon::data {

using rt::Status;

namespace {

/// libcsv calls back through C: nothing may throw out of the two callbacks, so they keep the first
/// error here and the driver below stops at it.
struct Rows {
  explicit Rows(const std::function<Status(const CsvRow &)> &row) : row(row) {}

  const std::function<Status(const CsvRow &)> &row;
  std::vector<std::string> cells;
  size_t used = 0; // cells of the row so far; the strings behind them are reused
  int64_t line = 0;
  int64_t lastRowLine = 0;
  Status status;
  bool outOfMemory = false;

  bool stopped() const { return outOfMemory || !status.ok(); }

  void cell(const char *text, size_t size) {
    if (used == cells.size())
      cells.emplace_back();
    cells[used++].assign(text, size);
  }

  void endRow() {
    cells.resize(used);
    lastRowLine = line;
    used = 0;
    status = row(CsvRow{cells, line});
  }
};

void onCell(void *text, size_t size, void *data) {
  auto *rows = static_cast<Rows *>(data);
  if (rows->stopped())
    return;
  try {
    rows->cell(static_cast<const char *>(text), text ? size : 0);
  } catch (const std::bad_alloc &) {
    rows->outOfMemory = true;
  }
}

void onRow(int, void *data) {
  auto *rows = static_cast<Rows *>(data);
  if (rows->stopped())
    return;
  try {
    rows->endRow();
  } catch (const std::bad_alloc &) {
    rows->outOfMemory = true;
  }
}

/// Owns the parser's buffer.
struct Parser {
  explicit Parser(char separator) {
    csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&csv, static_cast<unsigned char>(separator));
    // By default libcsv strips tabs as blanks, also where a tab is what separates the cells.
    csv_set_space_func(&csv, [](unsigned char c) -> int { return c == ' '; });
  }
  ~Parser() { csv_free(&csv); }
  Parser(const Parser &) = delete;
  Parser &operator=(const Parser &) = delete;
  csv_parser csv;
};

} // namespace

/// The next line of `text` from `begin`, its end (\n, \r\n or \r) included.
static std::string_view lineAt(std::string_view text, size_t begin) {
  size_t end = text.find_first_of("\r\n", begin);
  if (end == std::string_view::npos)
    return text.substr(begin);
  if (text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n')
    ++end;
  return text.substr(begin, end + 1 - begin);
}

static Status quoteError(const std::string &path, int64_t line, const char *reason) {
  return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                       path + ":" + std::to_string(line) + ": " + reason);
}

Status forEachCsvRow(const std::string &path, std::string_view text, char separator,
                     const std::function<Status(const CsvRow &)> &row) {
  Parser parser(separator);
  Rows rows(row);
  // Line by line, because libcsv does not count lines and messages need them.
  for (size_t begin = 0; begin < text.size() && !rows.stopped();) {
    std::string_view line = lineAt(text, begin);
    begin += line.size();
    ++rows.line;
    if (csv_parse(&parser.csv, line.data(), line.size(), onCell, onRow, &rows) == line.size())
      continue;
    if (csv_error(&parser.csv) != CSV_EPARSE)
      rows.outOfMemory = true;
    else if (!rows.stopped())
      rows.status = quoteError(path, rows.line,
                               "a quote in the middle of a cell; a cell that holds quotes is "
                               "itself quoted and its quotes are doubled: \"a \"\"b\"\" c\"");
    break;
  }
  if (!rows.stopped() && csv_fini(&parser.csv, onCell, onRow, &rows) != 0)
    rows.status = quoteError(path, rows.lastRowLine + 1,
                             "a quote opened on this line or later is never closed");
  if (rows.outOfMemory)
    return Status::outOfMemory().withPrefix(path);
  return std::move(rows.status);
}

/// The number of cells in each of the first rows, 0 if they differ or do not parse.
static size_t consistentColumns(std::string_view text, char separator) {
  size_t columns = 0;
  bool consistent = true;
  Status status = forEachCsvRow("", text, separator, [&](const CsvRow &row) {
    if (columns != 0 && columns != row.cells.size())
      consistent = false;
    columns = row.cells.size();
    return Status();
  });
  return status.ok() && consistent ? columns : 0;
}

char findCsvSeparator(std::string_view text, std::string_view candidates) {
  // A sample of whole lines. A cut inside a quoted cell only makes the sample fail to parse, so
  // the sample is also tried without its last lines.
  constexpr size_t SampleLines = 64;
  size_t end = 0;
  std::vector<size_t> lineEnds;
  while (end < text.size() && lineEnds.size() < SampleLines)
    lineEnds.push_back(end += lineAt(text, end).size());
  for (size_t lines = lineEnds.size(); lines > 0; lines /= 2) {
    char best = candidates[0];
    size_t most = 1;
    for (char candidate : candidates) {
      size_t columns = consistentColumns(text.substr(0, lineEnds[lines - 1]), candidate);
      if (columns > most) {
        most = columns;
        best = candidate;
      }
    }
    if (most > 1)
      return best;
  }
  return candidates[0];
}

} // namespace tenon::data
