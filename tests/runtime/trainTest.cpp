// Schedules, progress, metrics, run directories: what training needs beside a model.
#include "runtime/data/TextFile.h"
#include "runtime/train/BestValue.h"
#include "runtime/train/Digest.h"
#include "runtime/train/DurableFile.h"
#include "runtime/train/MetricsLog.h"
#include "runtime/train/Progress.h"
#include "runtime/train/RunDirectory.h"
#include "runtime/train/Schedule.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

using namespace tenon::train;
using tenon::rt::Status;
namespace fs = std::filesystem;
namespace schema = tenon::schema;

namespace {

/// A folder of its own for each test, empty at its beginning.
std::string freshFolder() {
  const testing::TestInfo *test = testing::UnitTest::GetInstance()->current_test_info();
  fs::path folder =
      fs::path(testing::TempDir()) / (std::string(test->test_suite_name()) + "." + test->name());
  fs::remove_all(folder);
  fs::create_directories(folder);
  return folder.string();
}

std::string contents(const std::string &path) {
  std::string text;
  Status status = tenon::data::readTextFile(path, text);
  EXPECT_TRUE(status.ok()) << status.message();
  return text;
}

void write(const std::string &path, const std::string &text) {
  std::ofstream(path, std::ios::binary) << text;
}

// ---- Schedules --------------------------------------------------------------------------------

/// A train block in a flatbuffer, from the settings that schedules look at.
class TrainBlockText {
public:
  schema::TrainT block;
  TrainBlockText() {
    block.name = "mlp";
    block.model = "mlp";
    block.batch = 32;
    block.run = duration(20, schema::DurationUnit::Epochs);
    block.log_every = duration(10, schema::DurationUnit::Steps);
  }
  static std::unique_ptr<schema::DurationT> duration(double value, schema::DurationUnit unit) {
    auto made = std::make_unique<schema::DurationT>();
    made->value = value;
    made->unit = unit;
    return made;
  }
  const schema::Train &packed() {
    builder.Clear();
    builder.Finish(schema::Train::Pack(builder, &block));
    return *flatbuffers::GetRoot<schema::Train>(builder.GetBufferPointer());
  }

private:
  flatbuffers::FlatBufferBuilder builder;
};

TEST(Schedule, EpochsAndTheRaggedLastBatch) {
  TrainBlockText text;
  Schedule schedule;
  ASSERT_TRUE(planSchedule(text.packed(), 354, schedule).ok());
  EXPECT_EQ(schedule.stepsPerEpoch, 12);
  EXPECT_EQ(schedule.totalSteps, 240);
  EXPECT_EQ(schedule.logEvery, 10);
  EXPECT_EQ(schedule.evaluateEvery, 0);
  EXPECT_EQ(schedule.checkpointEvery, 0);
  EXPECT_EQ(schedule.epochs(), 20);
  EXPECT_EQ(schedule.epochOf(12), 0);
  EXPECT_EQ(schedule.epochOf(13), 1);
  EXPECT_EQ(schedule.batchOf(13), 0);
  EXPECT_TRUE(schedule.endsEpoch(12));
  EXPECT_FALSE(schedule.endsEpoch(13));
}

TEST(Schedule, RunsInStepsAndFractionsOfThem) {
  TrainBlockText text;
  text.block.run = text.duration(100, schema::DurationUnit::Steps);
  text.block.checkpoint_every = text.duration(0.25, schema::DurationUnit::Fraction);
  text.block.evaluate_on = "val";
  text.block.evaluate_every = text.duration(0.5, schema::DurationUnit::Epochs);
  Schedule schedule;
  ASSERT_TRUE(planSchedule(text.packed(), 354, schedule).ok());
  EXPECT_EQ(schedule.totalSteps, 100);
  EXPECT_EQ(schedule.checkpointEvery, 25);
  EXPECT_EQ(schedule.evaluateEvery, 6);
  EXPECT_EQ(schedule.epochs(), 9);
  EXPECT_TRUE(schedule.endsEpoch(100)) << "the run ends within an epoch";
}

TEST(Schedule, DroppingTheRemainderMayLeaveNothing) {
  TrainBlockText text;
  text.block.drop_remainder = true;
  text.block.line = 16;
  Schedule schedule;
  ASSERT_TRUE(planSchedule(text.packed(), 354, schedule).ok());
  EXPECT_EQ(schedule.stepsPerEpoch, 11);
  Status status = planSchedule(text.packed(), 20, schedule);
  EXPECT_STREQ(status.message(), "a batch of 32 rows, but only 20 to train on, and `remainder = "
                                 "drop` drops them");
  EXPECT_EQ(status.line(), 16u);
  EXPECT_STREQ(planSchedule(text.packed(), 0, schedule).message(), "there are no rows to train on");
}

TEST(Schedule, ARunTooLongToCountIsAnError) {
  TrainBlockText text;
  text.block.run = text.duration(1e300, schema::DurationUnit::Epochs);
  Schedule schedule;
  EXPECT_STREQ(planSchedule(text.packed(), 354, schedule).message(), "'run' is too long");
}

// ---- Progress ---------------------------------------------------------------------------------

TEST(Progress, FormatsNumbersForPeople) {
  EXPECT_EQ(formatCount(951.2), "951");
  EXPECT_EQ(formatCount(12345), "12.3k");
  EXPECT_EQ(formatCount(123456), "123k");
  EXPECT_EQ(formatCount(1234567), "1.2M");
  EXPECT_EQ(formatCount(999.7), "1.0k");
  EXPECT_EQ(formatSeconds(7.2), "0:07");
  EXPECT_EQ(formatSeconds(7440), "2:04:00");
  EXPECT_EQ(formatValue(0.53214), "0.5321");
  EXPECT_EQ(formatValue(1.25e-7), "1.250e-07");
  EXPECT_EQ(formatValue(0.61), "0.6100");
  EXPECT_EQ(formatValue(2946.3), "2946");
}

EpochEvent thirdEpoch() {
  EpochEvent event;
  event.epoch = 3;
  event.epochs = 20;
  event.loss = 0.53214;
  event.examplesPerSecond = 12345;
  return event;
}

TEST(Progress, OneLineAnEpoch) {
  EpochEvent event = thirdEpoch();
  EXPECT_EQ(formatEpoch(event), "epoch  3/20  loss 0.5321  12.3k examples/s");
  event.evaluatedSplit = "val";
  event.evaluation = {{"loss", 0.61}, {"accuracy", 0.93}};
  EXPECT_EQ(formatEpoch(event),
            "epoch  3/20  loss 0.5321  val loss 0.6100  accuracy 0.9300  12.3k examples/s");
}

/// What a progress writes when it sees a step and an epoch.
std::string shown(bool terminal) {
  std::string path = freshFolder() + "/shown";
  FILE *file = std::fopen(path.c_str(), "w");
  {
    Progress progress(file, terminal);
    progress.step({12, 240, 1, 20, 1.0, {{"loss", 0.5}}, 1000});
    progress.epoch(thirdEpoch());
    progress.step({13, 240, 2, 20, 1.1, {{"loss", 0.5}}, 1000});
  }
  std::fclose(file);
  return contents(path);
}

TEST(Progress, PlainLinesOnlyWithoutATerminal) {
  EXPECT_EQ(shown(false), "epoch  3/20  loss 0.5321  12.3k examples/s\n");
}

TEST(Progress, ABarOnATerminalMakesRoomForLines) {
  std::string text = shown(true);
  EXPECT_EQ(text.find("\repoch  1/20 ["), 0u) << text;
  EXPECT_NE(text.find("loss 0.5000  1.0k examples/s"), std::string::npos) << text;
  EXPECT_NE(text.find("\r\033[Kepoch  3/20  loss 0.5321  12.3k examples/s\n"), std::string::npos)
      << text;
}

// ---- Metrics ----------------------------------------------------------------------------------

StepEvent stepEvent(int64_t step) {
  return {step, 240, 1, 20, static_cast<double>(step) / 12, {{"loss", 0.5}, {"l2", 0.25}}, 51234.4};
}

TEST(MetricsLog, OneObjectALine) {
  std::string path = freshFolder() + "/metrics.jsonl";
  MetricsLog log;
  ASSERT_TRUE(MetricsLog::open(path, 0, log).ok());
  ASSERT_TRUE(log.write(stepEvent(12)).ok());
  ASSERT_TRUE(
      log.write(EvaluationEvent{12, 1.0, "val", {{"loss", 0.61}, {"accuracy", 0.93}}}).ok());
  EXPECT_EQ(contents(path), "{\"step\":12,\"epoch\":1.0,\"split\":\"train\",\"loss\":0.5,"
                            "\"l2\":0.25,\"examples_per_s\":51234.0}\n"
                            "{\"step\":12,\"epoch\":1.0,\"split\":\"val\",\"loss\":0.61,"
                            "\"accuracy\":0.93}\n");
}

TEST(MetricsLog, ResumingDropsWhatWillBeWrittenAgain) {
  std::string path = freshFolder() + "/metrics.jsonl";
  {
    MetricsLog log;
    ASSERT_TRUE(MetricsLog::open(path, 0, log).ok());
    for (int64_t step : {10, 20, 30})
      ASSERT_TRUE(log.write(stepEvent(step)).ok());
  }
  std::string whole = contents(path);
  write(path, whole + "{\"step\":4"); // cut short by a crash
  MetricsLog log;
  ASSERT_TRUE(MetricsLog::open(path, 20, log).ok());
  std::string expected = whole.substr(0, whole.rfind("{\"step\":30"));
  EXPECT_EQ(contents(path), expected);
  ASSERT_TRUE(log.write(stepEvent(30)).ok());
  EXPECT_EQ(contents(path), whole);
}

TEST(BestValue, FollowsItsRule) {
  BestValue least("min(loss)");
  ASSERT_TRUE(least.active());
  EXPECT_TRUE(least.improves({{"loss", 2}}));
  EXPECT_FALSE(least.improves({{"loss", 2}}));
  EXPECT_FALSE(least.improves({{"loss", NAN}}));
  EXPECT_TRUE(least.improves({{"accuracy", 9}, {"loss", 1}}));
  EXPECT_EQ(least.value, 1);
  BestValue most("max(accuracy)");
  EXPECT_TRUE(most.improves({{"loss", 2}, {"accuracy", 0.5}}));
  EXPECT_FALSE(most.improves({{"loss", 1}, {"accuracy", 0.4}}));
  EXPECT_FALSE(BestValue("").active());
}

TEST(Patience, EndsWhenNothingWasBetterForSoLong) {
  Patience patience("min(loss)", 4);
  EXPECT_FALSE(patience.endsWith({{"loss", 3}}, 2));
  EXPECT_FALSE(patience.endsWith({{"loss", 3}}, 4));
  EXPECT_FALSE(patience.endsWith({{"loss", 2}}, 6)) << "better, so it begins anew";
  EXPECT_FALSE(patience.endsWith({{"loss", 5}}, 8));
  EXPECT_TRUE(patience.endsWith({{"loss", 2}}, 10));
  EXPECT_EQ(patience.bestStep, 6);
}

TEST(Patience, CountsFromTheStartIfThereWasNeverANumber) {
  Patience patience("max(accuracy)", 4);
  EXPECT_FALSE(patience.endsWith({{"accuracy", NAN}}, 2));
  EXPECT_TRUE(patience.endsWith({{"accuracy", NAN}}, 4));
  EXPECT_FALSE(Patience("", 1).endsWith({{"loss", 1}}, 100)) << "without a rule there is no end";
}

// ---- Files and run directories ----------------------------------------------------------------

TEST(DurableFile, ReplacesAWholeFile) {
  std::string path = freshFolder() + "/file";
  ASSERT_TRUE(writeFile(path, "one").ok());
  ASSERT_TRUE(writeFile(path, "two").ok());
  EXPECT_EQ(contents(path), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(path).parent_path()), {}), 1)
      << "nothing is left behind";
  EXPECT_EQ(writeFile(path + "/below", "x").code(), TENON_STATUS_IO);
}

TEST(Digest, OfTextAndFile) {
  const char *abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  EXPECT_EQ(digestText("abc"), abc);
  std::string path = freshFolder() + "/abc";
  write(path, "abc");
  FileDigest digest;
  ASSERT_TRUE(digestFile(path, digest).ok());
  EXPECT_EQ(digest.sha256, abc);
  EXPECT_EQ(digest.bytes, 3u);
}

RunRecord exampleRecord() {
  RunRecord record;
  record.version = "0.1.0";
  record.producer = "tenonc 0.1.0";
  record.block = "mlp";
  record.origin = "/home/jane/mlp.tenon";
  record.modelSha256 = "aa";
  record.sourceSha256 = "bb";
  record.defines = {"mlp.batch=64"};
  record.dataName = "patients";
  record.dataPath = "/home/jane/diabetes.csv";
  record.dataSha256 = "cc";
  record.dataRows = 442;
  record.seed = 18446744073709551615u;
  record.threads = 2;
  record.command = {"tenon", "train", "mlp.tenon"};
  return record;
}

TEST(RunDirectory, ARecordReadsBackAsWritten) {
  RunDirectory directory{freshFolder() + "/run"};
  ASSERT_TRUE(createRunDirectory(directory, false).ok());
  RunRecord written = exampleRecord(), record;
  ASSERT_TRUE(writeRunRecord(directory, written).ok());
  Status status = readRunRecord(directory, record);
  ASSERT_TRUE(status.ok()) << status.message();
  EXPECT_EQ(record.block, written.block);
  EXPECT_EQ(record.origin, written.origin);
  EXPECT_EQ(record.defines, written.defines);
  EXPECT_EQ(record.dataPath, written.dataPath);
  EXPECT_EQ(record.dataRows, written.dataRows);
  EXPECT_EQ(record.seed, written.seed);
  EXPECT_EQ(record.command, written.command);
}

TEST(RunDirectory, ADamagedRecordIsNamed) {
  RunDirectory directory{freshFolder()};
  RunRecord record;
  EXPECT_EQ(std::string(readRunRecord(directory, record).message()),
            directory.path + ": not a run directory (it has no run.json)");
  write(directory.record(), "{\"tenon\":");
  EXPECT_EQ(std::string(readRunRecord(directory, record).message()),
            directory.record() + ": not a JSON object");
  write(directory.record(), "{\"tenon\":\"0.1.0\",\"producer\":7}");
  EXPECT_EQ(std::string(readRunRecord(directory, record).message()),
            directory.record() + ": 'producer' is missing or damaged");
}

TEST(RunDirectory, AnExistingRunIsOnlyReplacedWhenAskedTo) {
  RunDirectory directory{freshFolder() + "/run"};
  ASSERT_TRUE(createRunDirectory(directory, false).ok());
  ASSERT_TRUE(writeRunRecord(directory, exampleRecord()).ok());
  write(directory.weights(), "w");
  write(directory.path + "/notes.txt", "mine");
  EXPECT_EQ(std::string(createRunDirectory(directory, false).message()),
            directory.path + ": there is a run already; --resume continues it, --overwrite "
                             "replaces it, --out names another place");
  ASSERT_TRUE(createRunDirectory(directory, true).ok());
  EXPECT_FALSE(fs::exists(directory.weights()));
  EXPECT_FALSE(fs::exists(directory.record()));
  EXPECT_TRUE(fs::exists(directory.path + "/notes.txt")) << "other files are not ours to remove";
}

TEST(RunDirectory, OtherDirectoriesAreNeverTouched) {
  RunDirectory directory{freshFolder()};
  write(directory.path + "/thesis.tex", "mine");
  for (bool overwrite : {false, true})
    EXPECT_EQ(std::string(createRunDirectory(directory, overwrite).message()),
              directory.path + ": not empty, and not a run directory; --out names another place");
  EXPECT_TRUE(fs::exists(directory.path + "/thesis.tex"));
}

} // namespace
