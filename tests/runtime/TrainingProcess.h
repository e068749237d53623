// One process of a training run on the linear model, for tests of the loop and its checkpoints.
#ifndef TENON_TESTS_RUNTIME_TRAININGPROCESS_H
#define TENON_TESTS_RUNTIME_TRAININGPROCESS_H

#include "LinearFixture.h"

#include "runtime/data/TextFile.h"
#include "runtime/train/DataSet.h"
#include "runtime/train/Loop.h"

#include <atomic>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

namespace tenon::test {

using rt::Status;
using namespace train;
namespace fs = std::filesystem;

inline std::string contents(const std::string &path) {
  std::string text;
  Status status = data::readTextFile(path, text);
  EXPECT_TRUE(status.ok()) << status.message();
  return text;
}

/// 41 rows, y = x0 - 2 x1 + 3 + a bit.
inline std::string exampleCsv() {
  std::ostringstream text;
  text << "x0,x1,x2,x3,y0\n";
  for (int row = 0; row < 41; ++row) {
    double x0 = std::sin(row), x1 = std::cos(3 * row), x2 = 5, x3 = row * 0.1;
    text << x0 << "," << x1 << "," << x2 << "," << x3 << "," << x0 - 2 * x1 + 3 + 0.1 * x3 << "\n";
  }
  return text.str();
}

/// A model, its data and a trainer: what one process of a run has in memory.
class Process {
public:
  /// `change` edits the artifact before it is packed.
  void start(const std::string &folder, const std::function<void(schema::ArtifactT &)> &change) {
    auto artifact = linearArtifact();
    if (change)
      change(*artifact);
    bytes = pack(*artifact);
    tenon_env_t *made = nullptr;
    ASSERT_SUCCESS(tenon_env_create(nullptr, &made));
    env.reset(made);
    tenon_linked_model library = linked(bytes);
    tenon_model_t *loaded = nullptr;
    ASSERT_SUCCESS(tenon_model_load_linked(env.get(), &library, nullptr, &loaded));
    model.reset(loaded);
    check(findTrainBlock(model.get(), "", block));
    check(loadDataSet(*block.data, folder + "/rows.csv", set));
    check(fitModel(model.get(), block.dataIndex, set));
    const std::vector<int64_t> &rows = *set.part("train");
    check(planSchedule(*block.train, static_cast<int64_t>(rows.size()), schedule));
    check(data::prepareFields(model.get(), *block.data, set.raw, rows, train));
    check(data::prepareFields(model.get(), *block.data, set.raw, *set.part("test"), test));
    tenon_trainer_options options = {};
    options.total_steps = schedule.totalSteps;
    tenon_trainer_t *created = nullptr;
    ASSERT_SUCCESS(tenon_trainer_create(nullptr, model.get(), 0, &options, &created));
    trainer.reset(created);
    directory.path = folder;
  }

  LoopInputs inputs() {
    LoopInputs inputs;
    inputs.trainer = trainer.get();
    inputs.model = model.get();
    inputs.block = block;
    inputs.schedule = schedule;
    inputs.train = &train;
    inputs.trainRows = set.part("train");
    inputs.evaluation = schedule.evaluateEvery != 0 ? &test : nullptr;
    inputs.directory = directory;
    inputs.stop = &stop;
    return inputs;
  }

  /// Runs the loop from `state`; stops after step `stopAfter`.
  Status run(const TrainState &state, int64_t stopAfter = -1) {
    TrainCallbacks callbacks;
    callbacks.onStep = [&](const StepEvent &event) {
      steps.push_back(event.step);
      if (event.step == stopAfter)
        stop = true;
    };
    callbacks.onEpoch = [&](const EpochEvent &event) { epochs.push_back(event); };
    TrainingLoop loop(inputs(), callbacks);
    TENON_TRY(loop.prepare(state));
    return loop.run(end);
  }

  /// What a new process does to go on.
  Status resume(std::string *skipped = nullptr) {
    TrainState state;
    std::string path, lines;
    TENON_TRY(loadNewestCheckpoint(directory.checkpoints(), trainer.get(), state, path, lines));
    if (skipped)
      *skipped = lines;
    EXPECT_EQ(state.step, tenon_trainer_get_step(trainer.get()));
    return run(state);
  }

  static void check(Status status) { ASSERT_TRUE(status.ok()) << status.message(); }

  std::vector<uint8_t> bytes;
  data::Env env;
  data::Model model;
  TrainBlock block;
  DataSet set;
  Schedule schedule;
  data::FieldTable train, test;
  data::Trainer trainer;
  RunDirectory directory;
  std::atomic<bool> stop{false};
  LoopEnd end = LoopEnd::Finished;
  std::vector<int64_t> steps;
  std::vector<EpochEvent> epochs;
};

/// An empty folder of the running test, with the data file.
inline std::string freshFolder(const std::string &name) {
  const testing::TestInfo *info = testing::UnitTest::GetInstance()->current_test_info();
  std::string folder =
      testing::TempDir() + info->test_suite_name() + "." + info->name() + "." + name;
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::ofstream(folder + "/rows.csv") << exampleCsv();
  return folder;
}

/// Edits the artifact: a checkpoint every `steps` steps, an evaluation each epoch, every step
/// logged.
inline std::function<void(schema::ArtifactT &)> checkpointEvery(double steps) {
  return [steps](schema::ArtifactT &artifact) {
    auto every = std::make_unique<schema::DurationT>();
    every->value = steps;
    artifact.trains[0]->checkpoint_every = std::move(every);
    auto evaluate = std::make_unique<schema::DurationT>();
    evaluate->value = 1;
    evaluate->unit = schema::DurationUnit::Epochs;
    artifact.trains[0]->evaluate_every = std::move(evaluate);
    auto log = std::make_unique<schema::DurationT>();
    log->value = 1;
    artifact.trains[0]->log_every = std::move(log);
    artifact.trains[0]->best = "";
  };
}

} // namespace tenon::test

#endif
