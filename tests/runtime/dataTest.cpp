// CSV files, numbers, splits, shuffles and batches.
#include "runtime/data/Csv.h"
#include "runtime/data/Fields.h"
#include "runtime/data/Number.h"
#include "runtime/data/Split.h"
#include "runtime/rng/Philox.h"

#include <gtest/gtest.h>

#include <numeric>
#include <set>

using namespace tenon::data;
using tenon::rt::Status;

namespace {

CsvTable parsed(std::string_view text, const CsvOptions &options = {}) {
  CsvTable table;
  Status status = CsvTable::parse("t.csv", text, options, table);
  EXPECT_TRUE(status.ok()) << status.message();
  return table;
}

std::vector<double> column(const CsvTable &table, const ColumnRef &wanted) {
  int64_t index = 0;
  Status status = table.find(wanted, index);
  EXPECT_TRUE(status.ok()) << status.message();
  std::vector<double> values(static_cast<size_t>(table.rows()));
  status = table.numbers(index, TENON_DTYPE_F64, values.data(), 1);
  EXPECT_TRUE(status.ok()) << status.message();
  return values;
}

using Numbers = std::vector<double>;

TEST(Number, ReadsDecimalNumbersExactly) {
  double value = 0;
  const std::pair<const char *, double> good[] = {
      {"0", 0},  {"-1.5", -1.5}, {"+2", 2},    {" 7 ", 7},         {"1e3", 1000},   {".5", 0.5},
      {"5.", 5}, {"1E-2", 0.01}, {"0.1", 0.1}, {"4.8598", 4.8598}, {"1e308", 1e308}};
  for (auto [text, expected] : good) {
    EXPECT_EQ(parseNumber(text, '.', value), NumberError::None) << text;
    EXPECT_EQ(value, expected) << text;
  }
}

TEST(Number, RefusesEverythingElse) {
  double value = 0;
  for (const char *text : {"", " ", "abc", "nan", "inf", "-inf", "1 2", "1,5", "0x10", "1e", "+-1",
                           "--1", "1.2.3", "12a", "e5", "."})
    EXPECT_EQ(parseNumber(text, '.', value), NumberError::NotANumber) << text;
  EXPECT_EQ(parseNumber("1e999", '.', value), NumberError::OutOfRange);
}

TEST(Number, TakesTheDecimalCharacterItIsGiven) {
  double value = 0;
  EXPECT_EQ(parseNumber("3,25", ',', value), NumberError::None);
  EXPECT_EQ(value, 3.25);
  EXPECT_EQ(parseNumber("3.25", ',', value), NumberError::NotANumber);
  EXPECT_EQ(parseNumber("3,2,5", ',', value), NumberError::NotANumber);
}

TEST(Number, ReadsWholeNumbersOf64Bits) {
  int64_t value = 0;
  EXPECT_EQ(parseInteger("9223372036854775807", '.', value), NumberError::None);
  EXPECT_EQ(value, INT64_MAX);
  EXPECT_EQ(parseInteger("-3.0", '.', value), NumberError::None);
  EXPECT_EQ(value, -3);
  EXPECT_EQ(parseInteger("3.5", '.', value), NumberError::NotANumber);
  EXPECT_EQ(parseInteger("9223372036854775808", '.', value), NumberError::OutOfRange);
  EXPECT_EQ(parseInteger("1e30", '.', value), NumberError::OutOfRange);
}

TEST(Csv, FindsSeparatorAndHeader) {
  for (const char *text : {"a,b\n1,2\n3,4\n", "a;b\n1;2\n3;4\n", "a\tb\n1\t2\n3\t4",
                           "a|b\n1|2\n3|4", "a,b\r\n1,2\r\n3,4\r\n", "a,b\r1,2\r3,4",
                           "\xEF\xBB\xBF"
                           "a,b\n1,2\n3,4\n",
                           "\n\na,b\n\n1,2\n3,4\n\n", "\"a\",\"b\"\n\"1\",\"2\"\n3 , 4\n"}) {
    CsvTable table = parsed(text);
    EXPECT_EQ(table.header(), (std::vector<std::string>{"a", "b"})) << text;
    EXPECT_EQ(column(table, {"b", -1}), (Numbers{2, 4})) << text;
    EXPECT_EQ(column(table, {"", 0}), (Numbers{1, 3})) << text;
  }
}

TEST(Csv, AFirstRowWithANumberIsData) {
  CsvTable table = parsed("1,2\n3,4\n");
  EXPECT_TRUE(table.header().empty());
  EXPECT_EQ(table.rows(), 2);
  EXPECT_EQ(column(table, {"", 1}), (Numbers{2, 4}));
}

TEST(Csv, AFirstRowWithAWantedNameIsTheHeader) {
  CsvOptions options;
  options.names = {"2020"};
  EXPECT_EQ(column(parsed("2019,2020\n3,4\n", options), {"2020", -1}), (Numbers{4}));
}

TEST(Csv, HeaderFalseMakesEveryRowData) {
  CsvOptions options;
  options.header = false;
  EXPECT_EQ(parsed("a,b\n1,2\n", options).rows(), 2);
}

TEST(Csv, QuotedCellsMayHoldSeparatorsLinesAndQuotes) {
  CsvTable table = parsed("name,x\n\"a, \"\"b\"\"\nc\",1\nd,2\n");
  EXPECT_EQ(table.cell(0, 0), "a, \"b\"\nc");
  EXPECT_EQ(table.line(0), 3);
  EXPECT_EQ(table.line(1), 4);
}

TEST(Csv, DecimalCommaWithSemicolons) {
  CsvOptions options;
  options.decimal = ',';
  EXPECT_EQ(column(parsed("x;y\n1,5;2\n-0,25;3\n", options), {"x", -1}), (Numbers{1.5, -0.25}));
}

TEST(Csv, ColumnsThatNobodyAsksForMayHoldAnything) {
  EXPECT_EQ(column(parsed("name,x\nJane,1\n,2\n"), {"x", -1}), (Numbers{1, 2}));
}

TEST(Csv, MissingMarksAreNeverNumbers) {
  CsvOptions options;
  options.missing = {"-999"};
  CsvTable table = parsed("x\n1\n-999\n", options);
  double values[2];
  EXPECT_STREQ(table.numbers(0, TENON_DTYPE_F64, values, 1).message(),
               "t.csv:3: column 'x': the value is missing ('-999'), and nothing fills it");
}

/// The message that reading the one cell `text` as `dtype` gives, "" if it is read as `expected`.
std::string readingAs(const std::string &text, tenon_dtype dtype, double expected = 0) {
  double value = -1;
  Status status = parsed("x\n" + text + "\n").numbers(0, dtype, &value, 1);
  if (!status.ok())
    return status.message();
  EXPECT_EQ(value, expected) << text;
  return "";
}

TEST(Csv, CellsAreOfTheTypeThatTheyAreConvertedTo) {
  EXPECT_EQ(readingAs("-2147483648", TENON_DTYPE_I32, INT32_MIN), "");
  EXPECT_EQ(readingAs("3.0", TENON_DTYPE_I32, 3), "");
  EXPECT_EQ(readingAs("2147483648", TENON_DTYPE_I64, 2147483648), "");
  EXPECT_EQ(readingAs("-9007199254740992", TENON_DTYPE_I64, -9007199254740992), "");
  EXPECT_EQ(readingAs("1", TENON_DTYPE_BOOL, 1), "");
  EXPECT_EQ(readingAs("3.4028235e38", TENON_DTYPE_F32, 3.4028235e38), "");
  EXPECT_EQ(readingAs("1e-300", TENON_DTYPE_F32, 1e-300), "");
  EXPECT_EQ(readingAs("1e39", TENON_DTYPE_F64, 1e39), "");

  std::string place = "t.csv:2: column 'x': ";
  EXPECT_EQ(readingAs("1.5", TENON_DTYPE_I32),
            place + "'1.5' is no i32; it takes whole numbers, f32 takes fractions");
  for (const char *text : {"2147483648", "-2147483649", "99999999999", "1e300", "1e999"})
    EXPECT_EQ(readingAs(text, TENON_DTYPE_I32),
              place + "'" + text + "' is beyond what i32 holds; i64 holds more");
  EXPECT_EQ(readingAs("9223372036854775808", TENON_DTYPE_I64),
            place + "'9223372036854775808' is beyond what i64 holds");
  EXPECT_EQ(readingAs("9007199254740993", TENON_DTYPE_I64),
            place + "'9007199254740993' is beyond 2^53, up to where columns are exact");
  for (const char *text : {"2", "-1", "0.5", "1e999"})
    EXPECT_EQ(readingAs(text, TENON_DTYPE_BOOL),
              place + "'" + text + "' is no bool; it takes 0 and 1");
  EXPECT_EQ(readingAs("-1e39", TENON_DTYPE_F32),
            place + "'-1e39' is beyond what f32 holds, 3.4e38");
  EXPECT_EQ(readingAs("five", TENON_DTYPE_I32), place + "'five' is no number");
}

/// The message that reading column `bmi` of a file in tests/badfiles/csv gives.
std::string messageOf(const std::string &file, const CsvOptions &given = {}) {
  CsvOptions options = given;
  options.names = {"bmi"};
  CsvTable table;
  std::string path = std::string(TENON_BADFILES) + "/csv/" + file;
  Status status = CsvTable::read(path, options, table);
  int64_t index = 0;
  if (status.ok())
    status = table.find({"bmi", -1}, index);
  std::vector<double> values(static_cast<size_t>(table.rows()));
  if (status.ok())
    status = table.numbers(index, TENON_DTYPE_F64, values.data(), 1);
  EXPECT_FALSE(status.ok()) << file;
  std::string message = status.message();
  size_t folder = message.find(std::string(TENON_BADFILES) + "/csv/");
  if (folder != std::string::npos)
    message.erase(folder, std::string(TENON_BADFILES).size() + 5);
  return message;
}

TEST(CsvErrors, NameFileLineColumnAndReason) {
  EXPECT_EQ(messageOf("not-a-number.csv"), "not-a-number.csv:3: column 'bmi': 'abc' is no number");
  EXPECT_EQ(messageOf("empty-cell.csv"), "empty-cell.csv:3: column 'bmi': the cell is empty");
  CsvOptions marks;
  marks.missing = {"", "NA"};
  EXPECT_EQ(messageOf("missing.csv", marks),
            "missing.csv:2: column 'bmi': the value is missing ('NA'), and nothing fills it");
  EXPECT_EQ(messageOf("empty-cell.csv", marks),
            "empty-cell.csv:3: column 'bmi': the value is missing, and nothing fills it");
  EXPECT_EQ(messageOf("short-row.csv"),
            "short-row.csv:3: 2 cells, but the header has 3 (separator ',')");
  EXPECT_EQ(messageOf("long-row.csv"),
            "long-row.csv:2: 4 cells, but the header has 3 (separator ',')");
  EXPECT_EQ(messageOf("open-quote.csv"),
            "open-quote.csv:2: a quote opened on this line or later is never closed");
  EXPECT_EQ(
      messageOf("stray-quote.csv"),
      "stray-quote.csv:2: a quote in the middle of a cell; a cell that holds quotes is itself "
      "quoted and its quotes are doubled: \"a \"\"b\"\" c\"");
  EXPECT_EQ(messageOf("nan.csv"), "nan.csv:2: column 'bmi': 'nan' is no number");
  EXPECT_EQ(messageOf("too-large.csv"),
            "too-large.csv:2: column 'bmi': '1e999' is beyond what 64 bits hold");
  EXPECT_EQ(messageOf("decimal-comma.csv"),
            "decimal-comma.csv:2: column 'bmi': '32,1' is no number; if the file writes decimals "
            "with a comma, say so: csv(…, decimal: \",\")");
  EXPECT_EQ(messageOf("twice.csv"),
            "twice.csv: two columns are named 'bmi'; rename one or use its position");
  EXPECT_EQ(messageOf("other-column.csv"),
            "other-column.csv: no column 'bmi'; did you mean 'bmi2'?");
  EXPECT_EQ(messageOf("no-header.csv"),
            "no-header.csv: no column 'bmi'; the file has no header, so columns are known by "
            "position only: column(0)");
  EXPECT_EQ(messageOf("empty.csv"), "empty.csv: the file has no rows");
  EXPECT_EQ(messageOf("utf-16.csv"), "utf-16.csv: this is UTF-16 text; save it as UTF-8");
  EXPECT_EQ(messageOf("zero-byte.csv"), "zero-byte.csv:2: a zero byte; this is not a CSV file");
  EXPECT_EQ(messageOf("absent.csv"), "absent.csv: cannot open: No such file or directory");
}

TEST(CsvErrors, APositionBeyondTheColumns) {
  int64_t index = 0;
  EXPECT_STREQ(parsed("a,b\n1,2\n").find({"", 2}, index).message(),
               "t.csv: no column 2; the file has 2 columns, counted from 0");
}

TEST(CsvErrors, ASeparatorOfTwoCharacters) {
  CsvOptions options;
  options.separator = "::";
  CsvTable table;
  EXPECT_STREQ(CsvTable::parse("t.csv", "a::b\n", options, table).message(),
               "t.csv: the separator '::' is not one character");
}

TEST(CsvErrors, AnyTextGivesATableOrAnError) {
  const std::string text = "name,x\n\"a, \"\"b\"\"\",1.5\nd;2,-3e2\n";
  const std::string characters("\",;\n\r\t|x1.\0\xEF", 12);
  for (uint32_t i = 0; i < 3000; ++i) {
    tenon::rt::PhiloxCounter random = tenon::rt::philox4x32({i, 0, 0, 0}, {1, 2});
    std::string mutated = text.substr(0, 1 + random[0] % text.size());
    for (int edits = 0; edits < 3; ++edits) {
      size_t place = (random[1] >> (10 * edits)) % mutated.size();
      char character = characters[(random[2] >> (8 * edits)) % characters.size()];
      if (random[3] >> edits & 1)
        mutated[place] = character;
      else
        mutated.insert(place, 1, character);
    }
    CsvTable table;
    if (!CsvTable::parse("t.csv", mutated, {}, table).ok())
      continue;
    for (int64_t column = 0; column < table.columns(); ++column) {
      std::vector<double> values(static_cast<size_t>(table.rows()));
      Status ignored = table.numbers(column, TENON_DTYPE_F64, values.data(), 1);
    }
  }
}

TEST(Split, PartsAreDisjointCompleteAndRounded) {
  std::vector<SplitRows> parts = splitRows(442, {{"train", 0.8}, {"test", 0.2}}, 1);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].name, "train");
  EXPECT_EQ(parts[0].rows.size(), 354u); // floor(0.8 * 442 + 0.5)
  EXPECT_EQ(parts[1].rows.size(), 88u);
  std::set<int64_t> all(parts[0].rows.begin(), parts[0].rows.end());
  all.insert(parts[1].rows.begin(), parts[1].rows.end());
  EXPECT_EQ(all.size(), 442u);
  EXPECT_TRUE(std::is_sorted(parts[0].rows.begin(), parts[0].rows.end()));
}

TEST(Split, EdgeSizes) {
  for (int64_t rows : {0, 1, 2, 3, 7}) {
    std::vector<SplitRows> parts =
        splitRows(rows, {{"train", 0.6}, {"val", 0.2}, {"test", 0.2}}, 5);
    size_t sum = parts[0].rows.size() + parts[1].rows.size() + parts[2].rows.size();
    EXPECT_EQ(sum, static_cast<size_t>(rows));
  }
  EXPECT_EQ(splitRows(3, {}, 1)[0].rows, (std::vector<int64_t>{0, 1, 2}));
  EXPECT_EQ(splitRows(3, {}, 1)[0].name, "train");
}

TEST(Split, DependsOnTheSeedOnly) {
  const std::vector<SplitFraction> halves = {{"train", 0.5}, {"test", 0.5}};
  EXPECT_EQ(splitRows(100, halves, 1)[0].rows, splitRows(100, halves, 1)[0].rows);
  EXPECT_NE(splitRows(100, halves, 1)[0].rows, splitRows(100, halves, 2)[0].rows);
}

TEST(Shuffle, IsAFunctionOfSeedEpochAndRow) {
  std::vector<int64_t> rows(50);
  std::iota(rows.begin(), rows.end(), int64_t(100));
  std::vector<int64_t> first = epochOrder(rows, 1, 0);
  EXPECT_EQ(first, epochOrder(rows, 1, 0));
  EXPECT_NE(first, epochOrder(rows, 1, 1));
  EXPECT_NE(first, epochOrder(rows, 2, 0));
  std::vector<int64_t> positions(50);
  std::iota(positions.begin(), positions.end(), int64_t(0));
  EXPECT_TRUE(std::is_permutation(first.begin(), first.end(), positions.begin()));

  // A row keeps its place among those that stay when others leave.
  std::vector<int64_t> half(rows.begin(), rows.begin() + 25);
  std::vector<int64_t> kept;
  for (int64_t position : first)
    if (position < 25)
      kept.push_back(position);
  EXPECT_EQ(epochOrder(half, 1, 0), kept);
}

TEST(Batches, TheLastOneIsSmallerOrDropped) {
  EXPECT_EQ(batchCount(354, 32, false), 12);
  EXPECT_EQ(batchCount(354, 32, true), 11);
  EXPECT_EQ(batchCount(64, 32, false), 2);
  EXPECT_EQ(batchCount(0, 32, false), 0);
  EXPECT_EQ(batchCount(5, 32, true), 0);
}

TEST(AlignedBytes, AreAlignedAndZero) {
  AlignedBytes bytes;
  ASSERT_TRUE(bytes.resize(100));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(bytes.data()) % AlignedBytes::Alignment, 0u);
  EXPECT_EQ(std::accumulate(bytes.data(), bytes.data() + 100, 0), 0);
  EXPECT_FALSE(bytes.resize(SIZE_MAX));
}

} // namespace
