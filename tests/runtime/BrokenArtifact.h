// Artifacts that are broken in one place, and the refusal that they must meet.
#ifndef TENON_TESTS_RUNTIME_BROKENARTIFACT_H
#define TENON_TESTS_RUNTIME_BROKENARTIFACT_H

#include "LinearFixture.h"

#include <functional>

namespace tenon::test {

inline const std::string damaged = "; the artifact is damaged: compile the model again";

struct Case {
  const char *name;
  std::function<void(schema::ArtifactT &)> breakIt;
  std::string message; // without the end that all share
};

/// A value that an enumeration does not have.
template <typename Enum> Enum wrong() { return static_cast<Enum>(9); }

inline std::string nameOf(const testing::TestParamInfo<Case> &info) { return info.param.name; }

class BrokenArtifact : public testing::TestWithParam<Case> {};

TEST_P(BrokenArtifact, IsRefusedWithItsPlaceAndReason) {
  auto artifact = linearArtifact();
  GetParam().breakIt(*artifact);
  std::vector<uint8_t> bytes = pack(*artifact);
  tenon_linked_model library = linked(bytes);
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
  ASSERT_SUCCESS(tenon_env_create(nullptr, &env));
  tenon_status_t status = tenon_model_load_linked(env, &library, nullptr, &model);
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_CORRUPT);
  EXPECT_EQ(messageOf(status), "linked model: " + GetParam().message + damaged);
  EXPECT_EQ(model, nullptr);
  tenon_env_release(env);
}

} // namespace tenon::test

#endif
