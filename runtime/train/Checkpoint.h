// Checkpoints: directories that are whole or not there.
//
//   checkpoints/step-00000500/   weights.safetensors  optimizer.safetensors  state.json
//                                MANIFEST.json: size and SHA-256 of the other three
//   checkpoints/latest           a symbolic link to the newest one
//
// A checkpoint is written as step-N.tmp-PID: the files, each synced; the manifest; the directory
// synced; then renamed, the parent synced, and `latest` replaced by a rename. Whatever
// moment a crash picks, the directories named step-N are complete, and the reader checks it.
#ifndef TENON_TRAIN_CHECKPOINT_H
#define TENON_TRAIN_CHECKPOINT_H

#include "runtime/base/Status.h"
#include "tenon/tenon.h"

#include <cstdint>
#include <string>

namespace tenon::train {

/// Where in its run a trainer is, beside what the trainer itself saves. The order of the data and
/// all random numbers follow from seed and step.
struct TrainState {
  int64_t step = 0; // done
  uint64_t seed = 0;
  int64_t totalSteps = 0;
  std::string model;  // SHA-256 of model.tnm
  double lossSum = 0; // over the rows seen so far in the epoch that `step` is in
  int64_t lossRows = 0;
  bool hasBest = false; // of `best:`
  double best = 0;
  bool hasStopBest = false; // of `stop`
  double stopBest = 0;
  int64_t stopBestStep = 0;
  bool endedEarly = false; // patience has ended: the run is finished
};

/// Writes checkpoint step-`state.step` into `directory` (made if needed), then removes all but the
/// newest `keep` ones and what a crash left. A checkpoint of that step that is already there is
/// replaced.
rt::Status saveCheckpoint(const std::string &directory, const tenon_trainer_t *trainer,
                          const TrainState &state, uint32_t keep);

/// Checks sizes and digests of a checkpoint against its manifest and reads its state.
rt::Status readCheckpoint(const std::string &path, TrainState &out);

/// Loads the newest checkpoint of `directory` that is whole into `trainer`; `out_path` is the one.
/// `out_skipped` has a line for every newer one that is not. NotFound if there is none at all.
rt::Status loadNewestCheckpoint(const std::string &directory, tenon_trainer_t *trainer,
                                TrainState &out, std::string &outPath, std::string &outSkipped);

} // namespace tenon::train

#endif // TENON_TRAIN_CHECKPOINT_H
