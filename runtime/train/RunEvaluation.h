// How good the weights of a finished run are.
#ifndef TENON_TRAIN_RUNEVALUATION_H
#define TENON_TRAIN_RUNEVALUATION_H

#include "runtime/base/Status.h"
#include "runtime/data/Handles.h"
#include "runtime/train/Blocks.h"
#include "runtime/train/Evaluate.h"
#include "runtime/train/Run.h"
#include "runtime/train/RunDirectory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tenon::train {

/// Loads the model of a run with its trained weights, or with those of the file `weights` if it is
/// not empty, and finds the run's train block.
rt::Status loadTrainedModel(tenon_env_t *env, const RunDirectory &directory,
                            const RunRecord &record, const std::string &weights,
                            data::Model &outModel, TrainBlock &outBlock);

struct EvaluationRequest {
  std::string directory;
  std::string split;          // empty: test if there is one, else val, else train
  std::vector<DataPath> data; // another file, of which all rows are used
};

struct RunEvaluation {
  std::string block;
  std::string dataPath;
  std::string split; // empty: all rows of another file
  bool trainedOn = false;
  int64_t rows = 0;
  std::vector<NamedValue> values; // loss, then metrics
  std::vector<PredictionError> predictions;
};

/// Errors: a split that there is not, or without rows; a data file that is not the recorded one
/// any more, so that its split would be another.
rt::Status evaluateRun(tenon_env_t *env, const EvaluationRequest &request, RunEvaluation &out);

} // namespace tenon::train

#endif // TENON_TRAIN_RUNEVALUATION_H
