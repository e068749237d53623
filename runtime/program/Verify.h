// The check of an artifact before anything uses it. Afterwards every index is in range, every enum
// has a known value, every expression can be evaluated, every lifetime fits the commands, kernels
// write only what they may, and the code is the code that was compiled.
#ifndef TENON_PROGRAM_VERIFY_H
#define TENON_PROGRAM_VERIFY_H

#include "runtime/base/Status.h"
#include "runtime/schema/program_generated.h"

#include <cstddef>
#include <cstdint>

namespace tenon::rt {

/// Of the artifacts that this runtime reads.
constexpr uint32_t artifactVersion = 4;
/// Larger files are refused before they are read.
constexpr uint64_t largestArtifact = uint64_t{1} << 30;

/// Checks layout and meaning. `data` is aligned to 64 and outlives *out. Errors: CORRUPT with the
/// field, the reason and a way out; INCOMPATIBLE for another version of the format.
Status verifyArtifact(const uint8_t *data, uint64_t size, const schema::Artifact **out);

// ---- The parts, in the order in which they are checked ----

Status verifySignatures(const schema::Artifact &artifact); // entries, parameters, states
Status verifyDataBlocks(const schema::Artifact &artifact);
/// An input of an entry that takes rows before preparation: a raw group, f64[rows, columns], or one
/// of the two vectors of a fit, f64[columns]. *known is false, and nothing is wrong, if it is
/// neither.
Status verifyRowInput(const schema::Tensor &input, const schema::Entry &entry,
                      const schema::Data &data, const std::string &where, bool *known);
Status verifyTrainBlocks(const schema::Artifact &artifact);
Status verifyVariant(const schema::Artifact &artifact, const schema::Variant &variant,
                     const std::string &where);
/// Segments, kernels inside them, and the digest.
Status verifyCode(const schema::Variant &variant, const std::string &where);

// ---- How they say what is wrong ----

/// CORRUPT: "WHERE: reason; …".
Status corrupt(const std::string &where, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/// "where.field[index]" (where may be empty).
std::string at(const std::string &where, const char *field, size_t index);
std::string at(const std::string &where, const char *field);

/// The length of a vector that may be absent.
template <typename Vector> uint32_t countOf(const Vector *vector) {
  return vector ? vector->size() : 0;
}
/// 1 to 512 bytes of printable text.
Status verifyName(const flatbuffers::String *name, const std::string &where);
/// verifyName for the name of each, and no two alike. `name` gets it from an element.
template <typename Vector, typename Name>
Status verifyUniqueNames(const Vector *vector, const char *field, const std::string &where,
                         Name name);
/// Absent text is "".
inline std::string textOf(const flatbuffers::String *text) { return text ? text->str() : ""; }

} // namespace tenon::rt

#include <set>

template <typename Vector, typename Name>
tenon::rt::Status tenon::rt::verifyUniqueNames(const Vector *vector, const char *field,
                                               const std::string &where, Name name) {
  std::set<std::string> seen;
  for (uint32_t i = 0; i < countOf(vector); ++i) {
    std::string place = at(where, field, i);
    TENON_TRY(verifyName(name(vector->Get(i)), place));
    if (!seen.insert(name(vector->Get(i))->str()).second)
      return corrupt(place, "the name '%s' is used twice", name(vector->Get(i))->c_str());
  }
  return {};
}

#endif
