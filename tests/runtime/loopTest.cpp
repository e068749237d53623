// The training loop on the linear model: what it writes, and that it continues bit by bit.
#include "TrainingProcess.h"

#include "runtime/train/DurableFile.h"
#include "runtime/train/Evaluate.h"
#include "runtime/train/Predict.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

using namespace tenon::test;
namespace data = tenon::data;
namespace schema = tenon::schema;

namespace {

class Loop : public testing::Test {
protected:
  static std::vector<std::string> checkpoints(const std::string &folder) {
    std::vector<std::string> names;
    for (const auto &entry : fs::directory_iterator(folder + "/checkpoints"))
      names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
  }

  /// metrics.jsonl without the times.
  static std::string metricsOf(const std::string &folder) {
    std::istringstream lines(contents(folder + "/metrics.jsonl"));
    std::string text;
    for (std::string line; std::getline(lines, line);) {
      auto object = nlohmann::ordered_json::parse(line);
      object.erase("examples_per_s");
      text += object.dump() + "\n";
    }
    return text;
  }

  static void expectSameResult(const std::string &a, const std::string &b) {
    EXPECT_EQ(contents(a + "/weights.safetensors"), contents(b + "/weights.safetensors"));
    EXPECT_EQ(contents(a + "/checkpoints/latest/optimizer.safetensors"),
              contents(b + "/checkpoints/latest/optimizer.safetensors"));
    EXPECT_EQ(metricsOf(a), metricsOf(b));
  }
};

TEST_F(Loop, TrainsAndWritesItsRun) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, checkpointEvery(4));
  EXPECT_EQ(process.schedule.stepsPerEpoch, 3); // 21 rows in batches of 8
  EXPECT_EQ(process.schedule.totalSteps, 15);
  Process::check(process.run(TrainState()));
  EXPECT_EQ(process.end, LoopEnd::Finished);
  ASSERT_EQ(process.epochs.size(), 5u);
  EXPECT_LT(process.epochs.back().loss, 0.5 * process.epochs.front().loss);
  EXPECT_EQ(process.epochs.back().evaluatedSplit, "test");
  EXPECT_EQ(process.steps.size(), 15u);
  EXPECT_EQ(checkpoints(folder),
            (std::vector<std::string>{"latest", "step-00000008", "step-00000012", "step-00000015"}))
      << "the newest three stay";
  EXPECT_EQ(fs::read_symlink(folder + "/checkpoints/latest"), "step-00000015");
  EXPECT_EQ(contents(folder + "/weights.safetensors"),
            contents(folder + "/checkpoints/latest/weights.safetensors"));
}

TEST_F(Loop, AnEpochSeesEveryRowOnceAndItsLossIsTheMeanOverRows) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, checkpointEvery(100));
  Process::check(process.run(TrainState()));
  std::istringstream lines(metricsOf(folder));
  double sum = 0;
  for (std::string line; std::getline(lines, line);) {
    auto object = nlohmann::json::parse(line);
    if (object["split"] == "train" && object["step"] <= 3)
      sum += object["loss"].get<double>() * (object["step"] == 3 ? 5 : 8);
  }
  EXPECT_DOUBLE_EQ(process.epochs[0].loss, sum / 21);
}

TEST_F(Loop, ResumesBitByBitWithinAnEpoch) {
  std::string whole = freshFolder("whole"), parts = freshFolder("parts");
  Process uninterrupted;
  uninterrupted.start(whole, checkpointEvery(4));
  Process::check(uninterrupted.run(TrainState()));
  {
    Process first;
    first.start(parts, checkpointEvery(4));
    Process::check(first.run(TrainState(), /*stopAfter=*/7));
    EXPECT_EQ(first.end, LoopEnd::Stopped);
    EXPECT_FALSE(fs::exists(parts + "/weights.safetensors"));
  }
  Process second;
  second.start(parts, checkpointEvery(4));
  Process::check(second.resume());
  EXPECT_EQ(second.steps.front(), 8);
  expectSameResult(whole, parts);
  // The epoch that was interrupted ends with the loss over all of its rows.
  EXPECT_EQ(second.epochs.front().loss, uninterrupted.epochs[2].loss);
}

TEST_F(Loop, FallsBackToTheCheckpointBeforeADamagedOne) {
  std::string whole = freshFolder("whole"), parts = freshFolder("parts");
  Process uninterrupted;
  uninterrupted.start(whole, checkpointEvery(4));
  Process::check(uninterrupted.run(TrainState()));
  {
    Process first;
    first.start(parts, checkpointEvery(4));
    Process::check(first.run(TrainState(), /*stopAfter=*/9));
  }
  std::string newest = parts + "/checkpoints/step-00000009/optimizer.safetensors";
  std::string bytes = contents(newest);
  bytes[bytes.size() / 2] ^= 1;
  Process::check(writeFile(newest, bytes));
  fs::create_directories(parts + "/checkpoints/step-00000010.tmp-77"); // a crash while saving
  Process second;
  second.start(parts, checkpointEvery(4));
  std::string skipped;
  Process::check(second.resume(&skipped));
  EXPECT_EQ(skipped, "checkpoint " + parts +
                         "/checkpoints/step-00000009: optimizer.safetensors has another SHA-256 "
                         "than in MANIFEST.json");
  EXPECT_EQ(second.steps.front(), 9) << "steps after the whole checkpoint are taken again";
  expectSameResult(whole, parts);
  EXPECT_FALSE(fs::exists(parts + "/checkpoints/step-00000010.tmp-77"));
}

TEST_F(Loop, SaysWhatIsWrongWithADamagedCheckpoint) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, checkpointEvery(4));
  Process::check(process.run(TrainState(), /*stopAfter=*/4));
  std::string path = folder + "/checkpoints/step-00000004";
  TrainState state;
  Process::check(readCheckpoint(path, state));
  EXPECT_EQ(state.step, 4);

  std::string good = contents(path + "/state.json");
  auto expectMessage = [&](const std::string &message) {
    EXPECT_EQ(std::string(readCheckpoint(path, state).message()),
              "checkpoint " + path + ": " + message);
  };
  Process::check(writeFile(path + "/state.json", good + " "));
  expectMessage("state.json has " + std::to_string(good.size() + 1) +
                " bytes, not those of MANIFEST.json");
  fs::remove(path + "/state.json");
  EXPECT_EQ(readCheckpoint(path, state).code(), TENON_STATUS_IO);
  Process::check(writeFile(path + "/MANIFEST.json", "{\"files\":{}}"));
  expectMessage("MANIFEST.json does not list weights.safetensors");
  Process::check(writeFile(path + "/MANIFEST.json", "{\"files\":"));
  EXPECT_EQ(std::string(readCheckpoint(path, state).message()),
            path + "/MANIFEST.json: not a JSON object");

  Process second;
  second.start(folder, checkpointEvery(4));
  EXPECT_EQ(std::string(second.resume().message()),
            "no whole checkpoint in " + folder +
                "/checkpoints; --overwrite starts the run again\n" + path +
                "/MANIFEST.json: not a JSON object");
}

TEST_F(Loop, ALossThatIsNotFiniteStopsTheRunAndKeepsTheLastCheckpoint) {
  std::string folder = freshFolder("run");
  // One row in the train split whose square overflows f32.
  std::string csv = exampleCsv();
  Process probe;
  probe.start(folder, checkpointEvery(1));
  int64_t row = probe.set.part("train")->back();
  std::istringstream lines(csv);
  std::ofstream changed(folder + "/rows.csv");
  std::string line;
  for (int64_t i = -1; std::getline(lines, line); ++i)
    changed << (i == row ? "0,0,5,0,1e30" : line) << "\n";
  changed.close();

  Process process;
  process.start(folder, checkpointEvery(1));
  Status status = process.run(TrainState());
  EXPECT_EQ(status.code(), TENON_STATUS_NOT_FINITE);
  EXPECT_EQ(std::string(status.message()).rfind("epoch 1: training step ", 0), 0u)
      << status.message();
  EXPECT_LT(process.steps.size(), 3u) << "in the first epoch";
  EXPECT_FALSE(fs::exists(folder + "/weights.safetensors"));
  if (!process.steps.empty()) {
    TrainState state;
    Process::check(readCheckpoint(folder + "/checkpoints/latest", state));
    EXPECT_EQ(state.step, process.steps.back());
  }
}

TEST_F(Loop, BestWeightsAreTheOnesToDeploy) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, [&](schema::ArtifactT &artifact) {
    checkpointEvery(1)(artifact);
    artifact.trains[0]->checkpoint_keep = 100;
    artifact.trains[0]->best = "max(loss)"; // the first evaluation, while the loss falls
  });
  Process::check(process.run(TrainState()));
  EXPECT_EQ(contents(folder + "/weights.safetensors"),
            contents(folder + "/checkpoints/step-00000003/weights.safetensors"));
}

/// checkpointEvery(4), and an end when the loss of an evaluation does not fall below the first
/// epoch's for two epochs: the rule is turned around, so that it never gets better.
void endEarly(schema::ArtifactT &artifact) {
  checkpointEvery(4)(artifact);
  artifact.trains[0]->stop_best = "max(loss)";
  artifact.trains[0]->stop_after = std::make_unique<schema::DurationT>();
  artifact.trains[0]->stop_after->value = 2;
  artifact.trains[0]->stop_after->unit = schema::DurationUnit::Epochs;
}

TEST_F(Loop, EndsEarlyWithAnEvaluation) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, endEarly);
  Process::check(process.run(TrainState()));
  EXPECT_EQ(process.end, LoopEnd::Finished);
  EXPECT_EQ(process.steps.back(), 9) << "the best is after epoch 1, of 3 steps; it ends 6 later";
  EXPECT_EQ(process.epochs.size(), 3u);
  EXPECT_EQ(fs::read_symlink(folder + "/checkpoints/latest"), "step-00000009");
  EXPECT_EQ(contents(folder + "/weights.safetensors"),
            contents(folder + "/checkpoints/latest/weights.safetensors"));
  TrainState state;
  Process::check(readCheckpoint(folder + "/checkpoints/latest", state));
  EXPECT_TRUE(state.endedEarly);
  EXPECT_EQ(state.stopBestStep, 3);

  Process again;
  again.start(folder, endEarly);
  Process::check(again.resume());
  EXPECT_TRUE(again.steps.empty()) << "the run is finished";
}

TEST_F(Loop, EndsEarlyAtTheSameStepWhenResumed) {
  std::string whole = freshFolder("whole"), parts = freshFolder("parts");
  Process uninterrupted;
  uninterrupted.start(whole, endEarly);
  Process::check(uninterrupted.run(TrainState()));
  {
    Process first;
    first.start(parts, endEarly);
    Process::check(first.run(TrainState(), /*stopAfter=*/5));
  }
  Process second;
  second.start(parts, endEarly);
  Process::check(second.resume());
  EXPECT_EQ(second.steps.front(), 6);
  expectSameResult(whole, parts);
}

/// A step that cuts its batches, and averages that begin as the first weights and stay so, because
/// no kernel of this model moves them.
void averageAndCut(schema::ArtifactT &artifact) {
  checkpointEvery(4)(artifact);
  cutBatches(artifact, 3);
  artifact.trains[0]->average = 0.5;
  for (const char *path : {"weight", "bias"}) {
    const schema::ParameterT &like = *artifact.parameters[path[0] == 'w' ? 0 : 1];
    auto state = std::make_unique<schema::ParameterT>(like);
    state->path = "optimizer.average." + like.path;
    artifact.states.push_back(std::move(state));
  }
}

TEST_F(Loop, EvaluatesAndDeploysAverages) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, averageAndCut);
  std::string first = folder + "/first.safetensors";
  ASSERT_SUCCESS(tenon_model_save(process.model.get(), first.c_str()));
  Process::check(process.run(TrainState()));
  auto parameters = [](const std::string &path) { // the last 20 bytes: bias and weight
    std::string text = contents(path);
    return text.substr(text.size() - 20);
  };
  EXPECT_EQ(parameters(folder + "/weights.safetensors"), parameters(first));
  EXPECT_NE(parameters(folder + "/checkpoints/latest/weights.safetensors"), parameters(first))
      << "a checkpoint has the weights that are trained";
  EXPECT_EQ(process.epochs.front().evaluation[0].value, process.epochs.back().evaluation[0].value);
  std::string optimizer = contents(folder + "/checkpoints/latest/optimizer.safetensors");
  EXPECT_NE(optimizer.find("optimizer.average.weight"), std::string::npos);
  EXPECT_EQ(optimizer.find("optimizer.accumulated"), std::string::npos);
}

TEST_F(Loop, ResumesBitByBitWithAveragesAndMicroBatches) {
  std::string whole = freshFolder("whole"), parts = freshFolder("parts");
  Process uninterrupted;
  uninterrupted.start(whole, averageAndCut);
  Process::check(uninterrupted.run(TrainState()));
  {
    Process first;
    first.start(parts, averageAndCut);
    Process::check(first.run(TrainState(), /*stopAfter=*/7));
  }
  Process second;
  second.start(parts, averageAndCut);
  Process::check(second.resume());
  expectSameResult(whole, parts);
}

TEST_F(Loop, PredictionsAreComparedInTheUnitsOfTheFile) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, checkpointEvery(100));
  const std::vector<int64_t> &rows = *process.set.part("test");
  std::vector<PredictedColumns> predicted;
  Process::check(predictRows(process.model.get(), process.block, process.set.raw, rows, predicted));
  ASSERT_EQ(predicted.size(), 1u);
  std::vector<double> values = predicted[0].values();
  ASSERT_EQ(values.size(), rows.size());
  double squares = 0, absolute = 0, mean = 0, deviation = 0;
  auto actual = [&](size_t i) {
    return process.set.raw.groups[1].values[static_cast<size_t>(rows[i])];
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    squares += (values[i] - actual(i)) * (values[i] - actual(i));
    absolute += std::fabs(values[i] - actual(i));
    mean += actual(i) / static_cast<double>(rows.size());
  }
  for (size_t i = 0; i < rows.size(); ++i)
    deviation += (actual(i) - mean) * (actual(i) - mean);
  std::vector<PredictionError> errors;
  Process::check(
      evaluatePredictions(process.model.get(), process.block, process.set.raw, rows, errors));
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].name, "p");
  EXPECT_NEAR(errors[0].mse, squares / static_cast<double>(rows.size()), 1e-12);
  EXPECT_NEAR(errors[0].mae, absolute / static_cast<double>(rows.size()), 1e-12);
  EXPECT_NEAR(errors[0].r2, 1 - squares / deviation, 1e-12);
}

TEST_F(Loop, MetricsAreMeansOverRowsWhateverTheBatch) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, checkpointEvery(100));
  data::RowEntry entry;
  Process::check(
      data::describeRowEntry(process.model.get(), process.block.train->evaluate(), entry));
  std::vector<std::vector<NamedValue>> results;
  for (int64_t batch : {1, 7, 20}) {
    data::Session session;
    Process::check(data::createRowSession(process.model.get(), entry, batch, session));
    std::vector<NamedValue> values;
    Process::check(
        evaluateFields(process.model.get(), session.get(), entry, process.test, batch, values));
    results.push_back(values);
  }
  for (const std::vector<NamedValue> &values : results) {
    ASSERT_EQ(values.size(), 2u);
    EXPECT_EQ(values[0].name, "loss");
    EXPECT_EQ(values[1].name, "mae");
    EXPECT_NEAR(values[0].value, results[0][0].value, 1e-5);
    EXPECT_NEAR(values[1].value, results[0][1].value, 1e-5);
  }
}

TEST_F(Loop, NamesTheTrainBlocksThereAre) {
  std::string folder = freshFolder("run");
  Process process;
  process.start(folder, nullptr);
  TrainBlock block;
  EXPECT_STREQ(findTrainBlock(process.model.get(), "mlp", block).message(),
               "no train block 'mlp'; the model has 'linear'");
}

} // namespace
