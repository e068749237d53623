// Loading: verify, choose the variant, decode (Decode.cpp), map the code.
#include "runtime/program/Program.h"

#include "runtime/base/Checked.h"
#include "runtime/hal/cpu/CpuFeatures.h"

#include <cstring>

namespace tenon::rt {
namespace {

/// Why a variant cannot run here; "" if it can.
std::string obstacle(const schema::Variant &variant, bool isLinked) {
  if (variant.target()->str() != "cpu")
    return "is for the device '" + variant.target()->str() + "'";
  if (isLinked != (variant.code() == nullptr))
    return isLinked ? "carries its code itself" : "has its code in a library to link";
  for (uint32_t i = 0; i < countOf(variant.features()); ++i) {
    std::string feature = variant.features()->Get(i)->str();
    switch (cpuFeature(feature)) {
    case FeatureSupport::Present:
      break;
    case FeatureSupport::Absent:
      return "needs '" + feature + "', which this CPU lacks";
    case FeatureSupport::Unknown:
      return "needs '" + feature + "', which this runtime does not know";
    }
  }
  return "";
}

} // namespace

Status Program::create(const Allocator &allocator, AlignedMemory bytes, uint64_t size,
                       const tenon_linked_model *linked, Ref<Program> *out) {
  Ref<Program> program = Ref<Program>::adopt(new Program);
  program->bytes = std::move(bytes);
  program->byteCount = size;
  TENON_TRY(verifyArtifact(program->bytes.data(), size, &program->flat));
  TENON_TRY(program->chooseVariant(linked != nullptr));
  program->decodeSignatures();
  program->decodePrograms();
  program->markFitInputs();
  TENON_TRY(program->loadConstants(allocator));
  TENON_TRY(program->loadKernels(linked));
  *out = std::move(program);
  return {};
}

Status Program::chooseVariant(bool isLinked) {
  std::string reasons;
  for (uint32_t i = 0; i < flat->variants()->size(); ++i) {
    const schema::Variant &variant = *flat->variants()->Get(i);
    std::string reason = obstacle(variant, isLinked);
    if (reason.empty()) {
      chosen = i;
      return {};
    }
    reasons += "\n  the variant for " + variant.target()->str() + " " + variant.arch()->str() +
               " " + reason;
  }
  return Status::error(TENON_STATUS_INCOMPATIBLE,
                       "'%s' has no code for this machine; compile it with --mcpu=native here, or "
                       "with an older --mcpu%s",
                       flat->name()->c_str(), reasons.c_str());
}

Status Program::loadConstants(const Allocator &allocator) {
  const auto *constants = flat->variants()->Get(chosen)->constants();
  TENON_TRY(AlignedMemory::allocate(allocator, countOf(constants), "constants", &constantBytes));
  if (countOf(constants) != 0)
    std::memcpy(constantBytes.data(), constants->data(), constants->size());
  return {};
}

Status Program::loadKernels(const tenon_linked_model *linked) {
  const schema::Variant &variant = *flat->variants()->Get(chosen);
  if (linked) {
    if (linked->kernel_count != countOf(variant.kernels()))
      return Status::error(TENON_STATUS_CORRUPT,
                           "the linked model has %u kernels, its artifact %u: they are not of the "
                           "same compilation",
                           linked->kernel_count, countOf(variant.kernels()));
    kernels.assign(linked->kernels, linked->kernels + linked->kernel_count);
    return {};
  }
  if (countOf(variant.kernels()) == 0)
    return {}; // entries only copy
  std::vector<ImageSegment> segments;
  for (const schema::Segment *segment : *variant.code()->segments())
    segments.push_back({segment->address(), variant.code()->bytes()->data() + segment->offset(),
                        segment->size(), segment->executable()});
  TENON_TRY(CodeImage::map(variant.code()->memory_size(), segments, &image));
  for (uint32_t i = 0; i < countOf(variant.kernels()); ++i)
    kernels.push_back(reinterpret_cast<tenon_kernel_fn>(
        reinterpret_cast<uintptr_t>(image.base() + variant.kernels()->Get(i)->offset())));
  return {};
}

SizeError TensorSpec::bytes(const int64_t *sizes, uint64_t *out) const {
  if (SizeError error = elementsOf(shape, sizes, out); error != SizeError::None)
    return error;
  *out *= tenon_dtype_size(dtype); // below 2^51
  return SizeError::None;
}

} // namespace tenon::rt
