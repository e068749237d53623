// tenon_trainer_t: masters of the weights, optimizer states, and the step entry ready to run.
#ifndef TENON_SESSION_TRAINER_H
#define TENON_SESSION_TRAINER_H

#include "runtime/session/EntryRunner.h"
#include "runtime/session/Model.h"

struct tenon_trainer {
  tenon::rt::Ref<tenon_env> env;
  tenon::rt::Ref<tenon::rt::Program> program;
  tenon::rt::Ref<tenon::rt::Weights> masters; // with optimizer states
  tenon::rt::Ref<tenon::rt::FitTable> fits;   // its own copy
  uint32_t entry = 0;                         // the step
  std::unique_ptr<tenon::rt::EntryRunner> runner;
  tenon::rt::AlignedMemory arena;
  tenon::rt::AlignedMemory values; // outputs of the step, 64 bytes each
  std::vector<void *> outputs;     // into `values`
  tenon_step step = {};            // step.step: steps done
};

namespace tenon::rt {

Status createTrainer(Ref<tenon_env> env, const tenon_model &model, uint32_t train,
                     const tenon_trainer_options &options, std::unique_ptr<tenon_trainer> *out);

/// One step; see tenon_trainer_step.
Status trainStep(tenon_trainer *trainer, const tenon_call &call, double *outValues,
                 size_t valueCount);

Status saveTrainer(const tenon_trainer &trainer, const std::string &weightsPath,
                   const std::string &optimizerPath);
/// Changes nothing if it fails.
Status loadTrainer(tenon_trainer *trainer, const std::string &weightsPath,
                   const std::string &optimizerPath);

} // namespace tenon::rt

#endif
