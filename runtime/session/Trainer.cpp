#include "runtime/session/Trainer.h"

#include "runtime/hal/cpu/FloatControl.h"
#include "runtime/session/Session.h"

#include <charconv>
#include <cmath>

namespace tenon::rt {
namespace {

constexpr const char *stepKey = "tenon.step"; // in the metadata of optimizer files

/// Limits of the step's sizes: the batch from max_batch, the others as given.
Status stepLimits(const EntrySpec &entry, const schema::Train &block,
                  const tenon_trainer_options &options, std::vector<int64_t> *out) {
  if (options.limit_count != 0)
    TENON_TRY(checkNotNull("tenon_trainer_create", {{options.limits, "limits"}}));
  const char *missing = nullptr;
  TENON_TRY(limitsOf(entry, options.limits, options.limit_count, out, &missing));
  int64_t batch = options.max_batch ? options.max_batch : static_cast<int64_t>(block.batch());
  if (batch < 1)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "tenon_trainer_create: max_batch is %lld, below 1",
                         static_cast<long long>(batch));
  for (uint32_t i = 0; i < entry.sizes.size(); ++i) {
    if (entry.inputs[0].shape[0].isName(i))
      (*out)[i] = batch;
    else if ((*out)[i] == 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_trainer_create: size '%s' of '%s' needs a limit",
                           entry.sizeNames[i], entry.name.c_str());
  }
  return {};
}

} // namespace

Status createTrainer(Ref<tenon_env> env, const tenon_model &model, uint32_t train,
                     const tenon_trainer_options &options, std::unique_ptr<tenon_trainer> *out) {
  const auto *blocks = model.program->artifact().trains();
  if (train >= countOf(blocks))
    return Status::error(TENON_STATUS_NOT_FOUND, "tenon_trainer_create: train block %u of %u",
                         train, countOf(blocks));
  if (options.total_steps < 1)
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "tenon_trainer_create: total_steps is %lld, below 1: schedules need it",
                         static_cast<long long>(options.total_steps));
  const schema::Train &block = *blocks->Get(train);
  const EntrySpec &entry = model.program->entries()[block.step()];
  std::vector<int64_t> limits;
  TENON_TRY(stepLimits(entry, block, options, &limits));

  auto trainer = std::make_unique<tenon_trainer>();
  trainer->program = model.program;
  trainer->entry = block.step();
  trainer->step.seed = options.seed ? options.seed : block.seed();
  trainer->step.total_steps = options.total_steps;
  TENON_TRY(EntryRunner::create(*model.program, trainer->entry, std::move(limits),
                                env->executor.threads(), &trainer->runner));
  TENON_TRY(AlignedMemory::allocate(env->allocator, trainer->runner->arenaBytes(), "trainer",
                                    &trainer->arena));
  TENON_TRY(AlignedMemory::allocate(env->allocator, entry.outputs.size() * 64, "trainer",
                                    &trainer->values));
  for (size_t i = 0; i < entry.outputs.size(); ++i)
    trainer->outputs.push_back(trainer->values.data() + 64 * i);
  TENON_TRY(
      Weights::create(model.program, env->allocator, /*withOptimizer=*/true, &trainer->masters));
  trainer->masters->copyModelFrom(*model.weights);
  {
    FloatControl control;
    trainer->masters->initializeOptimizer(trainer->step.seed);
  }
  trainer->fits = Ref<FitTable>::adopt(new FitTable);
  trainer->fits->values = model.fits->values;
  trainer->env = std::move(env);
  *out = std::move(trainer);
  return {};
}

Status trainStep(tenon_trainer *trainer, const tenon_call &call, double *outValues,
                 size_t valueCount) {
  const EntrySpec &entry = trainer->program->entries()[trainer->entry];
  TENON_TRY(checkCall(entry, call, /*outputs=*/0));
  if (valueCount != entry.outputs.size())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %zu values, room for %zu",
                         entry.name.c_str(), entry.outputs.size(), valueCount);
  EntryCall ready;
  ready.inputs = call.inputs;
  ready.outputs = trainer->outputs.data();
  ready.sizes = call.sizes;
  ready.weights = trainer->masters.get();
  ready.step = trainer->step;
  ready.step.step += 1;
  TENON_TRY(trainer->runner->run(ready, trainer->env->executor, trainer->arena.data()));
  for (size_t i = 0; i < valueCount; ++i)
    outValues[i] = entry.outputs[i].dtype == TENON_DTYPE_F64
                       ? *static_cast<const double *>(trainer->outputs[i])
                       : *static_cast<const float *>(trainer->outputs[i]);
  // The compiled step has left weights and states alone in this case.
  if (!std::isfinite(outValues[0]))
    return Status::errorAt(entry.line, TENON_STATUS_NOT_FINITE,
                           "training step %lld: the loss is %g; weights and optimizer are as "
                           "before this step. Look at the values of this batch, or use a smaller "
                           "learning rate",
                           static_cast<long long>(ready.step.step), outValues[0]);
  trainer->step.step = ready.step.step;
  return {};
}

Status saveTrainer(const tenon_trainer &trainer, const std::string &weightsPath,
                   const std::string &optimizerPath) {
  TENON_TRY(saveModel(weightsPath, *trainer.program, *trainer.masters, trainer.fits->values));
  return writeSafetensors(optimizerPath, trainer.masters->tensors(Weights::Part::Optimizer),
                          {{stepKey, std::to_string(trainer.step.step)}});
}

Status loadTrainer(tenon_trainer *trainer, const std::string &weightsPath,
                   const std::string &optimizerPath) {
  Safetensors weights, optimizer;
  TENON_TRY(Safetensors::open(weightsPath, &weights));
  TENON_TRY(Safetensors::open(optimizerPath, &optimizer));
  auto text = optimizer.metadata().find(stepKey);
  int64_t step = -1;
  if (text != optimizer.metadata().end()) {
    const char *end = text->second.data() + text->second.size();
    auto [rest, error] = std::from_chars(text->second.data(), end, step);
    if (error != std::errc() || rest != end)
      step = -1;
  }
  if (step < 0)
    return Status::error(TENON_STATUS_MISMATCH,
                         "%s: metadata '%s' has no number of steps: this is no optimizer file",
                         optimizerPath.c_str(), stepKey);
  if (Status status = trainer->masters->check(optimizer, Weights::Part::Optimizer); !status.ok())
    return std::move(status).withPrefix(optimizerPath);
  TENON_TRY(loadModelWeights(weights, weightsPath, *trainer->program, trainer->env->log,
                             trainer->masters.get(), &trainer->fits->values));
  trainer->masters->take(optimizer, Weights::Part::Optimizer);
  trainer->step.step = step;
  return {};
}

} // namespace tenon::rt
