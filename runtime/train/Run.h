// A whole training run: from a compiled model and a data file to a run directory.
#ifndef TENON_TRAIN_RUN_H
#define TENON_TRAIN_RUN_H

#include "runtime/base/Status.h"
#include "runtime/train/Events.h"
#include "tenon/tenon.h"

#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tenon::train {

/// A data file given for a data block, in place of the one its text names.
struct DataPath {
  std::string block;
  std::string path;
};

/// What a new run needs.
struct NewRun {
  std::string artifact;        // path of the compiled model
  std::string sourceDirectory; // paths in the model text are relative to it
  std::string origin;          // the .tenon or .tnm file as the user knows it; for the record
  std::string block;           // train block; empty: the first
  std::string directory;       // of the run
  bool overwrite = false;      // replace a run that is there
  std::string weights;         // to start from; empty: what the block says
  std::vector<DataPath> data;
  std::optional<uint64_t> seed;     // instead of the block's
  std::vector<std::string> command; // for the record
};

struct RunResult {
  std::string directory;
  std::string block;
  int64_t steps = 0; // done
  int64_t totalSteps = 0;
  int64_t resumedFrom = 0;
  bool stopped = false;    // early, because `stop` was set
  bool endedEarly = false; // because the block's patience had ended: the run is finished
  double loss = 0;      // mean of the last epoch that ended in this process
  std::string evaluatedSplit;
  std::vector<NamedValue> evaluation; // the last one
  double seconds = 0;                 // of training
};

/// Trains from the start. Nothing is created before model, weights and data are found to be good.
/// `stop` may be null; when it is set, the run saves a checkpoint and ends after the current step.
rt::Status trainNewRun(tenon_env_t *env, const NewRun &request, const TrainCallbacks &callbacks,
                       const std::atomic<bool> *stop, RunResult &out);

/// Continues the run in `directory` from its newest whole checkpoint: what follows is, bit by bit,
/// what would have followed without the interruption. The data file must be the recorded one.
rt::Status resumeRun(tenon_env_t *env, const std::string &directory,
                     const TrainCallbacks &callbacks, const std::atomic<bool> *stop,
                     RunResult &out);

/// The file given for data block `name`, empty if there is none. An error if a path is given for a
/// block that is not `name`.
rt::Status givenDataPath(const std::vector<DataPath> &paths, const std::string &name,
                         std::string &out);

} // namespace tenon::train

#endif // TENON_TRAIN_RUN_H
