// The linear model loaded from its linked kernels, for tests of sessions and trainers.
#ifndef TENON_TESTS_RUNTIME_LINEARFIXTURE_H
#define TENON_TESTS_RUNTIME_LINEARFIXTURE_H

#include "LinearModel.h"

#include <gtest/gtest.h>

#define EXPECT_SUCCESS(call) EXPECT_EQ(::tenon::test::messageOf(call), "")
#define ASSERT_SUCCESS(call) ASSERT_EQ(::tenon::test::messageOf(call), "")

namespace tenon::test {

class LinearFixture : public testing::Test {
protected:
  void SetUp() override { load(1); }
  void TearDown() override { unload(); }

  void load(uint32_t threads) {
    unload();
    tenon_env_options options = {};
    options.threads = threads;
    ASSERT_SUCCESS(tenon_env_create(&options, &env));
    bytes = pack(*linearArtifact());
    tenon_linked_model library = linked(bytes);
    ASSERT_SUCCESS(tenon_model_load_linked(env, &library, nullptr, &model));
  }

  void unload() {
    tenon_model_release(model);
    tenon_env_release(env);
    model = nullptr;
    env = nullptr;
  }

  std::vector<uint8_t> bytes;
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
};

} // namespace tenon::test

#endif
