// tenon_trainer_t: masters of the weights, optimizer states, and the step entry ready to run.
#ifndef TENON_SESSION_TRAINER_H
#define TENON_SESSION_TRAINER_H

#include "runtime/session/EntryRunner.h"
#include "runtime/session/Model.h"

namespace tenon::rt {

/// What a step runs on parts of its batch, before the step entry; nothing if it takes batches whole.
struct MicroBatches {
  int64_t rows = 0; // of all micro-batches but the last; 0: the batch is not cut
  std::vector<std::unique_ptr<EntryRunner>> passes; // each runs on every micro-batch, in order
  std::vector<const void *> inputs;                 // of one call
  std::vector<int64_t> sizes;
};

} // namespace tenon::rt

struct tenon_trainer {
  tenon::rt::Ref<tenon_env> env;
  tenon::rt::Ref<tenon::rt::Program> program;
  tenon::rt::Ref<tenon::rt::Weights> masters;  // with optimizer states
  tenon::rt::Ref<tenon::rt::Weights> deployed; // to evaluate and give away: masters, or averages
  tenon::rt::Ref<tenon::rt::FitTable> fits;   // its own copy
  uint32_t entry = 0;                         // the step
  std::unique_ptr<tenon::rt::EntryRunner> runner;
  tenon::rt::MicroBatches micro;
  uint32_t batchSize = 0; // which of the step's sizes
  int64_t maxBatch = 0;
  int32_t normOutput = -1; // of the step: the norm of the gradients
  tenon::rt::AlignedMemory arena; // of all runners, one at a time
  tenon::rt::AlignedMemory values; // outputs of the step, 64 bytes each
  std::vector<void *> outputs;     // into `values`
  tenon_step step = {};            // step.step: steps done
};

namespace tenon::rt {

Status createTrainer(Ref<tenon_env> env, const tenon_model &model, uint32_t train,
                     const tenon_trainer_options &options, std::unique_ptr<tenon_trainer> *out);

/// Makes the arguments those of the next steps; see tenon_trainer_bind.
Status bindStep(tenon_trainer *trainer, const tenon_call &call);
/// One step on what is bound; see tenon_trainer_step_bound.
Status trainStep(tenon_trainer *trainer, double *outValues, size_t valueCount);

Status saveTrainer(const tenon_trainer &trainer, const std::string &weightsPath,
                   const std::string &optimizerPath);
/// Changes nothing if it fails.
Status loadTrainer(tenon_trainer *trainer, const std::string &weightsPath,
                   const std::string &optimizerPath);

} // namespace tenon::rt

#endif
