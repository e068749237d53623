#include "runtime/safetensors/Header.h"

#include "runtime/base/Checked.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cinttypes>
#include <set>

namespace tenon::rt {
namespace {

constexpr size_t largestRank = 8;
constexpr size_t mostTensors = 1000000;
constexpr int deepestNesting = 4;

/// Builds a Header from the events of the JSON parser, which is iterative.
class HeaderHandler : public nlohmann::json_sax<nlohmann::json> {
public:
  HeaderHandler(uint64_t dataSize, Header *header) : dataSize(dataSize), header(header) {}

  Status takeFailure() { return std::move(failure); }

  // ---- What a header is made of ----

  bool start_object(std::size_t) override {
    switch (place) {
    case Place::Outside:
      place = Place::Root;
      return open();
    case Place::RootValue:
      if (rootKey == "__metadata__") {
        place = Place::Metadata;
        return open();
      }
      place = Place::Tensor;
      current = HeaderEntry();
      current.tensor.name = rootKey;
      offsets.clear();
      return open();
    default:
      return misplaced("an object");
    }
  }

  bool end_object() override {
    if (place == Place::Tensor && !finishTensor())
      return false;
    place = place == Place::Root ? Place::Outside : Place::Root;
    close();
    return true;
  }

  bool start_array(std::size_t) override {
    if (inArray || (place != Place::Shape && place != Place::Offsets))
      return misplaced("a list");
    inArray = true;
    return open();
  }

  bool end_array() override {
    inArray = false;
    place = Place::Tensor;
    close();
    return true;
  }

  bool key(string_t &name) override {
    if (!keys.back().insert(name).second)
      return fail(TENON_STATUS_SAFETENSORS_DUPLICATE_KEY, "'%s' occurs twice%s", name.c_str(),
                  place == Place::Root ? "" : inside().c_str());
    if (place == Place::Root)
      return startRootValue(name);
    if (place == Place::Metadata) {
      metadataKey = name;
      return true;
    }
    if (name == "dtype")
      place = Place::DType;
    else if (name == "shape")
      place = Place::Shape;
    else if (name == "data_offsets")
      place = Place::Offsets;
    else
      return fail(TENON_STATUS_SAFETENSORS_ENTRY,
                  "tensor '%s' has an unknown key '%s' (known are dtype, shape, data_offsets)",
                  rootKey.c_str(), name.c_str());
    return true;
  }

  bool string(string_t &text) override {
    if (place == Place::Metadata) {
      header->metadata[metadataKey] = text;
      return true;
    }
    if (place != Place::DType)
      return misplaced("a string");
    place = Place::Tensor;
    if (!fileDTypeFromName(text, &current.tensor.dtype))
      return fail(TENON_STATUS_SAFETENSORS_DTYPE, "tensor '%s' has the unknown dtype '%s'",
                  rootKey.c_str(), text.c_str());
    return true;
  }

  bool number_unsigned(number_unsigned_t number) override {
    if (place == Place::Shape && inArray) {
      if (current.tensor.dims.size() == largestRank || number > INT64_MAX)
        return misplaced("");
      current.tensor.dims.push_back(static_cast<int64_t>(number));
      return true;
    }
    if (place == Place::Offsets && inArray) {
      if (offsets.size() == 2)
        return misplaced("");
      offsets.push_back(number);
      return true;
    }
    return misplaced("a number");
  }

  bool null() override { return misplaced("null"); }
  bool boolean(bool) override { return misplaced("a truth value"); }
  bool number_integer(number_integer_t) override { return misplaced("a negative number"); }
  bool number_float(number_float_t, const string_t &) override {
    return misplaced("a number that is no 64-bit integer");
  }
  bool binary(binary_t &) override { return misplaced("binary data"); }

  bool parse_error(std::size_t position, const std::string &,
                   const nlohmann::detail::exception &) override {
    return fail(TENON_STATUS_SAFETENSORS_JSON, "the header is not valid JSON at its byte %zu",
                position);
  }

private:
  enum class Place { Outside, Root, RootValue, Metadata, Tensor, DType, Shape, Offsets };

  template <typename... Arguments>
  bool fail(tenon_status_code code, const char *format, Arguments... arguments) {
    if (failure.ok())
      failure = Status::error(code, format, arguments...);
    return false;
  }

  bool open() {
    keys.emplace_back();
    return true;
  }
  void close() { keys.pop_back(); }

  std::string inside() const {
    return place == Place::Metadata ? " in '__metadata__'" : " in tensor '" + rootKey + "'";
  }

  bool startRootValue(const std::string &name) {
    place = Place::RootValue;
    rootKey = name;
    if (name != "__metadata__" && !isValidTensorName(name))
      return fail(TENON_STATUS_SAFETENSORS_NAME,
                  "a tensor name has %zu bytes or contains NUL; allowed are 1 to 512 bytes without "
                  "NUL",
                  name.size());
    if (header->entries.size() == mostTensors)
      return fail(TENON_STATUS_SAFETENSORS_LAYOUT, "more than %zu tensors", mostTensors);
    return true;
  }

  /// A value of a kind that this place does not take. `what` is "" if only its number is wrong.
  bool misplaced(const char *what) {
    if (!failure.ok())
      return false;
    switch (place) {
    case Place::Outside:
    case Place::Root:
      return fail(TENON_STATUS_SAFETENSORS_NOT_A_HEADER, "the header is %s, not an object", what);
    case Place::RootValue:
      if (rootKey == "__metadata__")
        return fail(TENON_STATUS_SAFETENSORS_METADATA, "'__metadata__' is %s, not an object", what);
      return fail(TENON_STATUS_SAFETENSORS_ENTRY, "tensor '%s' is %s, not an object",
                  rootKey.c_str(), what);
    case Place::Metadata:
      return fail(TENON_STATUS_SAFETENSORS_METADATA, "metadata '%s' is %s, not a string",
                  metadataKey.c_str(), what);
    case Place::DType:
      return fail(TENON_STATUS_SAFETENSORS_DTYPE, "tensor '%s': dtype is %s, not a string",
                  rootKey.c_str(), what);
    case Place::Shape:
      return fail(TENON_STATUS_SAFETENSORS_SHAPE,
                  "tensor '%s': shape is not a list of at most %zu unsigned 63-bit integers",
                  rootKey.c_str(), largestRank);
    default:
      return fail(TENON_STATUS_SAFETENSORS_OFFSETS,
                  "tensor '%s': data_offsets is not a list of two unsigned integers",
                  rootKey.c_str());
    }
  }

  bool finishTensor() {
    const char *missing = nullptr;
    for (const char *name : {"dtype", "shape", "data_offsets"})
      if (!keys.back().count(name))
        missing = missing ? missing : name;
    if (missing)
      return fail(TENON_STATUS_SAFETENSORS_ENTRY, "tensor '%s' has no %s", rootKey.c_str(),
                  missing);
    uint64_t elements = 1;
    for (int64_t extent : current.tensor.dims)
      if (!checkedMul(elements, static_cast<uint64_t>(extent), &elements))
        return fail(TENON_STATUS_SAFETENSORS_SHAPE,
                    "tensor '%s': the product of its shape overflows", rootKey.c_str());
    place = Place::Offsets;
    if (offsets.size() != 2)
      return misplaced("");
    current.begin = offsets[0];
    current.end = offsets[1];
    if (current.begin > current.end || current.end > dataSize)
      return fail(TENON_STATUS_SAFETENSORS_OFFSETS,
                  "tensor '%s': data_offsets [%" PRIu64 ", %" PRIu64 "] do not lie in the %" PRIu64
                  " bytes of data",
                  rootKey.c_str(), current.begin, current.end, dataSize);
    if (!checkedMul<uint64_t>(elements, tenon_dtype_size(current.tensor.dtype),
                              &current.tensor.bytes) ||
        current.tensor.bytes != current.end - current.begin)
      return fail(TENON_STATUS_SAFETENSORS_LENGTH,
                  "tensor '%s': its shape and dtype need another number of bytes than the %" PRIu64
                  " of its data_offsets",
                  rootKey.c_str(), current.end - current.begin);
    place = Place::Tensor;
    header->entries.push_back(std::move(current));
    return true;
  }

  const uint64_t dataSize;
  Header *header;
  Status failure;
  Place place = Place::Outside;
  bool inArray = false;
  std::vector<std::set<std::string>> keys; // seen so far, per open level
  std::string rootKey, metadataKey;
  HeaderEntry current;
  std::vector<uint64_t> offsets;
};

/// How deep objects and lists are nested, strings left aside.
int nesting(const char *text, uint64_t size) {
  int depth = 0, deepest = 0;
  bool quoted = false;
  for (uint64_t i = 0; i < size; ++i) {
    char character = text[i];
    if (quoted && character == '\\')
      ++i; // whatever follows is part of the string
    else if (character == '"')
      quoted = !quoted;
    else if (!quoted && (character == '{' || character == '['))
      deepest = std::max(deepest, ++depth);
    else if (!quoted && (character == '}' || character == ']'))
      --depth;
  }
  return deepest;
}

} // namespace

bool isValidTensorName(const std::string &name) {
  return !name.empty() && name.size() <= 512 && name.find('\0') == std::string::npos;
}

bool isValidUtf8(const char *text, uint64_t size) {
  const unsigned char *bytes = reinterpret_cast<const unsigned char *>(text);
  for (uint64_t i = 0; i < size;) {
    unsigned char lead = bytes[i++];
    if (lead < 0x80)
      continue;
    int more = lead >= 0xC2 && lead <= 0xDF ? 1 : (lead & 0xF0) == 0xE0 ? 2 : 3;
    if (lead < 0xC2 || lead > 0xF4 || size - i < static_cast<uint64_t>(more))
      return false;
    // The second byte excludes overlong forms, surrogates and what is above U+10FFFF.
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    for (int k = 0; k < more; ++k, low = 0x80, high = 0xBF)
      if (unsigned char byte = bytes[i++]; byte < low || byte > high)
        return false;
  }
  return true;
}

Status parseHeader(const char *text, uint64_t size, uint64_t dataSize, Header *out) {
  if (text[0] != '{')
    return Status::error(TENON_STATUS_SAFETENSORS_NOT_A_HEADER,
                         "the header does not begin with '{': this is no safetensors file");
  if (!isValidUtf8(text, size))
    return Status::error(TENON_STATUS_SAFETENSORS_NOT_A_HEADER, "the header is not valid UTF-8");
  uint64_t end = size;
  while (end > 0 && text[end - 1] == ' ')
    --end;
  if (end == 0 || text[end - 1] != '}')
    return Status::error(TENON_STATUS_SAFETENSORS_JSON,
                         "the header does not end with '}' and spaces");
  if (nesting(text, end) > deepestNesting)
    return Status::error(TENON_STATUS_SAFETENSORS_JSON,
                         "the header is nested deeper than %d levels", deepestNesting);
  HeaderHandler handler(dataSize, out);
  bool parsed = nlohmann::json::sax_parse(text, text + end, &handler);
  Status failure = handler.takeFailure();
  if (!parsed && failure.ok())
    return Status::error(TENON_STATUS_SAFETENSORS_JSON, "the header is not valid JSON");
  return failure;
}

} // namespace tenon::rt
