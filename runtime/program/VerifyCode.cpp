// The code image of a variant: segments, kernels, unwind tables.
#include "runtime/base/Checked.h"
#include "runtime/program/Verify.h"

namespace tenon::rt {
namespace {

constexpr uint64_t segmentAlignment = 65536; // the largest page of any supported system
constexpr uint64_t largestImage = uint64_t{1} << 30;
constexpr uint32_t mostSegments = 8;

Status verifySegments(const schema::CodeImage &code, const std::string &where) {
  if (code.memory_size() == 0 || code.memory_size() > largestImage)
    return corrupt(at(where, "memory_size"), "the image has no size or more than 1 GiB");
  if (countOf(code.segments()) == 0 || code.segments()->size() > mostSegments)
    return corrupt(at(where, "segments"), "%u segments; 1 to %u are possible",
                   countOf(code.segments()), mostSegments);
  uint64_t free = 0; // the first address that the next segment may have
  for (uint32_t i = 0; i < code.segments()->size(); ++i) {
    const schema::Segment &segment = *code.segments()->Get(i);
    std::string place = at(where, "segments", i);
    if (segment.address() % segmentAlignment != 0 || segment.address() < free ||
        !isInside(segment.address(), segment.size(), code.memory_size()))
      return corrupt(at(place, "address"),
                     "the segment is unaligned, overlaps another or leaves the image");
    if (!isInside(segment.offset(), segment.size(), countOf(code.bytes())))
      return corrupt(at(place, "offset"), "the segment leaves the %u bytes of code",
                     countOf(code.bytes()));
    free = (segment.address() + segment.size() + segmentAlignment - 1) / segmentAlignment *
           segmentAlignment;
  }
  return {};
}

/// A kernel lies in one executable segment.
Status verifyKernelPlace(const schema::Kernel &kernel, const schema::CodeImage &code,
                         const std::string &where) {
  for (const schema::Segment *segment : *code.segments())
    if (segment->executable() && kernel.size() != 0 && kernel.offset() >= segment->address() &&
        isInside(kernel.offset() - segment->address(), kernel.size(), segment->size()))
      return {};
  return corrupt(at(where, "offset"), "'%s' does not lie in executable code",
                 kernel.name()->c_str());
}

} // namespace

Status verifyCode(const schema::Variant &variant, const std::string &where) {
  if (!variant.code())
    return {}; // the kernels are linked: the loader checks their number
  const schema::CodeImage &code = *variant.code();
  std::string place = at(where, "code");
  if (countOf(variant.kernels()) != 0) // else entries only copy, and nothing is mapped
    TENON_TRY(verifySegments(code, place));
  for (uint32_t i = 0; i < countOf(variant.kernels()); ++i)
    TENON_TRY(verifyKernelPlace(*variant.kernels()->Get(i), code, at(where, "kernels", i)));
  for (uint32_t i = 0; i < countOf(code.unwind_tables()); ++i) {
    const schema::UnwindTable &table = *code.unwind_tables()->Get(i);
    if (!isInside(table.address(), table.size(), code.memory_size()))
      return corrupt(at(place, "unwind_tables", i), "the unwind table leaves the image");
  }
  return {};
}

} // namespace tenon::rt
