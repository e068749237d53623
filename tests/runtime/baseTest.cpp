// Statuses, checked arithmetic, SHA-256, files.
#include "runtime/base/Checked.h"
#include "runtime/base/File.h"
#include "runtime/base/Memory.h"
#include "runtime/base/Sha256.h"
#include "runtime/base/Status.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

using namespace tenon::rt;
namespace fs = std::filesystem;

namespace {

fs::path freshFolder() {
  fs::path folder =
      fs::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder;
}

std::string contents(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Status, CarriesCodeMessageAndLine) {
  Status status = Status::errorAt(7, TENON_STATUS_LIMIT, "%d of %s", 3, "batch");
  EXPECT_EQ(status.code(), TENON_STATUS_LIMIT);
  EXPECT_STREQ(status.message(), "3 of batch");
  EXPECT_EQ(status.line(), 7u);
  Status prefixed = std::move(status).withPrefix("run");
  EXPECT_STREQ(prefixed.message(), "run: 3 of batch");
  EXPECT_TRUE(Status().ok());
  EXPECT_STREQ(Status().message(), "ok");
}

TEST(Status, NothingIsThrownAcrossTheBorder) {
  tenon_status_t memory = atBorder([]() -> Status { throw std::bad_alloc(); });
  EXPECT_EQ(tenon_status_get_code(memory), TENON_STATUS_OUT_OF_MEMORY);
  tenon_status_free(memory);
  tenon_status_free(memory); // shared: may be freed any number of times
  tenon_status_t other = atBorder([]() -> Status { throw std::runtime_error("x"); });
  EXPECT_EQ(tenon_status_get_code(other), TENON_STATUS_INTERNAL);
  tenon_status_free(other);
}

TEST(Checked, SaysWhenItOverflows) {
  uint64_t out;
  EXPECT_FALSE(checkedMul<uint64_t>(uint64_t{1} << 32, uint64_t{1} << 32, &out));
  EXPECT_FALSE(checkedAlign64(UINT64_MAX - 10, &out));
  EXPECT_TRUE(checkedAlign64(65, &out));
  EXPECT_EQ(out, 128u);
  EXPECT_TRUE(isInside(5, 5, 10));
  EXPECT_FALSE(isInside(5, 6, 10));
  EXPECT_FALSE(isInside(11, 0, 10));
  EXPECT_FALSE(isInside(1, UINT64_MAX, 10));
}

TEST(Sha256, KnownAnswers) {
  EXPECT_EQ(toHex(Sha256::of("", 0)),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(toHex(Sha256::of("abc", 3)),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::string million(1000000, 'a');
  Sha256 hash;
  for (size_t done = 0; done < million.size(); done += 997)
    hash.update(million.data() + done, std::min<size_t>(997, million.size() - done));
  EXPECT_EQ(toHex(hash.finish()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(File, MapsRegularFilesOnly) {
  fs::path folder = freshFolder();
  std::ofstream(folder / "full") << "hello";
  std::ofstream(folder / "empty");
  MappedFile file;
  ASSERT_TRUE(MappedFile::open(folder / "full", &file).ok());
  EXPECT_EQ(std::string(file.data(), file.data() + file.size()), "hello");
  ASSERT_TRUE(MappedFile::open(folder / "empty", &file).ok());
  EXPECT_EQ(file.size(), 0u);
  EXPECT_EQ(MappedFile::open(folder / "none", &file).code(), TENON_STATUS_IO);
  EXPECT_EQ(std::string(MappedFile::open(folder, &file).message()),
            folder.string() + ": not a regular file");
}

TEST(File, AppearsWholeOrNotAtAll) {
  fs::path folder = freshFolder();
  std::ofstream(folder / "weights") << "old";
  {
    AtomicFile abandoned;
    ASSERT_TRUE(abandoned.create(folder / "weights").ok());
    ASSERT_TRUE(abandoned.write("half", 4).ok());
  }
  EXPECT_EQ(contents(folder / "weights"), "old");
  AtomicFile file;
  ASSERT_TRUE(file.create(folder / "weights").ok());
  ASSERT_TRUE(file.write("new ", 4).ok());
  ASSERT_TRUE(file.write("bytes", 5).ok());
  ASSERT_TRUE(file.commit().ok());
  EXPECT_EQ(contents(folder / "weights"), "new bytes");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), {}), 1) << "a temporary file remains";
  AtomicFile lost;
  EXPECT_EQ(lost.create(folder / "no" / "weights").code(), TENON_STATUS_IO);
}

TEST(Memory, IsAlignedAndComesFromTheHost) {
  static int live;
  live = 0;
  Allocator host;
  host.allocate = [](void *, size_t bytes, size_t alignment) {
    ++live;
    return std::aligned_alloc(alignment, bytes);
  };
  host.deallocate = [](void *, void *memory, size_t) {
    --live;
    std::free(memory);
  };
  {
    AlignedMemory memory;
    ASSERT_TRUE(AlignedMemory::allocate(host, 100, "test", &memory).ok());
    EXPECT_TRUE(isAligned64(memory.data()));
    EXPECT_EQ(memory.size(), 128u);
    EXPECT_EQ(live, 1);
  }
  EXPECT_EQ(live, 0);
  AlignedMemory memory;
  EXPECT_EQ(AlignedMemory::allocate({}, UINT64_MAX, "test", &memory).code(),
            TENON_STATUS_OUT_OF_MEMORY);
  host.allocate = [](void *, size_t, size_t) -> void * { return nullptr; };
  EXPECT_STREQ(AlignedMemory::allocate(host, 1, "weights", &memory).message(),
               "weights: no memory for 64 bytes");
}

} // namespace
