#include "runtime/base/Checked.h"
#include "runtime/safetensors/Header.h"

#include <algorithm>
#include <cinttypes>

namespace tenon::rt {
namespace {

constexpr uint64_t largestHeader = 100000000;

uint64_t readLittleEndian(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 7; i >= 0; --i)
    value = value << 8 | bytes[i];
  return value;
}

/// Rule 13: sorted by offset the tensors follow each other without gap or overlap and end where the
/// data ends. An empty tensor sits at a border, because the next one begins where it ends.
Status checkLayout(std::vector<HeaderEntry> *entries, uint64_t dataSize) {
  std::stable_sort(entries->begin(), entries->end(), [](const auto &a, const auto &b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  uint64_t expected = 0;
  for (const HeaderEntry &entry : *entries) {
    if (entry.begin != expected)
      return Status::error(TENON_STATUS_SAFETENSORS_LAYOUT,
                           "tensor '%s' begins at byte %" PRIu64 " of the data, but the one before "
                           "it ends at %" PRIu64,
                           entry.tensor.name.c_str(), entry.begin, expected);
    expected = entry.end;
  }
  if (expected != dataSize)
    return Status::error(TENON_STATUS_SAFETENSORS_LAYOUT,
                         "the tensors end at byte %" PRIu64 " of %" PRIu64 " bytes of data",
                         expected, dataSize);
  return {};
}

} // namespace

Status Safetensors::parse(const uint8_t *data, uint64_t size, Safetensors *out) {
  if (size < 8)
    return Status::error(TENON_STATUS_SAFETENSORS_TOO_SHORT,
                         "%" PRIu64 " bytes are too few for a safetensors file", size);
  uint64_t headerSize = readLittleEndian(data);
  if (headerSize < 2 || headerSize > largestHeader)
    return Status::error(TENON_STATUS_SAFETENSORS_HEADER_LENGTH,
                         "a header of %" PRIu64 " bytes; allowed are 2 to %" PRIu64
                         ": this is no safetensors file",
                         headerSize, largestHeader);
  if (!isInside(8, headerSize, size))
    return Status::error(TENON_STATUS_SAFETENSORS_TRUNCATED_HEADER,
                         "the header has %" PRIu64 " bytes, but the file ends after %" PRIu64
                         ": it is cut off",
                         headerSize, size - 8);
  const uint8_t *dataStart = data + 8 + headerSize;
  uint64_t dataSize = size - 8 - headerSize;
  Header header;
  TENON_TRY(parseHeader(reinterpret_cast<const char *>(data + 8), headerSize, dataSize, &header));
  TENON_TRY(checkLayout(&header.entries, dataSize));

  Safetensors made;
  made.values = std::move(header.metadata);
  for (HeaderEntry &entry : header.entries) {
    entry.tensor.data = dataStart + entry.begin;
    made.byName[entry.tensor.name] = made.entries.size();
    made.entries.push_back(std::move(entry.tensor));
  }
  *out = std::move(made);
  return {};
}

Status Safetensors::open(const std::string &path, Safetensors *out) {
  MappedFile file;
  TENON_TRY(MappedFile::open(path, &file));
  Safetensors made;
  if (Status parsed = parse(file.data(), file.size(), &made); !parsed.ok())
    return std::move(parsed).withPrefix(path);
  made.file = std::move(file);
  *out = std::move(made);
  return {};
}

const FileTensor *Safetensors::find(const std::string &name) const {
  auto found = byName.find(name);
  return found == byName.end() ? nullptr : &entries[found->second];
}

} // namespace tenon::rt
