#include "runtime/program/Verify.h"
#include "runtime/base/Sha256.h"

#include <cstdarg>
#include <cstdio>
#include <cstring>

namespace tenon::rt {

std::string at(const std::string &where, const char *field) {
  return where.empty() ? field : where + "." + field;
}

std::string at(const std::string &where, const char *field, size_t index) {
  return at(where, field) + "[" + std::to_string(index) + "]";
}

Status corrupt(const std::string &where, const char *format, ...) {
  char reason[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(reason, sizeof reason, format, arguments);
  va_end(arguments);
  return Status::error(TENON_STATUS_CORRUPT,
                       "%s: %s; the artifact is damaged: compile the model again", where.c_str(),
                       reason);
}

Status verifyName(const flatbuffers::String *name, const std::string &where) {
  if (!name || name->size() == 0 || name->size() > 512)
    return corrupt(where, "a name has %u bytes; allowed are 1 to 512", name ? name->size() : 0);
  for (char character : *name)
    if (static_cast<unsigned char>(character) < 0x20)
      return corrupt(where, "a name contains a control character");
  return {};
}

Status verifyArtifact(const uint8_t *data, uint64_t size, const schema::Artifact **out) {
  // The limit comes first: the flatbuffers verifier asserts on buffers of 2 GiB.
  if (size > largestArtifact)
    return Status::error(TENON_STATUS_CORRUPT, "the artifact is larger than 1 GiB");
  Sha256Digest digest;
  if (size < 16 + sizeof digest || !schema::ArtifactBufferHasIdentifier(data))
    return Status::error(TENON_STATUS_CORRUPT,
                         "this is no artifact of tenonc (the mark 'TNM1' is missing)");
  uint64_t tableSize = size - sizeof digest;
  flatbuffers::Verifier verifier(data, tableSize);
  if (!schema::VerifyArtifactBuffer(verifier))
    return Status::error(
        TENON_STATUS_CORRUPT,
        "the layout of the artifact is damaged or it is cut off: compile the model again");

  const schema::Artifact *artifact = schema::GetArtifact(data);
  if (artifact->version() != artifactVersion)
    return Status::error(TENON_STATUS_INCOMPATIBLE,
                         "the artifact has version %u, this runtime reads version %u: use tenonc "
                         "and runtime of the same release",
                         artifact->version(), artifactVersion);
  digest = Sha256::of(data, tableSize);
  if (std::memcmp(digest.data(), data + tableSize, sizeof digest) != 0)
    return Status::error(TENON_STATUS_CORRUPT, "the artifact is damaged: its bytes are not those that "
                                               "tenonc wrote: compile the model again");
  TENON_TRY(verifyName(artifact->name(), "name"));
  TENON_TRY(verifySignatures(*artifact));
  TENON_TRY(verifyDataBlocks(*artifact));
  TENON_TRY(verifyTrainBlocks(*artifact));
  if (countOf(artifact->variants()) == 0)
    return corrupt("variants", "there is none");
  for (uint32_t i = 0; i < artifact->variants()->size(); ++i)
    TENON_TRY(verifyVariant(*artifact, *artifact->variants()->Get(i), at("", "variants", i)));
  for (uint32_t i = 0; i < artifact->variants()->size(); ++i)
    TENON_TRY(verifyCode(*artifact->variants()->Get(i), at("", "variants", i)));
  *out = artifact;
  return {};
}

} // namespace tenon::rt
