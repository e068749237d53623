// Sessions through the C API: sizes, limits, threads, alignment, checks, weights.
#include "LinearFixture.h"

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <new>
#include <xmmintrin.h>

namespace {
std::atomic<int> allocations{0};
}

// Not inlined: the compiler would see malloc and delete, and warn.
__attribute__((noinline)) void *operator new(std::size_t bytes) {
  ++allocations;
  if (void *memory = std::malloc(bytes ? bytes : 1))
    return memory;
  throw std::bad_alloc();
}
__attribute__((noinline)) void operator delete(void *memory) noexcept { std::free(memory); }
__attribute__((noinline)) void operator delete(void *memory, std::size_t) noexcept {
  std::free(memory);
}

using namespace tenon::test;

namespace {

class Session : public LinearFixture {
protected:
  void SetUp() override {
    LinearFixture::SetUp();
    create(64);
  }
  void TearDown() override {
    tenon_session_release(session);
    LinearFixture::TearDown();
  }

  void create(int64_t batch) {
    tenon_session_release(session);
    tenon_limit limit = {"batch", batch};
    tenon_session_options options = {};
    options.limits = &limit;
    options.limit_count = 1;
    ASSERT_SUCCESS(tenon_session_create(model, &options, &session));
  }

  tenon_status_t forward(const float *x, int64_t batch, float *p) {
    const void *inputs[] = {x};
    void *outputs[] = {p};
    tenon_call call = {inputs, 1, outputs, 1, &batch, 1};
    return tenon_session_run(session, Forward, &call);
  }

  /// x·w + b in the same order as the kernel.
  std::vector<float> expected(const std::vector<float> &x) {
    float w[4], b[1];
    EXPECT_SUCCESS(tenon_model_get_weight(model, "weight", w, sizeof w));
    EXPECT_SUCCESS(tenon_model_get_weight(model, "bias", b, sizeof b));
    std::vector<float> p;
    for (size_t row = 0; row * 4 < x.size(); ++row) {
      float sum = b[0];
      for (int k = 0; k < 4; ++k) {
        float product = x[row * 4 + k] * w[k];
        sum += product;
      }
      p.push_back(sum);
    }
    return p;
  }

  static std::vector<float> rows(int64_t count) {
    std::vector<float> x;
    for (int64_t i = 0; i < count * 4; ++i)
      x.push_back(static_cast<float>(i % 13) - 5.5f);
    return x;
  }

  tenon_session_t *session = nullptr;
};

TEST_F(Session, RunsAtSeveralBatchSizesWithoutAnythingNew) {
  for (int64_t batch : {1, 5, 64, 5, 33}) {
    std::vector<float> x = rows(batch), p(batch);
    ASSERT_SUCCESS(forward(x.data(), batch, p.data()));
    EXPECT_EQ(p, expected(x)) << batch;
  }
}

TEST_F(Session, AnEmptyBatchIsFine) { EXPECT_SUCCESS(forward(nullptr, 0, nullptr)); }

TEST_F(Session, ThreadsDoNotChangeTheResult) {
  std::vector<float> x = rows(64), one(64), two(64);
  ASSERT_SUCCESS(forward(x.data(), 64, one.data()));
  tenon_session_release(session);
  session = nullptr;
  load(2);
  create(64);
  EXPECT_EQ(tenon_env_threads(env), 2u);
  for (int i = 0; i < 200; ++i) {
    ASSERT_SUCCESS(forward(x.data(), 64, two.data()));
    ASSERT_EQ(one, two);
  }
}

TEST_F(Session, TakesPointersOfAnyAlignment) {
  std::vector<float> x = rows(10);
  std::vector<float> want = expected(x);
  alignas(64) char memory[64 + 160], result[64 + 40];
  for (int shift : {0, 1, 4, 32}) {
    std::memcpy(memory + shift, x.data(), 160);
    ASSERT_SUCCESS(forward(reinterpret_cast<float *>(memory + shift), 10,
                           reinterpret_cast<float *>(result + shift)));
    EXPECT_EQ(std::memcmp(result + shift, want.data(), 40), 0) << shift;
  }
}

TEST_F(Session, ARunAllocatesNothing) {
  std::vector<float> x = rows(64), p(64);
  int before = allocations;
  for (int64_t batch : {3, 64, 7})
    tenon_status_free(forward(x.data(), batch, p.data()));
  EXPECT_EQ(allocations, before);
}

TEST_F(Session, RefusesWhatItWasNotCreatedFor) {
  std::vector<float> x = rows(65), p(65);
  tenon_status_t status = forward(x.data(), 65, p.data());
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_LIMIT);
  EXPECT_EQ(messageOf(status),
            "entry 'forward': batch is 65, above the limit of 64; create the session or trainer "
            "with a larger limit, or use smaller pieces");
  EXPECT_EQ(messageOf(forward(x.data(), -1, p.data())), "entry 'forward': batch is -1");
  EXPECT_EQ(messageOf(forward(nullptr, 3, p.data())), "entry 'forward': input 'x' is NULL");
  EXPECT_EQ(messageOf(forward(x.data(), 3, nullptr)), "entry 'forward': output 'p' is NULL");
  int64_t batch = 1;
  tenon_call call = {nullptr, 0, nullptr, 0, &batch, 1};
  EXPECT_EQ(messageOf(tenon_session_run(session, Forward, &call)),
            "entry 'forward': 1 inputs, 0 were given");
  EXPECT_EQ(messageOf(tenon_session_run(session, 99, &call)), "tenon_session_run: entry 99 of 5");
  EXPECT_EQ(messageOf(tenon_session_run(nullptr, 0, &call)), "tenon_session_run: session is NULL");
  EXPECT_EQ(messageOf(tenon_session_run(session, Step, &call)),
            "the session has no memory for entry 'linear.step': create it with a limit for every "
            "size of the entry (a training step runs in a trainer)");
  EXPECT_EQ(messageOf(tenon_session_run(session, Predict, &call)),
            "the session has no memory for entry 'linear.predict': create it with a limit for "
            "every size of the entry");
  // After failures it still works.
  EXPECT_SUCCESS(forward(x.data(), 3, p.data()));
}

TEST_F(Session, ChecksRequirementsWithTheModelLine) {
  create(2000);
  std::vector<float> x = rows(1001), p(1001);
  tenon_status_t status = forward(x.data(), 1001, p.data());
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_REQUIREMENT);
  EXPECT_EQ(tenon_status_line(status), 12u);
  EXPECT_EQ(messageOf(status), "entry 'forward': at most 1000 rows (batch <= 1000 does not hold: "
                               "1001, 1000)");
  EXPECT_SUCCESS(forward(x.data(), 1000, p.data()));
}

TEST_F(Session, OptionsAreChecked) {
  tenon_session_t *other = session;
  auto create = [&](std::vector<tenon_limit> limits, std::vector<uint32_t> entries) {
    tenon_session_options options = {limits.data(), limits.size(), entries.data(), entries.size()};
    return messageOf(tenon_session_create(model, &options, &other));
  };
  EXPECT_EQ(create({{"bacth", 4}}, {}), "no entry of the model has a size 'bacth'");
  EXPECT_EQ(other, nullptr);
  EXPECT_EQ(create({{"batch", 0}}, {}), "the limit of 'batch' is 0, below 1");
  EXPECT_EQ(create({{"batch", 4}}, {Predict}),
            "entry 'linear.predict' needs a limit for its size 'rows'");
  EXPECT_EQ(create({{"batch", 4}}, {Step}),
            "entry 'linear.step' is a training step: it runs in a trainer");
  EXPECT_EQ(create({{"batch", 4}}, {7}), "tenon_session_create: entry 7 of 5");
  EXPECT_EQ(create({{"batch", INT64_MAX}}, {Forward}),
            "entry 'forward': for these sizes, x is too large");
}

TEST_F(Session, MemoryIsKnownBeforehand) {
  int64_t batch = 64;
  uint64_t forward = 0, evaluate = 0;
  ASSERT_SUCCESS(tenon_model_entry_memory(model, Forward, &batch, 1, &forward));
  ASSERT_SUCCESS(tenon_model_entry_memory(model, Evaluate, &batch, 1, &evaluate));
  EXPECT_EQ(forward, 1024u + 256 + 64) << "staging for x and p, scratch of one thread";
  EXPECT_EQ(tenon_session_memory(session), std::max(forward, evaluate));
}

TEST_F(Session, FittedValuesComeFromTheModel) {
  double x[] = {1, 2, 3, 4, 3, 2, 5, 8};
  float p[2];
  const void *inputs[] = {x, nullptr, nullptr};
  void *outputs[] = {p};
  int64_t rows = 2;
  tenon_call call = {inputs, 3, outputs, 1, &rows, 1};
  auto predict = [&](tenon_model_t *from) {
    tenon_limit limit = {"rows", 4};
    tenon_session_options options = {&limit, 1, nullptr, 0};
    tenon_session_t *other = nullptr;
    EXPECT_SUCCESS(tenon_session_create(from, &options, &other));
    tenon_status_t status = tenon_session_run(other, Predict, &call);
    tenon_session_release(other);
    return status;
  };
  tenon_model_t *fitted = nullptr;
  ASSERT_SUCCESS(tenon_model_copy(model, &fitted));
  EXPECT_EQ(messageOf(predict(model)),
            "entry 'linear.predict': 'x.0.shift' has no value yet: call tenon_model_fit with the "
            "training rows, or load weights of a trained model");
  double y[] = {1, 2};
  const double *groups[] = {x, y};
  ASSERT_SUCCESS(tenon_model_fit(fitted, 0, groups, 2, 2));
  ASSERT_SUCCESS(predict(fitted));
  // Every column of two rows standardizes to -1 and 1; the second is constant and gives 0.
  EXPECT_EQ(p[0], expected({-1, 0, -1, -1})[0]);
  EXPECT_EQ(p[1], expected({1, 0, 1, 1})[0]);
  tenon_model_release(fitted);
}

TEST_F(Session, UsesAnotherModelOfTheSameArtifact) {
  tenon_model_t *other = nullptr;
  ASSERT_SUCCESS(tenon_model_copy(model, &other));
  float zero[4] = {};
  ASSERT_SUCCESS(tenon_model_set_weight(other, "weight", zero, sizeof zero));
  ASSERT_SUCCESS(tenon_session_use(session, other));
  std::vector<float> x = rows(2), p(2);
  ASSERT_SUCCESS(forward(x.data(), 2, p.data()));
  EXPECT_EQ(p, (std::vector<float>{0.25f, 0.25f}));
  EXPECT_EQ(codeOf(tenon_model_set_weight(other, "weight", zero, sizeof zero)),
            TENON_STATUS_INVALID_ARGUMENT)
      << "a model in use must not change";
  tenon_model_release(other);

  auto artifact = linearArtifact();
  artifact->producer = "another";
  std::vector<uint8_t> changed = pack(*artifact);
  tenon_linked_model library = linked(changed);
  ASSERT_SUCCESS(tenon_model_load_linked(env, &library, nullptr, &other));
  EXPECT_EQ(codeOf(tenon_session_use(session, other)), TENON_STATUS_INVALID_ARGUMENT);
  tenon_model_release(other);
}

TEST_F(Session, RefusesRandomNumbersOfNegativeStepsOrRows) {
  tenon_random random = {7, 3, 2};
  ASSERT_SUCCESS(tenon_session_set_random(session, &random));
  random.step = -1;
  EXPECT_EQ(codeOf(tenon_session_set_random(session, &random)), TENON_STATUS_INVALID_ARGUMENT);
  random = {7, 3, -2};
  EXPECT_EQ(codeOf(tenon_session_set_random(session, &random)), TENON_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(codeOf(tenon_session_set_random(session, nullptr)), TENON_STATUS_INVALID_ARGUMENT);
  EXPECT_EQ(codeOf(tenon_session_set_random(nullptr, &random)), TENON_STATUS_INVALID_ARGUMENT);
}

TEST_F(Session, OutlivesModelAndEnv) {
  std::vector<float> x = rows(4), p(4);
  std::vector<float> want = expected(x);
  unload();
  ASSERT_SUCCESS(forward(x.data(), 4, p.data()));
  EXPECT_EQ(p, want);
}

TEST_F(Session, SetsAndRestoresTheFloatingPointControl) {
  tenon_model_t *identity = nullptr;
  ASSERT_SUCCESS(tenon_model_copy(model, &identity));
  const float w[4] = {1, 0, 0, 0}, b[1] = {0};
  ASSERT_SUCCESS(tenon_model_set_weight(identity, "weight", w, sizeof w));
  ASSERT_SUCCESS(tenon_model_set_weight(identity, "bias", b, sizeof b));
  ASSERT_SUCCESS(tenon_session_use(session, identity));
  const float x[4] = {1e-42f, 0, 0, 0}; // subnormal
  float p[1];
  constexpr unsigned flushAndTruncate = 0x8040 | 0x6000;
  unsigned before = _mm_getcsr();
  _mm_setcsr(before | flushAndTruncate);
  tenon_status_t status = forward(x, 1, p);
  unsigned after = _mm_getcsr();
  _mm_setcsr(before);
  ASSERT_SUCCESS(status);
  EXPECT_EQ(p[0], x[0]) << "kernels must keep subnormals whatever the host has set";
  EXPECT_EQ(after & flushAndTruncate, flushAndTruncate);
  tenon_model_release(identity);
}

/// A host that runs parts on the caller's thread, backwards.
void backwards(void *user, uint32_t parts, void (*part)(void *, uint32_t), void *context) {
  *static_cast<uint32_t *>(user) = parts;
  for (uint32_t i = parts; i-- > 0;)
    part(context, i);
}

TEST(Environment, RunsOnTheThreadsOfTheHost) {
  uint32_t seen = 0;
  tenon_env_options options = {};
  options.threads = 3;
  options.parallel_for = backwards;
  options.parallel_user = &seen;
  tenon_env_t *env = nullptr;
  tenon_model_t *model = nullptr;
  tenon_session_t *session = nullptr;
  ASSERT_SUCCESS(tenon_env_create(&options, &env));
  std::vector<uint8_t> bytes = pack(*linearArtifact());
  tenon_linked_model library = linked(bytes);
  ASSERT_SUCCESS(tenon_model_load_linked(env, &library, nullptr, &model));
  tenon_limit limit = {"batch", 8};
  tenon_session_options sessionOptions = {&limit, 1, nullptr, 0};
  ASSERT_SUCCESS(tenon_session_create(model, &sessionOptions, &session));
  float x[32] = {}, p[8];
  const void *inputs[] = {x};
  void *outputs[] = {p};
  int64_t batch = 8;
  tenon_call call = {inputs, 1, outputs, 1, &batch, 1};
  EXPECT_SUCCESS(tenon_session_run(session, Forward, &call));
  EXPECT_EQ(seen, 3u);
  for (float value : p)
    EXPECT_EQ(value, 0.25f);
  tenon_session_release(session);
  tenon_model_release(model);
  tenon_env_release(env);
}

TEST(Environment, OptionsAreChecked) {
  tenon_env_t *env = nullptr;
  tenon_env_options options = {};
  options.threads = 300;
  EXPECT_EQ(messageOf(tenon_env_create(&options, &env)),
            "tenon_env_create: 300 threads; at most 256 are possible");
  options.threads = 0;
  options.deallocate = [](void *, void *, size_t) {};
  EXPECT_EQ(messageOf(tenon_env_create(&options, &env)),
            "tenon_env_create: give both allocate and deallocate, or neither");
  EXPECT_EQ(codeOf(tenon_env_create(nullptr, nullptr)), TENON_STATUS_INVALID_ARGUMENT);
}

} // namespace
