#include "runtime/session/Trainer.h"

#include "runtime/hal/cpu/FloatControl.h"
#include "runtime/session/Session.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tenon::rt {
namespace {

constexpr const char *stepKey = "tenon.step"; // in the metadata of optimizer files

/// Limits of the step's sizes: the batch from max_batch, the others as given. `batchSize` is which
/// one the batch is.
Status stepLimits(const EntrySpec &entry, const schema::Train &block,
                  const tenon_trainer_options &options, std::vector<int64_t> *out,
                  uint32_t *batchSize) {
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
    if (entry.inputs[0].shape[0].isName(i)) {
      (*out)[i] = batch;
      *batchSize = i;
    } else if ((*out)[i] == 0)
      return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                           "tenon_trainer_create: size '%s' of '%s' needs a limit",
                           entry.sizeNames[i], entry.name.c_str());
  }
  return {};
}

/// The runners of a step's parts, and the memory they need at once.
Status createMicroBatches(const tenon_trainer &trainer, const schema::Train &block,
                          std::vector<int64_t> limits, MicroBatches *out, uint64_t *arenaBytes) {
  int64_t count = block.micro_batches();
  if (count == 1)
    return {};
  if (limits.empty())
    return Status::error(TENON_STATUS_CORRUPT, "entry %u has no batch to cut", trainer.entry);
  out->rows = (trainer.maxBatch - 1) / count + 1;
  out->sizes.resize(limits.size());
  out->inputs.resize(trainer.program->entries()[trainer.entry].inputs.size());
  limits[trainer.batchSize] = out->rows;
  for (int32_t entry : {block.counts(), block.accumulate()}) {
    if (entry < 0)
      continue;
    out->passes.emplace_back();
    TENON_TRY(EntryRunner::create(*trainer.program, static_cast<uint32_t>(entry), limits,
                                  trainer.env->executor.threads(), &out->passes.back()));
    *arenaBytes = std::max(*arenaBytes, out->passes.back()->arenaBytes());
  }
  return {};
}

/// Runs counts and gradients over all micro-batches. The states that they add to are zero before.
Status runMicroBatches(tenon_trainer *trainer, const EntryCall &whole) {
  MicroBatches &micro = trainer->micro;
  const EntrySpec &entry = trainer->program->entries()[trainer->entry];
  int64_t rows = whole.sizes[trainer->batchSize];
  if (rows < 0 || rows > trainer->maxBatch)
    return Status::error(TENON_STATUS_LIMIT,
                         "entry '%s': %s is %lld, not from 0 to the limit of %lld; create the "
                         "trainer with a larger max_batch",
                         entry.name.c_str(), entry.sizeNames[trainer->batchSize],
                         static_cast<long long>(rows), static_cast<long long>(trainer->maxBatch));
  trainer->masters->clearAccumulators();
  EntryCall part = whole;
  part.inputs = micro.inputs.data();
  part.sizes = micro.sizes.data();
  part.outputs = nullptr; // the passes have none
  std::copy(whole.sizes, whole.sizes + micro.sizes.size(), micro.sizes.begin());
  for (const std::unique_ptr<EntryRunner> &pass : micro.passes) {
    int64_t first = 0;
    do { // an empty batch is one empty micro-batch
      micro.sizes[trainer->batchSize] = first;
      for (size_t i = 0; i < micro.inputs.size(); ++i) {
        uint64_t offset = 0; // of the rows before
        if (entry.inputs[i].bytes(micro.sizes.data(), &offset) != SizeError::None)
          return Status::error(TENON_STATUS_LIMIT, "entry '%s': input '%s' is too large",
                               entry.name.c_str(), entry.inputs[i].name.c_str());
        const auto *given = static_cast<const uint8_t *>(whole.inputs[i]);
        micro.inputs[i] = given ? given + offset : nullptr;
      }
      micro.sizes[trainer->batchSize] = std::min(micro.rows, rows - first);
      part.step.example_offset = first;
      TENON_TRY(pass->run(part, trainer->env->executor, trainer->arena.data()));
      first += micro.rows;
    } while (first < rows);
  }
  return {};
}

/// NOT_FINITE if the step has left weights and states alone. `values` are its outputs.
Status checkFinite(const tenon_trainer &trainer, const EntrySpec &entry, int64_t step,
                   const int64_t *sizes, const double *values) {
  bool isNorm = std::isfinite(values[0]);
  if (isNorm && (trainer.normOutput < 0 || std::isfinite(values[trainer.normOutput])))
    return {};
  double value = isNorm ? values[trainer.normOutput] : values[0];
  bool isEmpty = trainer.maxBatch != 0 && sizes[trainer.batchSize] == 0;
  return Status::errorAt(
      entry.line, TENON_STATUS_NOT_FINITE,
      "training step %lld: the %s is %g; weights and optimizer are as before this step. %s",
      static_cast<long long>(step), isNorm ? "norm of the gradients" : "loss",
      std::isnan(value) ? std::fabs(value) : value, // the sign of a NaN says nothing
      isEmpty ? "The batch is 0: a step needs rows"
              : "Look at the values of this batch, or use a smaller learning rate");
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
  uint32_t batchSize = 0;
  TENON_TRY(stepLimits(entry, block, options, &limits, &batchSize));

  auto trainer = std::make_unique<tenon_trainer>();
  trainer->program = model.program;
  trainer->batchSize = batchSize;
  trainer->maxBatch = limits.empty() ? 0 : limits[batchSize];
  for (size_t i = 0; i < entry.outputs.size(); ++i)
    if (entry.outputs[i].name == "grad_norm")
      trainer->normOutput = static_cast<int32_t>(i);
  trainer->entry = block.step();
  trainer->step.seed = options.seed ? options.seed : block.seed();
  trainer->step.total_steps = options.total_steps;
  TENON_TRY(EntryRunner::create(*model.program, trainer->entry, limits, env->executor.threads(),
                                &trainer->runner));
  trainer->env = std::move(env);
  uint64_t arenaBytes = trainer->runner->arenaBytes();
  TENON_TRY(createMicroBatches(*trainer, block, std::move(limits), &trainer->micro, &arenaBytes));
  const Allocator &allocator = trainer->env->allocator;
  TENON_TRY(AlignedMemory::allocate(allocator, arenaBytes, "trainer", &trainer->arena));
  TENON_TRY(AlignedMemory::allocate(allocator, entry.outputs.size() * 64, "trainer",
                                    &trainer->values));
  for (size_t i = 0; i < entry.outputs.size(); ++i)
    trainer->outputs.push_back(trainer->values.data() + 64 * i);
  TENON_TRY(Weights::create(model.program, allocator, /*withOptimizer=*/true, &trainer->masters));
  trainer->masters->copyModelFrom(*model.weights);
  {
    FloatControl control;
    trainer->masters->initializeOptimizer(trainer->step.seed);
  }
  trainer->masters->beginAverages();
  trainer->deployed =
      block.average() > 0 ? Weights::averagesOf(trainer->masters) : trainer->masters;
  trainer->fits = Ref<FitTable>::adopt(new FitTable);
  trainer->fits->values = model.fits->values;
  *out = std::move(trainer);
  return {};
}

Status bindStep(tenon_trainer *trainer, const tenon_call &call) {
  TENON_TRY(checkCall(trainer->program->entries()[trainer->entry], call, /*outputs=*/0));
  EntryCall bound;
  bound.inputs = call.inputs;
  bound.outputs = trainer->outputs.data();
  bound.sizes = call.sizes;
  bound.weights = trainer->masters.get();
  return trainer->runner->bind(bound, trainer->arena.data());
}

Status trainStep(tenon_trainer *trainer, double *outValues, size_t valueCount) {
  const EntrySpec &entry = trainer->program->entries()[trainer->entry];
  if (!trainer->runner->isBound())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT,
                         "entry '%s': no arguments are bound: call tenon_trainer_bind first",
                         entry.name.c_str());
  if (valueCount != entry.outputs.size())
    return Status::error(TENON_STATUS_INVALID_ARGUMENT, "entry '%s': %zu values, room for %zu",
                         entry.name.c_str(), entry.outputs.size(), valueCount);
  tenon_step step = trainer->step;
  step.step += 1;
  if (trainer->micro.rows != 0)
    TENON_TRY(runMicroBatches(trainer, trainer->runner->boundCall(step)));
  TENON_TRY(trainer->runner->runBound(step, trainer->env->executor));
  for (size_t i = 0; i < valueCount; ++i)
    outValues[i] = entry.outputs[i].dtype == TENON_DTYPE_F64
                       ? *static_cast<const double *>(trainer->outputs[i])
                       : *static_cast<const float *>(trainer->outputs[i]);
  TENON_TRY(checkFinite(*trainer, entry, step.step, trainer->runner->boundCall(step).sizes,
                        outValues));
  trainer->step.step = step.step;
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
