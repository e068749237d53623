// A crash at every system call of saving a checkpoint: what is loaded afterwards is the checkpoint
// before or the new one, whole.
//
// The calls are caught by defining them here: the linker lets a program's own functions replace
// those of the C library, also for the libraries it uses.
#include "TrainingProcess.h"

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace tenon::test;

namespace {

constexpr int CrashCode = 99;
int callsUntilCrash = -1; // negative: no crash

/// Ends the process at once, as a power cut would, when its turn has come.
void mayCrash() {
  if (callsUntilCrash >= 0 && callsUntilCrash-- == 0)
    syscall(SYS_exit_group, CrashCode);
}

} // namespace

extern "C" {
int fsync(int file) {
  mayCrash();
  return static_cast<int>(syscall(SYS_fsync, file));
}
ssize_t write(int file, const void *bytes, size_t size) {
  mayCrash();
  return syscall(SYS_write, file, bytes, size);
}
int rename(const char *from, const char *to) {
  mayCrash();
  return static_cast<int>(syscall(SYS_rename, from, to));
}
int symlink(const char *target, const char *path) {
  mayCrash();
  return static_cast<int>(syscall(SYS_symlink, target, path));
}
int mkdir(const char *path, mode_t mode) {
  mayCrash();
  return static_cast<int>(syscall(SYS_mkdir, path, mode));
}
int unlink(const char *path) {
  mayCrash();
  return static_cast<int>(syscall(SYS_unlink, path));
}
int unlinkat(int folder, const char *path, int flags) {
  mayCrash();
  return static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
}
}

namespace {

/// Trains to step 8, with checkpoints of steps 4 and 8 of which one is kept; in a child process
/// that crashes at call `crashAt` of saving the second one. Returns whether it crashed.
bool trainAndCrash(const std::string &folder, int crashAt) {
  Process process;
  process.start(folder, checkpointEvery(1000));
  TrainState state;
  state.model = "model";
  tenon_trainer_t *trainer = process.trainer.get();
  auto save = [&](int64_t step) {
    EXPECT_EQ(messageOf(tenon_trainer_set_step(trainer, step)), "");
    state.step = step;
    return saveCheckpoint(folder + "/checkpoints", trainer, state, /*keep=*/1);
  };
  Process::check(save(4));
  pid_t child = fork();
  if (child == 0) {
    callsUntilCrash = crashAt;
    Status status = save(8);
    syscall(SYS_exit_group, status.ok() ? 0 : 1);
  }
  int code = 0;
  waitpid(child, &code, 0);
  EXPECT_TRUE(WIFEXITED(code));
  EXPECT_TRUE(WEXITSTATUS(code) == 0 || WEXITSTATUS(code) == CrashCode) << WEXITSTATUS(code);
  return WEXITSTATUS(code) == CrashCode;
}

TEST(Crash, AnyMomentLeavesAWholeCheckpoint) {
  bool sawOld = false, sawNew = false;
  int calls = 0;
  for (bool crashed = true; crashed; ++calls) {
    ASSERT_LT(calls, 200);
    std::string folder = freshFolder("run");
    crashed = trainAndCrash(folder, calls);

    Process next;
    next.start(folder, checkpointEvery(1000));
    TrainState state;
    std::string path, skipped;
    Status status =
        loadNewestCheckpoint(folder + "/checkpoints", next.trainer.get(), state, path, skipped);
    ASSERT_TRUE(status.ok()) << "after call " << calls << ": " << status.message();
    EXPECT_EQ(skipped, "") << "directories with a final name are whole";
    EXPECT_EQ(state.step, tenon_trainer_get_step(next.trainer.get()));
    EXPECT_TRUE(state.step == 4 || state.step == 8) << state.step;
    EXPECT_FALSE(sawNew && state.step == 4) << "once it is there, it stays";
    sawOld |= state.step == 4;
    sawNew |= state.step == 8;

    // The next checkpoint leaves nothing of the crash.
    Process::check(saveCheckpoint(folder + "/checkpoints", next.trainer.get(), state, 1));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder + "/checkpoints"), {}), 2)
        << "the checkpoint and the link, after call " << calls;
  }
  EXPECT_TRUE(sawOld && sawNew);
  EXPECT_GT(calls, 15) << "the calls were not caught";
}

} // namespace
