// Trainers through the C API: steps, determinism, checkpoints, snapshots, failures.
#include "LinearFixture.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

using namespace tenon::test;

namespace {

class Trainer : public LinearFixture {
protected:
  void SetUp() override {
    LinearFixture::SetUp();
    trainer = create();
  }
  void TearDown() override {
    tenon_trainer_release(trainer);
    LinearFixture::TearDown();
  }

  tenon_trainer_t *create() {
    tenon_trainer_options options = {};
    options.total_steps = 100;
    options.seed = 3;
    tenon_trainer_t *made = nullptr;
    EXPECT_SUCCESS(tenon_trainer_create(nullptr, model, 0, &options, &made));
    return made;
  }

  /// One step on a batch that depends on `number`; y is linear in x.
  static tenon_status_t step(tenon_trainer_t *trainer, int number, double *loss,
                             float planted = 0) {
    float x[32], y[8];
    for (int i = 0; i < 32; ++i)
      x[i] = static_cast<float>((i * 7 + number * 5) % 11) / 11 - 0.5f;
    for (int row = 0; row < 8; ++row)
      y[row] = 1 + x[row * 4] - 2 * x[row * 4 + 2];
    x[5] += planted;
    const void *inputs[] = {x, y};
    int64_t batch = 8;
    tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
    return tenon_trainer_step(trainer, &call, loss, 1);
  }

  struct Values {
    std::array<float, 4> weight;
    std::array<float, 1> bias;
    std::array<int64_t, 1> calls;
    bool operator==(const Values &other) const {
      return weight == other.weight && bias == other.bias && calls == other.calls;
    }
  };
  static Values valuesOf(const tenon_model_t *model) {
    Values out = {};
    EXPECT_SUCCESS(tenon_model_get_weight(model, "weight", out.weight.data(), sizeof out.weight));
    EXPECT_SUCCESS(tenon_model_get_weight(model, "bias", out.bias.data(), sizeof out.bias));
    EXPECT_SUCCESS(tenon_model_get_weight(model, "calls", out.calls.data(), sizeof out.calls));
    return out;
  }
  static Values valuesOf(const tenon_trainer_t *trainer) {
    tenon_model_t *snapshot = nullptr;
    EXPECT_SUCCESS(tenon_trainer_snapshot(trainer, &snapshot));
    Values out = valuesOf(snapshot);
    tenon_model_release(snapshot);
    return out;
  }

  tenon_trainer_t *trainer = nullptr;
};

TEST_F(Trainer, LearnsAndCountsSteps) {
  double first = 0, last = 0;
  for (int i = 0; i < 100; ++i)
    ASSERT_SUCCESS(step(trainer, i, i == 0 ? &first : &last));
  EXPECT_LT(last, first / 20);
  EXPECT_EQ(tenon_trainer_get_step(trainer), 100);
  EXPECT_EQ(tenon_trainer_entry(trainer), Step);
  EXPECT_EQ(valuesOf(trainer).calls[0], 300) << "each step sees the seed";
}

TEST_F(Trainer, LeavesTheModelAlone) {
  Values before = valuesOf(model);
  double loss;
  ASSERT_SUCCESS(step(trainer, 0, &loss));
  EXPECT_TRUE(valuesOf(model) == before);
  EXPECT_FALSE(valuesOf(trainer) == before);
  EXPECT_EQ(codeOf(tenon_model_set_weight(model, "bias", "abcd", 4)), TENON_STATUS_INVALID_ARGUMENT)
      << "a model in use must not change";
}

TEST_F(Trainer, ThreadsDoNotChangeTheWeights) {
  double loss;
  for (int i = 0; i < 50; ++i)
    ASSERT_SUCCESS(step(trainer, i, &loss));
  Values one = valuesOf(trainer);
  tenon_trainer_release(trainer);
  load(2);
  trainer = create();
  for (int i = 0; i < 50; ++i)
    ASSERT_SUCCESS(step(trainer, i, &loss));
  EXPECT_TRUE(valuesOf(trainer) == one);
}

TEST_F(Trainer, StepsOnBoundArguments) {
  double loss = 0, again = 0;
  EXPECT_EQ(codeOf(tenon_trainer_step_bound(trainer, &loss, 1)), TENON_STATUS_INVALID_ARGUMENT)
      << "nothing is bound yet";
  alignas(64) float x[32], y[8];
  const void *inputs[] = {x, y};
  int64_t batch = 8;
  tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
  ASSERT_SUCCESS(tenon_trainer_bind(trainer, &call));
  EXPECT_EQ(codeOf(tenon_trainer_step_bound(trainer, &loss, 2)), TENON_STATUS_INVALID_ARGUMENT);
  tenon_trainer_t *other = create();
  for (int i = 0; i < 20; ++i) {
    // Contents may change between steps.
    for (int k = 0; k < 32; ++k)
      x[k] = static_cast<float>((k * 3 + i) % 13) / 13 - 0.5f;
    for (int row = 0; row < 8; ++row)
      y[row] = x[row * 4 + 1];
    ASSERT_SUCCESS(tenon_trainer_step_bound(trainer, &loss, 1));
    ASSERT_SUCCESS(tenon_trainer_step(other, &call, &again, 1));
    ASSERT_EQ(loss, again);
  }
  EXPECT_EQ(tenon_trainer_get_step(trainer), 20);
  EXPECT_TRUE(valuesOf(trainer) == valuesOf(other));
  tenon_trainer_release(other);

  batch = 1000; // above the limit: nothing is bound any more
  EXPECT_EQ(codeOf(tenon_trainer_bind(trainer, &call)), TENON_STATUS_LIMIT);
  EXPECT_EQ(codeOf(tenon_trainer_step_bound(trainer, &loss, 1)), TENON_STATUS_INVALID_ARGUMENT);
}

TEST_F(Trainer, BoundInputsThatAreNotAlignedAreCopiedInEachStep) {
  alignas(64) float storage[48];
  float *x = storage + 1, *y = storage + 35;
  const void *inputs[] = {x, y};
  int64_t batch = 8;
  tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
  std::fill(std::begin(storage), std::end(storage), 0.5f);
  ASSERT_SUCCESS(tenon_trainer_bind(trainer, &call));
  double first = 0, second = 0;
  ASSERT_SUCCESS(tenon_trainer_step_bound(trainer, &first, 1));
  std::fill(std::begin(storage), std::end(storage), 40.0f);
  ASSERT_SUCCESS(tenon_trainer_step_bound(trainer, &second, 1));
  EXPECT_GT(second, first + 1);
}

TEST_F(Trainer, WritesDownWhenCommandsRan) {
  double loss = 0;
  tenon_launch_time times[8] = {};
  size_t used = 0;
  ASSERT_SUCCESS(tenon_trainer_record(trainer, times, 8, &used));
  ASSERT_SUCCESS(step(trainer, 0, &loss));
  ASSERT_EQ(used, 3u); // predict, loss, update on one thread
  for (uint32_t i = 0; i < 3; ++i) {
    EXPECT_EQ(times[i].command, i);
    EXPECT_EQ(times[i].entry, tenon_trainer_entry(trainer));
    EXPECT_LE(times[i].begin, times[i].end);
    EXPECT_GE(times[i].begin, i ? times[i - 1].end : 1);
  }
  ASSERT_SUCCESS(step(trainer, 1, &loss));
  ASSERT_SUCCESS(step(trainer, 2, &loss)); // no room: not written down, but done
  EXPECT_EQ(used, 6u);
  EXPECT_EQ(tenon_trainer_get_step(trainer), 3);
  ASSERT_SUCCESS(tenon_trainer_record(trainer, nullptr, 0, nullptr));
  EXPECT_EQ(codeOf(tenon_trainer_record(trainer, times, 8, nullptr)), TENON_STATUS_INVALID_ARGUMENT);
}

TEST_F(Trainer, StopsAtALossThatIsNotFinite) {
  double loss = 0;
  for (int i = 0; i < 3; ++i)
    ASSERT_SUCCESS(step(trainer, i, &loss));
  Values before = valuesOf(trainer);
  tenon_status_t status = step(trainer, 3, &loss, NAN);
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_NOT_FINITE);
  EXPECT_EQ(tenon_status_line(status), 11u);
  EXPECT_EQ(messageOf(status), "training step 4: the loss is nan; weights and optimizer are as "
                               "before this step. Look at the values of this batch, or use a "
                               "smaller learning rate");
  EXPECT_TRUE(std::isnan(loss));
  EXPECT_TRUE(valuesOf(trainer) == before);
  EXPECT_EQ(tenon_trainer_get_step(trainer), 3);
  EXPECT_SUCCESS(step(trainer, 3, &loss));
}

TEST_F(Trainer, SaysThatABatchIsEmpty) {
  float x[4] = {}, y[1] = {};
  const void *inputs[] = {x, y};
  int64_t batch = 0;
  tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
  double loss = 0;
  tenon_status_t status = tenon_trainer_step(trainer, &call, &loss, 1);
  EXPECT_EQ(tenon_status_get_code(status), TENON_STATUS_NOT_FINITE);
  EXPECT_EQ(messageOf(status), "training step 1: the loss is nan; weights and optimizer are as "
                               "before this step. The batch is 0: a step needs rows");
}

TEST_F(Trainer, MicroBatchesMakeTheSameStep) {
  for (uint32_t parts : {2, 3, 5, 8, 20}) {
    auto artifact = linearArtifact();
    cutBatches(*artifact, parts);
    std::vector<uint8_t> bytes = pack(*artifact);
    tenon_linked_model library = linked(bytes);
    tenon_model_t *cut = nullptr;
    ASSERT_SUCCESS(tenon_model_load_linked(env, &library, nullptr, &cut));
    tenon_trainer_options options = {};
    options.total_steps = 100;
    options.seed = 3;
    tenon_trainer_t *other = nullptr, *whole = create();
    ASSERT_SUCCESS(tenon_trainer_create(nullptr, cut, 0, &options, &other));
    for (int i = 0; i < 20; ++i) {
      double loss = 0, expected = 0;
      ASSERT_SUCCESS(step(whole, i, &expected));
      ASSERT_SUCCESS(step(other, i, &loss));
      EXPECT_NEAR(loss, expected, 1e-5 * expected) << parts << " parts, step " << i;
    }
    Values ours = valuesOf(other), theirs = valuesOf(whole);
    for (int k = 0; k < 4; ++k)
      EXPECT_NEAR(ours.weight[k], theirs.weight[k], 1e-5) << parts << " parts";
    double loss;
    EXPECT_EQ(codeOf(step(other, 20, &loss, NAN)), TENON_STATUS_NOT_FINITE);
    EXPECT_TRUE(valuesOf(other) == ours);
    EXPECT_SUCCESS(step(other, 20, &loss)) << "what a failed step added up is forgotten";
    tenon_trainer_release(whole);
    tenon_trainer_release(other);
    tenon_model_release(cut);
  }
}

TEST_F(Trainer, ContinuesWithTheSameBitsFromFiles) {
  std::string weights = testing::TempDir() + "weights.safetensors";
  std::string optimizer = testing::TempDir() + "optimizer.safetensors";
  double loss;
  for (int i = 0; i < 10; ++i)
    ASSERT_SUCCESS(step(trainer, i, &loss));
  ASSERT_SUCCESS(tenon_trainer_save(trainer, weights.c_str(), optimizer.c_str()));
  for (int i = 10; i < 20; ++i)
    ASSERT_SUCCESS(step(trainer, i, &loss));
  Values straight = valuesOf(trainer);

  tenon_trainer_t *resumed = create();
  ASSERT_SUCCESS(tenon_trainer_load(resumed, weights.c_str(), optimizer.c_str()));
  EXPECT_EQ(tenon_trainer_get_step(resumed), 10);
  for (int i = 10; i < 20; ++i)
    ASSERT_SUCCESS(step(resumed, i, &loss));
  EXPECT_TRUE(valuesOf(resumed) == straight);

  // Bad files change nothing.
  EXPECT_EQ(messageOf(tenon_trainer_load(resumed, weights.c_str(), weights.c_str())),
            weights + ": metadata 'tenon.step' has no number of steps: this is no optimizer file");
  EXPECT_EQ(messageOf(tenon_trainer_load(resumed, optimizer.c_str(), optimizer.c_str())),
            optimizer + ": no tensor for 'weight' f32[4] (and 2 more)");
  EXPECT_EQ(codeOf(tenon_trainer_load(resumed, "/none", optimizer.c_str())), TENON_STATUS_IO);
  EXPECT_TRUE(valuesOf(resumed) == straight);
  EXPECT_EQ(tenon_trainer_get_step(resumed), 20);
  tenon_trainer_release(resumed);
}

TEST_F(Trainer, ItsSessionSeesCurrentWeights) {
  tenon_limit limit = {"batch", 8};
  tenon_session_options options = {&limit, 1, nullptr, 0};
  tenon_session_t *session = nullptr;
  ASSERT_SUCCESS(tenon_trainer_create_session(trainer, &options, &session));
  float x[32] = {}, y[8] = {}, loss, mae;
  for (float &value : y)
    value = 1;
  const void *inputs[] = {x, y};
  void *outputs[] = {&loss, &mae};
  int64_t batch = 8;
  tenon_call call = {inputs, 2, outputs, 2, &batch, 1};
  ASSERT_SUCCESS(tenon_session_run(session, Evaluate, &call));
  EXPECT_EQ(mae, 0.75f) << "the bias starts at 0.25";
  double trained;
  for (int i = 0; i < 5; ++i)
    ASSERT_SUCCESS(step(trainer, i, &trained));
  ASSERT_SUCCESS(tenon_session_run(session, Evaluate, &call));
  EXPECT_FLOAT_EQ(mae, std::fabs(1 - valuesOf(trainer).bias[0]));
  EXPECT_EQ(codeOf(tenon_session_use(session, model)), TENON_STATUS_INVALID_ARGUMENT);
  tenon_session_release(session);
}

TEST_F(Trainer, SnapshotsIntoAModelThatNobodyHas) {
  tenon_model_t *first = nullptr, *second = nullptr;
  ASSERT_SUCCESS(tenon_trainer_snapshot(trainer, &first));
  ASSERT_SUCCESS(tenon_trainer_snapshot(trainer, &second));
  Values before = valuesOf(first);
  double loss;
  ASSERT_SUCCESS(step(trainer, 0, &loss));

  tenon_model_retain(first);
  EXPECT_EQ(codeOf(tenon_trainer_snapshot_into(trainer, first)), TENON_STATUS_INVALID_ARGUMENT);
  tenon_model_release(first);

  tenon_limit limit = {"batch", 8};
  tenon_session_options options = {&limit, 1, nullptr, 0};
  tenon_session_t *session = nullptr;
  ASSERT_SUCCESS(tenon_session_create(first, &options, &session));
  EXPECT_EQ(messageOf(tenon_trainer_snapshot_into(trainer, first)),
            "tenon_trainer_snapshot_into: the model is still used; give its session another one by "
            "tenon_session_use first, or keep one snapshot more");
  EXPECT_TRUE(valuesOf(first) == before);

  ASSERT_SUCCESS(tenon_session_use(session, second));
  ASSERT_SUCCESS(tenon_trainer_snapshot_into(trainer, first));
  EXPECT_TRUE(valuesOf(first) == valuesOf(trainer));
  EXPECT_FALSE(valuesOf(first) == before);
  EXPECT_TRUE(valuesOf(second) == before);
  EXPECT_EQ(messageOf(tenon_trainer_snapshot_into(trainer, nullptr)),
            "tenon_trainer_snapshot_into: model is NULL");
  tenon_session_release(session);
  tenon_model_release(first);
  tenon_model_release(second);
}

/// Models from a training thread to a predicting one: the newest one, or one that can be filled.
class Exchange {
public:
  explicit Exchange(tenon_model_t *unused) : slot(reinterpret_cast<uintptr_t>(unused)) {}
  tenon_model_t *publish(tenon_model_t *filled) { return swap(filled, IsNew); }
  tenon_model_t *take(tenon_model_t *unused) {
    return slot.load(std::memory_order_relaxed) & IsNew ? swap(unused, 0) : nullptr;
  }

private:
  static constexpr uintptr_t IsNew = 1; // of an address this bit is 0
  tenon_model_t *swap(tenon_model_t *model, uintptr_t mark) {
    uintptr_t old = slot.exchange(reinterpret_cast<uintptr_t>(model) | mark);
    return reinterpret_cast<tenon_model_t *>(old & ~IsNew);
  }
  std::atomic<uintptr_t> slot;
};

/// The loss that a session gives on fixed rows.
float lossOf(tenon_session_t *session) {
  float x[32], y[8], loss = 0, mae;
  for (int i = 0; i < 32; ++i)
    x[i] = static_cast<float>(i % 5) - 2;
  for (int row = 0; row < 8; ++row)
    y[row] = static_cast<float>(row);
  const void *inputs[] = {x, y};
  void *outputs[] = {&loss, &mae};
  int64_t batch = 8;
  tenon_call call = {inputs, 2, outputs, 2, &batch, 1};
  EXPECT_SUCCESS(tenon_session_run(session, Evaluate, &call));
  return loss;
}

TEST_F(Trainer, PublishesWhileAnotherThreadPredicts) {
  constexpr int Steps = 200;
  tenon_model_t *models[4]; // being filled, in the exchange, used, not used any more
  for (tenon_model_t *&made : models)
    ASSERT_SUCCESS(tenon_trainer_snapshot(trainer, &made));
  tenon_limit limit = {"batch", 8};
  tenon_session_options options = {&limit, 1, nullptr, 0};
  tenon_session_t *predicting = nullptr, *current = nullptr;
  ASSERT_SUCCESS(tenon_session_create(models[2], &options, &predicting));
  ASSERT_SUCCESS(tenon_trainer_create_session(trainer, &options, &current));
  Exchange exchange(models[1]);
  std::vector<float> published = {lossOf(current)}, seen;

  std::atomic<bool> isDone{false};
  std::thread predictor([&] {
    tenon_model_t *used = models[2], *unused = models[3];
    for (bool isLast = false; !isLast;) {
      isLast = isDone;
      if (tenon_model_t *newest = exchange.take(unused)) {
        EXPECT_SUCCESS(tenon_session_use(predicting, newest));
        unused = std::exchange(used, newest);
      }
      float loss = lossOf(predicting);
      if (seen.empty() || seen.back() != loss)
        seen.push_back(loss);
    }
  });
  tenon_model_t *filled = models[0];
  for (int i = 0; i < Steps; ++i) {
    double loss;
    EXPECT_SUCCESS(step(trainer, i, &loss));
    published.push_back(lossOf(current));
    EXPECT_SUCCESS(tenon_trainer_snapshot_into(trainer, filled));
    filled = exchange.publish(filled);
    std::this_thread::yield(); // the steps are short
  }
  isDone = true;
  predictor.join();

  // Every value seen is that of a whole step, in the order of the steps; the last one is the last.
  auto at = published.begin();
  for (float loss : seen) {
    at = std::find(at, published.end(), loss);
    ASSERT_NE(at, published.end()) << loss << " was never published, or before the one seen before";
  }
  EXPECT_EQ(seen.back(), published.back());
  tenon_session_release(predicting);
  tenon_session_release(current);
  for (tenon_model_t *made : models)
    tenon_model_release(made);
}

TEST_F(Trainer, ArgumentsAreChecked) {
  tenon_trainer_t *other = trainer;
  tenon_trainer_options options = {};
  EXPECT_EQ(messageOf(tenon_trainer_create(env, model, 0, &options, &other)),
            "tenon_trainer_create: total_steps is 0, below 1: schedules need it");
  EXPECT_EQ(other, nullptr);
  options.total_steps = 1;
  EXPECT_EQ(messageOf(tenon_trainer_create(env, model, 1, &options, &other)),
            "tenon_trainer_create: train block 1 of 1");
  options.max_batch = -1;
  EXPECT_EQ(messageOf(tenon_trainer_create(env, model, 0, &options, &other)),
            "tenon_trainer_create: max_batch is -1, below 1");
  float x[36] = {}, y[9] = {};
  const void *inputs[] = {x, y};
  int64_t batch = 9;
  tenon_call call = {inputs, 2, nullptr, 0, &batch, 1};
  double values[2];
  EXPECT_EQ(codeOf(tenon_trainer_step(trainer, &call, values, 1)), TENON_STATUS_LIMIT)
      << "the batch of the block is 8";
  batch = 8;
  EXPECT_EQ(messageOf(tenon_trainer_step(trainer, &call, values, 2)),
            "entry 'linear.step': 1 values, room for 2");
  inputs[1] = nullptr;
  EXPECT_EQ(messageOf(tenon_trainer_step(trainer, &call, values, 1)),
            "entry 'linear.step': input 'y' is NULL");
  EXPECT_EQ(messageOf(tenon_trainer_step(trainer, nullptr, values, 1)),
            "tenon_trainer_step: call is NULL");
}

} // namespace
