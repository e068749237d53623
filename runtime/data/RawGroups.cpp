#include "runtime/data/RawGroups.h"

#include "runtime/data/Csv.h"

#include <cstring>
#include <new>

namespace tenon::data {

using rt::Status;

Status RowPlaces::at(int64_t row, Status status) const {
  if (row < 0 || row >= static_cast<int64_t>(lines.size()))
    return status;
  return std::move(status).withPrefix(path + ":" +
                                      std::to_string(lines[static_cast<size_t>(row)]));
}

RowPlaces RowPlaces::of(const std::vector<int64_t> &rows) const {
  RowPlaces chosen{path, {}};
  for (int64_t row : rows)
    chosen.lines.push_back(lines[static_cast<size_t>(row)]);
  return chosen;
}

static ColumnRef columnOf(const schema::Column &column) {
  if (column.name() && column.name()->size() != 0)
    return {column.name()->str(), -1};
  return {"", column.index()};
}

static bool isWanted(const std::vector<bool> &wanted, size_t group) {
  return wanted.empty() || wanted[group];
}

static size_t groupCount(const schema::Data &data) { return data.raws() ? data.raws()->size() : 0; }

/// How to read the file: what the block says, and the names that its columns go by.
static CsvOptions csvOptions(const schema::Data &data, const std::vector<bool> &wanted) {
  const schema::Source &source = *data.source();
  CsvOptions options;
  if (source.separator())
    options.separator = source.separator()->str();
  if (source.decimal() && source.decimal()->size() != 0)
    options.decimal = source.decimal()->str()[0];
  if (source.missing())
    for (const auto *mark : *source.missing())
      options.missing.push_back(mark->str());
  options.header = source.header();
  for (size_t i = 0; i < groupCount(data); ++i)
    if (isWanted(wanted, i) && data.raws()->Get(i)->columns())
      for (const auto *column : *data.raws()->Get(i)->columns())
        if (column->name() && column->name()->size() != 0)
          options.names.push_back(column->name()->str());
  return options;
}

static Status readGroup(const CsvTable &table, const schema::RawGroup &group, Matrix &out) {
  out.columns = group.columns() ? group.columns()->size() : 0;
  out.values.resize(static_cast<size_t>(table.rows() * out.columns));
  for (int64_t i = 0; i < out.columns; ++i) {
    int64_t column;
    TENON_TRY(table.find(columnOf(*group.columns()->Get(i)), column));
    TENON_TRY(table.numbers(column, static_cast<tenon_dtype>(group.dtype()),
                            out.values.data() + i, out.columns));
  }
  return Status();
}

Status readRawGroups(const schema::Data &data, const std::string &path,
                     const std::vector<bool> &wanted, RawGroups &out) {
  CsvTable table;
  TENON_TRY(CsvTable::read(path, csvOptions(data, wanted), table));
  try {
    RawGroups groups;
    groups.rows = table.rows();
    groups.places.path = path;
    for (int64_t row = 0; row < table.rows(); ++row)
      groups.places.lines.push_back(table.line(row));
    groups.groups.resize(groupCount(data));
    for (size_t i = 0; i < groups.groups.size(); ++i)
      if (isWanted(wanted, i))
        TENON_TRY(readGroup(table, *data.raws()->Get(i), groups.groups[i]));
    out = std::move(groups);
    return Status();
  } catch (const std::bad_alloc &) {
    return Status::error(TENON_STATUS_OUT_OF_MEMORY,
                         "not enough memory for the numbers of " + path);
  }
}

void gatherRows(const Matrix &from, const int64_t *rows, int64_t count, double *out) {
  size_t bytes = static_cast<size_t>(from.columns) * sizeof(double);
  for (int64_t i = 0; i < count; ++i)
    std::memcpy(out + i * from.columns, from.values.data() + rows[i] * from.columns, bytes);
}

} // namespace tenon::data
