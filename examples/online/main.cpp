// Trains on every batch that arrives and predicts at the same time with the newest weights: one
// thread for each. Prints how long predictions take and how much memory was allocated meanwhile.
#include "Allocations.h"
#include "Exchange.h"
#include "Stream.h"
#include "online.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>
#include <vector>

namespace {

constexpr int64_t Batch = 32, LeastBatches = 20000;
constexpr size_t LeastPredictions = 20000, MostPredictions = 1 << 22, Window = 1000;

// A status is NULL, or says what went wrong.
void check(tenon_status_t status) {
  if (!status)
    return;
  std::fprintf(stderr, "online: %s\n", tenon_status_message(status));
  std::exit(1);
}

struct Prediction {
  float microseconds;
  float squaredError;
};

// What the two threads share besides the exchange.
std::atomic<bool> isReady{false}, isDone{false}, isFinished{false};
std::atomic<int64_t> batchesArrived{0};
std::atomic<size_t> predictionCount{0};

void predict(Exchange &exchange, tenon_model_t *used, tenon_model_t *unused,
             std::vector<Prediction> &predictions) {
  tenon_session_t *session;
  online_limits limits = {1};
  check(online_session_create(used, &limits, &session));
  Stream stream(2);
  isReady = true;
  while (!isDone) {
    if (tenon_model_t *newest = exchange.take(unused)) {
      check(online_session_use(session, newest));
      unused = std::exchange(used, newest);
    }
    float x[Stream::Features], estimate;
    stream.row(x);
    float wanted = Stream::target(x, batchesArrived);
    auto start = std::chrono::steady_clock::now();
    check(online_predict(session, x, 1, &estimate));
    std::chrono::duration<float, std::micro> time = std::chrono::steady_clock::now() - start;
    if (predictions.size() < MostPredictions)
      predictions.push_back({time.count(), (estimate - wanted) * (estimate - wanted)});
    predictionCount.store(predictions.size(), std::memory_order_relaxed);
  }
  isFinished = true;
  tenon_session_release(session);
}

void train(tenon_trainer_t *trainer, Exchange &exchange, tenon_model_t *filled) {
  float x[Batch * Stream::Features], y[Batch];
  Stream stream(1);
  while (batchesArrived < LeastBatches || predictionCount < LeastPredictions) {
    for (int64_t row = 0; row < Batch; ++row) {
      stream.row(&x[row * Stream::Features]);
      y[row] = Stream::target(&x[row * Stream::Features], batchesArrived);
    }
    online_train_batch batch = {x, y, Batch};
    check(online_train_step(trainer, &batch, nullptr));
    check(tenon_trainer_snapshot_into(trainer, filled));
    filled = exchange.publish(filled);
    ++batchesArrived;
  }
}

float percentile(std::vector<Prediction> &predictions, double part) {
  auto at = predictions.begin() + static_cast<size_t>(part * (predictions.size() - 1));
  std::nth_element(predictions.begin(), at, predictions.end(),
                   [](auto &a, auto &b) { return a.microseconds < b.microseconds; });
  return at->microseconds;
}

/// The mean squared error of the first or last predictions.
template <typename Iterator> float meanError(Iterator first) {
  float sum = 0;
  std::for_each(first, first + Window, [&](const Prediction &p) { sum += p.squaredError; });
  return sum / Window;
}

} // namespace

int main() {
  tenon_env_t *env;
  tenon_env_options options = countingEnvironment();
  check(tenon_env_create(&options, &env));
  tenon_model_t *fresh, *models[4];
  check(online_model_load(env, nullptr, &fresh));
  tenon_trainer_t *trainer;
  online_train_options training = {};
  training.total_steps = LeastBatches;
  check(online_train_create(env, fresh, &training, &trainer));
  for (tenon_model_t *&model : models)
    check(online_train_snapshot(trainer, &model));
  Exchange exchange(models[1]);
  std::vector<Prediction> predictions;
  predictions.reserve(MostPredictions);

  std::thread predictor([&] { predict(exchange, models[2], models[3], predictions); });
  while (!isReady)
    std::this_thread::yield();
  uint64_t mallocsBefore = mallocs(), environmentBefore = environmentAllocations();
  train(trainer, exchange, models[0]);
  isDone = true;
  while (!isFinished)
    std::this_thread::yield();
  uint64_t byMalloc = mallocs() - mallocsBefore;
  uint64_t byEnvironment = environmentAllocations() - environmentBefore;
  predictor.join();

  float before = meanError(predictions.begin()), after = meanError(predictions.end() - Window);
  std::printf("%lld batches trained on, each published; %zu predictions meanwhile\n",
              static_cast<long long>(batchesArrived), predictions.size());
  std::printf("squared error of the first %zu: %.4f, of the last: %.4f\n", Window, before, after);
  float p50 = percentile(predictions, 0.5), p999 = percentile(predictions, 0.999);
  std::printf("a prediction: p50 %.2f us, p99.9 %.2f us\n", p50, p999);
  using Count = unsigned long long;
  std::printf("allocations by malloc and new: %llu to get ready, %llu since\n",
              Count(mallocsBefore), Count(byMalloc));
  std::printf("allocations by the environment: %llu to get ready, %llu since\n",
              Count(environmentBefore), Count(byEnvironment));
  tenon_trainer_release(trainer);
  for (tenon_model_t *model : models)
    tenon_model_release(model);
  tenon_model_release(fresh);
  tenon_env_release(env);
  return byMalloc + byEnvironment == 0 && after < before ? 0 : 1;
}
