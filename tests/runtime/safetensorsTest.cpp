// The safetensors reader and writer: one bad file for each way to break each rule.
#include "runtime/safetensors/Safetensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

using namespace tenon::rt;
namespace fs = std::filesystem;

namespace {

std::string file(const std::string &header, size_t dataSize) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i)
    bytes[i] = static_cast<char>(uint64_t{header.size()} >> (8 * i));
  return bytes + header + std::string(dataSize, '\x01');
}

Status parse(const std::string &bytes, Safetensors *out) {
  return Safetensors::parse(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), out);
}

struct BadFile {
  const char *name;
  std::string bytes;
  tenon_status_code code;
  std::string message;
};

/// A header with one tensor of 8 bytes; `text` is its description.
std::string tensor(const std::string &text) { return file("{\"w\":{" + text + "}}", 8); }

std::vector<BadFile> badFiles() {
  const std::string good = R"("dtype":"F32","shape":[2],"data_offsets":[0,8])";
  std::string longName(513, 'n');
  std::string tooLong = file("{}", 0);
  tooLong[4] = 1;
  return {
      {"rule1", "abc", TENON_STATUS_SAFETENSORS_TOO_SHORT,
       "3 bytes are too few for a safetensors file"},
      {"rule2small", std::string(8, '\0') + "{}", TENON_STATUS_SAFETENSORS_HEADER_LENGTH,
       "a header of 0 bytes; allowed are 2 to 100000000: this is no safetensors file"},
      {"rule2large", tooLong, TENON_STATUS_SAFETENSORS_HEADER_LENGTH,
       "a header of 4294967298 bytes; allowed are 2 to 100000000: this is no safetensors file"},
      {"rule3", file("{\"w\":{}}", 0).substr(0, 12), TENON_STATUS_SAFETENSORS_TRUNCATED_HEADER,
       "the header has 8 bytes, but the file ends after 4: it is cut off"},
      {"rule4brace", file(" {}", 0), TENON_STATUS_SAFETENSORS_NOT_A_HEADER,
       "the header does not begin with '{': this is no safetensors file"},
      {"rule4utf8", file("{\"\xC0\x80\":1}", 0), TENON_STATUS_SAFETENSORS_NOT_A_HEADER,
       "the header is not valid UTF-8"},
      {"rule5syntax", file("{\"w\":}", 0), TENON_STATUS_SAFETENSORS_JSON,
       "the header is not valid JSON at its byte 6"},
      {"rule5depth", file("{\"w\":[[[[1]]]]}", 0), TENON_STATUS_SAFETENSORS_JSON,
       "the header is nested deeper than 4 levels"},
      {"rule5newline", file("{}\n", 0), TENON_STATUS_SAFETENSORS_JSON,
       "the header does not end with '}' and spaces"},
      {"rule5second", file("{}{}", 0), TENON_STATUS_SAFETENSORS_JSON,
       "the header is not valid JSON at its byte 3"},
      {"rule6root", file("{\"w\":{" + good + "},\"w\":{" + good + "}}", 8),
       TENON_STATUS_SAFETENSORS_DUPLICATE_KEY, "'w' occurs twice"},
      {"rule6tensor", tensor(good + ",\"shape\":[2]"), TENON_STATUS_SAFETENSORS_DUPLICATE_KEY,
       "'shape' occurs twice in tensor 'w'"},
      {"rule6metadata", file(R"({"__metadata__":{"a":"1","a":"2"}})", 0),
       TENON_STATUS_SAFETENSORS_DUPLICATE_KEY, "'a' occurs twice in '__metadata__'"},
      {"rule7value", file(R"({"__metadata__":{"a":1}})", 0), TENON_STATUS_SAFETENSORS_METADATA,
       "metadata 'a' is a number, not a string"},
      {"rule7kind", file(R"({"__metadata__":"a"})", 0), TENON_STATUS_SAFETENSORS_METADATA,
       "'__metadata__' is a string, not an object"},
      {"rule8missing", tensor(R"("dtype":"F32","data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_ENTRY, "tensor 'w' has no shape"},
      {"rule8more", tensor(good + ",\"layout\":1"), TENON_STATUS_SAFETENSORS_ENTRY,
       "tensor 'w' has an unknown key 'layout' (known are dtype, shape, data_offsets)"},
      {"rule8kind", file("{\"w\":[1]}", 0), TENON_STATUS_SAFETENSORS_ENTRY,
       "tensor 'w' is a list, not an object"},
      {"rule9", tensor(R"("dtype":"F128","shape":[2],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_DTYPE, "tensor 'w' has the unknown dtype 'F128'"},
      {"rule9kind", tensor(R"("dtype":4,"shape":[2],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_DTYPE, "tensor 'w': dtype is a number, not a string"},
      {"rule10sign", tensor(R"("dtype":"F32","shape":[-2],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_SHAPE,
       "tensor 'w': shape is not a list of at most 8 unsigned 63-bit integers"},
      {"rule10rank", tensor(R"("dtype":"F32","shape":[1,1,1,1,1,1,1,1,2],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_SHAPE,
       "tensor 'w': shape is not a list of at most 8 unsigned 63-bit integers"},
      {"rule10product",
       tensor(R"("dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_SHAPE, "tensor 'w': the product of its shape overflows"},
      {"rule11three", tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8,8])"),
       TENON_STATUS_SAFETENSORS_OFFSETS,
       "tensor 'w': data_offsets is not a list of two unsigned integers"},
      {"rule11float", tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8.0])"),
       TENON_STATUS_SAFETENSORS_OFFSETS,
       "tensor 'w': data_offsets is not a list of two unsigned integers"},
      {"rule11order", tensor(R"("dtype":"F32","shape":[2],"data_offsets":[8,0])"),
       TENON_STATUS_SAFETENSORS_OFFSETS,
       "tensor 'w': data_offsets [8, 0] do not lie in the 8 bytes of data"},
      {"rule11end", tensor(R"("dtype":"F32","shape":[2],"data_offsets":[1,9])"),
       TENON_STATUS_SAFETENSORS_OFFSETS,
       "tensor 'w': data_offsets [1, 9] do not lie in the 8 bytes of data"},
      {"rule12", tensor(R"("dtype":"F32","shape":[3],"data_offsets":[0,8])"),
       TENON_STATUS_SAFETENSORS_LENGTH,
       "tensor 'w': its shape and dtype need another number of bytes than the 8 of its "
       "data_offsets"},
      {"rule12overflow",
       tensor(R"("dtype":"F64","shape":[4611686018427387904],"data_offsets":[0,0])"),
       TENON_STATUS_SAFETENSORS_LENGTH,
       "tensor 'w': its shape and dtype need another number of bytes than the 0 of its "
       "data_offsets"},
      {"rule13gap", tensor(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"),
       TENON_STATUS_SAFETENSORS_LAYOUT,
       "tensor 'w' begins at byte 4 of the data, but the one before it ends at 0"},
      {"rule13overlap",
       file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
            R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
            8),
       TENON_STATUS_SAFETENSORS_LAYOUT,
       "tensor 'b' begins at byte 4 of the data, but the one before it ends at 8"},
      {"rule13tail", tensor(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"),
       TENON_STATUS_SAFETENSORS_LAYOUT, "the tensors end at byte 4 of 8 bytes of data"},
      {"rule13empty",
       file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
            R"("b":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}})",
            8),
       TENON_STATUS_SAFETENSORS_LAYOUT,
       "tensor 'b' begins at byte 4 of the data, but the one before it ends at 8"},
      {"rule14long", file("{\"" + longName + "\":{" + good + "}}", 8),
       TENON_STATUS_SAFETENSORS_NAME,
       "a tensor name has 513 bytes or contains NUL; allowed are 1 to 512 bytes without NUL"},
      {"rule14empty", file("{\"\":{" + good + "}}", 8), TENON_STATUS_SAFETENSORS_NAME,
       "a tensor name has 0 bytes or contains NUL; allowed are 1 to 512 bytes without NUL"},
      {"rule14nul", file("{\"a\\u0000b\":{" + good + "}}", 8), TENON_STATUS_SAFETENSORS_NAME,
       "a tensor name has 3 bytes or contains NUL; allowed are 1 to 512 bytes without NUL"},
  };
}

class BadSafetensors : public testing::TestWithParam<BadFile> {};

TEST_P(BadSafetensors, IsRefusedWithItsCodeAndMessage) {
  Safetensors parsed;
  Status status = parse(GetParam().bytes, &parsed);
  EXPECT_EQ(status.code(), GetParam().code);
  EXPECT_EQ(status.message(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(Rules, BadSafetensors, testing::ValuesIn(badFiles()),
                         [](const auto &info) { return std::string(info.param.name); });

TEST(Safetensors, ReadsWhatTheRulesAllow) {
  Safetensors parsed;
  ASSERT_TRUE(parse(file(R"({"__metadata__":{"format":"pt"},)"
                         R"("b":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]},)"
                         R"("empty":{"dtype":"F32","shape":[0,3],"data_offsets":[8,8]},)"
                         R"("a":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}    )",
                         12),
                    &parsed)
                  .ok());
  ASSERT_EQ(parsed.tensors().size(), 3u);
  EXPECT_EQ(parsed.tensors()[0].name, "a");
  EXPECT_EQ(parsed.tensors()[1].name, "empty");
  EXPECT_EQ(parsed.find("b")->dtype, TENON_DTYPE_BF16);
  EXPECT_EQ(parsed.find("b")->dims, (std::vector<int64_t>{2, 1}));
  EXPECT_EQ(parsed.find("c"), nullptr);
  EXPECT_EQ(parsed.metadata().at("format"), "pt");
}

TEST(Safetensors, NoPrefixOfAFileIsAFile) {
  std::string whole = tensor(R"("dtype":"F32","shape":[2],"data_offsets":[0,8])");
  Safetensors parsed;
  ASSERT_TRUE(parse(whole, &parsed).ok());
  for (size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse(whole.substr(0, size), &parsed).ok()) << size;
}

std::string contents(const fs::path &path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Safetensors, WritesTheSameBytesInAnyOrderAndReadsThemBack) {
  std::string folder = testing::TempDir();
  float f[2] = {1, NAN};
  int64_t i[1] = {-3};
  FileTensor a{"a\"\n\xC3\xA9", TENON_DTYPE_F32, {2}, reinterpret_cast<uint8_t *>(f), 8};
  FileTensor b{"b", TENON_DTYPE_F32, {0}, nullptr, 0};
  FileTensor c{"c", TENON_DTYPE_I64, {1}, reinterpret_cast<uint8_t *>(i), 8};
  FileMetadata metadata{{"key", "va\\lue"}};
  std::string one = folder + "one.safetensors", two = folder + "two.safetensors";
  ASSERT_TRUE(writeSafetensors(one, {a, b, c}, metadata).ok());
  ASSERT_TRUE(writeSafetensors(two, {c, b, a}, metadata).ok());
  EXPECT_EQ(contents(one), contents(two));
  EXPECT_EQ((contents(one).size() - 16) % 64, 0u) << "the data must start at a multiple of 64";

  Safetensors read;
  Status opened = Safetensors::open(one, &read);
  ASSERT_TRUE(opened.ok()) << opened.message();
  ASSERT_EQ(read.tensors().size(), 3u);
  EXPECT_EQ(read.tensors()[0].name, "c") << "larger types come first";
  EXPECT_EQ(std::memcmp(read.find(a.name)->data, f, 8), 0);
  EXPECT_EQ(read.metadata(), metadata);
}

TEST(Safetensors, TheWriterRefusesWhatTheReaderWould) {
  std::string path = testing::TempDir() + "refused.safetensors";
  float f[1] = {1};
  FileTensor good{"a", TENON_DTYPE_F32, {1}, reinterpret_cast<uint8_t *>(f), 4};
  FileTensor bad = good;
  EXPECT_STREQ(writeSafetensors(path, {good, good}, {}).message(), "tensor 'a' is given twice");
  bad.name = "";
  EXPECT_EQ(writeSafetensors(path, {bad}, {}).code(), TENON_STATUS_INVALID_ARGUMENT);
  bad = good;
  bad.dims = {2};
  EXPECT_EQ(writeSafetensors(path, {bad}, {}).code(), TENON_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(writeSafetensors(path, {good}, {{"k", "\xff"}}).code(), TENON_STATUS_INVALID_ARGUMENT);
  EXPECT_FALSE(fs::exists(path));
}

TEST(Safetensors, MessagesOfFilesNameTheFile) {
  std::string path = testing::TempDir() + "short.safetensors";
  std::ofstream(path) << "abc";
  Safetensors read;
  EXPECT_EQ(Safetensors::open(path, &read).message(),
            path + ": 3 bytes are too few for a safetensors file");
}

} // namespace
