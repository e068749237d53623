// A trainer and sessions that share an env and its threads, at the same time: each computes what it
// computes alone. Built with -fsanitize=thread (ninja check-tenon-tsan) this also says that nothing is
// touched by two threads at once.
#include "LinearFixture.h"

#include <atomic>
#include <thread>

using namespace tenon::test;

namespace {

constexpr int64_t Batch = 96; // tiles for every thread
constexpr int Steps = 150, Predictors = 3;

class Concurrent : public LinearFixture, public testing::WithParamInterface<uint32_t> {
protected:
  void SetUp() override {} // each test loads

  static std::vector<float> rows(int number) {
    std::vector<float> x;
    for (int64_t i = 0; i < Batch * 4; ++i)
      x.push_back(static_cast<float>((i * 7 + number * 5) % 11) / 11 - 0.5f);
    return x;
  }

  tenon_session_t *createSession() {
    tenon_limit limit = {"batch", Batch};
    tenon_session_options options = {&limit, 1, nullptr, 0};
    tenon_session_t *session = nullptr;
    EXPECT_SUCCESS(tenon_session_create(model, &options, &session));
    return session;
  }

  static std::vector<float> predict(tenon_session_t *session, int number) {
    std::vector<float> x = rows(number), p(Batch);
    const void *inputs[] = {x.data()};
    void *outputs[] = {p.data()};
    tenon_call call = {inputs, 1, outputs, 1, &Batch, 1};
    EXPECT_SUCCESS(tenon_session_run(session, Forward, &call));
    return p;
  }

  /// The weights after all steps.
  std::vector<float> train() {
    tenon_trainer_options options = {};
    options.total_steps = Steps;
    options.max_batch = Batch;
    options.seed = 3;
    tenon_trainer_t *trainer = nullptr;
    EXPECT_SUCCESS(tenon_trainer_create(nullptr, model, 0, &options, &trainer));
    for (int i = 0; i < Steps; ++i) {
      std::vector<float> x = rows(i), y(Batch);
      for (int64_t row = 0; row < Batch; ++row)
        y[row] = 1 + x[row * 4] - 2 * x[row * 4 + 2];
      const void *inputs[] = {x.data(), y.data()};
      tenon_call call = {inputs, 2, nullptr, 0, &Batch, 1};
      double loss;
      EXPECT_SUCCESS(tenon_trainer_step(trainer, &call, &loss, 1));
    }
    tenon_model_t *trained = nullptr;
    EXPECT_SUCCESS(tenon_trainer_snapshot(trainer, &trained));
    std::vector<float> weights(4);
    EXPECT_SUCCESS(tenon_model_get_weight(trained, "weight", weights.data(), 16));
    tenon_model_release(trained);
    tenon_trainer_release(trainer);
    return weights;
  }
};

TEST_P(Concurrent, TrainingAndPredictingDoNotDisturbEachOther) {
  load(1);
  std::vector<float> trained = train();
  std::vector<std::vector<float>> predicted;
  tenon_session_t *alone = createSession();
  for (int number = 0; number < 11; ++number)
    predicted.push_back(predict(alone, number));
  tenon_session_release(alone);

  load(GetParam());
  std::atomic<bool> isDone{false};
  std::vector<std::thread> predictors;
  for (int i = 0; i < Predictors; ++i)
    predictors.emplace_back([&, i] {
      tenon_session_t *session = createSession();
      int number = i;
      do {
        EXPECT_EQ(predict(session, number % 11), predicted[number % 11]);
        ++number;
      } while (!isDone);
      tenon_session_release(session);
    });
  EXPECT_EQ(train(), trained);
  isDone = true;
  for (std::thread &predictor : predictors)
    predictor.join();
}

INSTANTIATE_TEST_SUITE_P(Threads, Concurrent, testing::Values(1u, 2u, 3u, 4u));

} // namespace
