#include "tests/oracle/Compiled.h"
#include "compiler/pipeline/Pipeline.h"
#include "tenon/tenon.h"
#include <memory>

using namespace llvm;

namespace tenon::oracle {

static Error error(const Twine &message) {
  return createStringError(inconvertibleErrorCode(), message);
}

static Error toError(tenon_status_t status) {
  if (!status)
    return Error::success();
  std::string message = tenon_status_message(status);
  tenon_status_free(status);
  return error(message);
}

template <typename Handle, void (*release)(Handle *)> struct Releaser {
  void operator()(Handle *handle) const { release(handle); }
};
using Env = std::unique_ptr<tenon_env_t, Releaser<tenon_env_t, tenon_env_release>>;
using Model = std::unique_ptr<tenon_model_t, Releaser<tenon_model_t, tenon_model_release>>;
using Session = std::unique_ptr<tenon_session_t, Releaser<tenon_session_t, tenon_session_release>>;
using Trainer = std::unique_ptr<tenon_trainer_t, Releaser<tenon_trainer_t, tenon_trainer_release>>;

/// Lowers to kernels, and has every one of them shared by all threads however small it is: at the
/// sizes that are checked few would be.
static mlir::LogicalResult lowerForSharing(mlir::ModuleOp module, const pipeline::Options &options) {
  if (failed(pipeline::lower(module, pipeline::Phase::Schedule, options.optLevel, options.cpus[0])))
    return mlir::failure();
  for (auto kernel : module.getOps<fuse::FuncOp>())
    if (kernel->hasAttr(fuse::kGrainAttrName))
      kernel->setAttr(fuse::kGrainAttrName, graph::SizeAttr::constant(module.getContext(), 1));
  return mlir::success();
}

Expected<Compiled> Compiled::create(mlir::ModuleOp module, unsigned optLevel, StringRef cpu) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  pipeline::Options options;
  options.optLevel = optLevel;
  options.cpus = {cpu.str()};
  serialize::ArtifactOptions artifact;
  artifact.name = "check";
  if (failed(lowerForSharing(*copy, options)))
    return error("does not compile at -O" + Twine(optLevel));
  mlir::FailureOr<std::string> bytes = pipeline::compileToArtifact(*copy, options, artifact);
  if (failed(bytes))
    return error("does not compile at -O" + Twine(optLevel));
  return Compiled(std::move(*bytes));
}

static Expected<Model> loadModel(StringRef artifact, const std::map<std::string, Tensor> &stored,
                                 unsigned threads) {
  tenon_env_options options = {};
  options.threads = threads;
  tenon_env_t *env = nullptr;
  if (Error failure = toError(tenon_env_create(&options, &env)))
    return failure;
  Env ownedEnv(env); // the model keeps it alive
  tenon_model_t *model = nullptr;
  if (Error failure = toError(
          tenon_model_load_memory(env, artifact.data(), artifact.size(), nullptr, &model)))
    return failure;
  Model owned(model);
  for (const auto &[path, tensor] : stored) {
    std::vector<char> bytes = tensor.toBytes();
    if (Error failure = toError(
            tenon_model_set_weight(model, path.c_str(), bytes.data(), bytes.size())))
      return failure;
  }
  return owned;
}

/// A session for these sizes exactly, or for larger ones.
static Expected<Session> makeSession(tenon_model_t *model, uint32_t entry, const Sizes &sizes,
                                     bool withRoom) {
  std::vector<tenon_limit> limits;
  for (const auto &[name, value] : sizes)
    limits.push_back({name.c_str(), std::max<int64_t>(withRoom ? 2 * value + 3 : value, 1)});
  tenon_session_options options = {limits.data(), limits.size(), &entry, 1};
  tenon_session_t *session = nullptr;
  if (Error failure = toError(tenon_session_create(model, &options, &session)))
    return failure;
  return Session(session);
}

static Element elementOf(tenon_dtype dtype) {
  switch (dtype) {
  case TENON_DTYPE_F64: return Element::F64;
  case TENON_DTYPE_I32: return Element::I32;
  case TENON_DTYPE_I64: return Element::I64;
  case TENON_DTYPE_BOOL: return Element::I1;
  default: return Element::F32;
  }
}

/// Memory of a tensor for a call. The runtime uses aligned memory in place and copies any other.
class Memory {
public:
  Memory(const std::vector<char> &bytes, bool aligned) : bytes(bytes.size() + 65) {
    auto address = reinterpret_cast<uintptr_t>(this->bytes.data());
    offset = (64 - address % 64) % 64 + (aligned ? 0 : 1);
    std::copy(bytes.begin(), bytes.end(), data());
  }
  char *data() { return bytes.data() + offset; }

private:
  std::vector<char> bytes;
  size_t offset;
};

/// Zero tensors of the types that the loaded model says its outputs have.
static Expected<std::vector<Tensor>> makeOutputs(tenon_model_t *model, uint32_t entry,
                                                 ArrayRef<int64_t> sizes) {
  tenon_entry_info info;
  if (Error failure = toError(tenon_model_entry(model, entry, &info)))
    return failure;
  std::vector<Tensor> outputs;
  for (uint32_t i = 0; i < info.output_count; ++i) {
    tenon_tensor_info output;
    if (Error failure = toError(tenon_model_output(model, entry, i, &output)))
      return failure;
    Shape dims(output.rank);
    if (Error failure = toError(tenon_model_output_dims(model, entry, i, sizes.data(),
                                                        sizes.size(), dims.data())))
      return failure;
    outputs.emplace_back(elementOf(output.dtype), dims);
  }
  return outputs;
}

/// The values of an entry's size names, in its order.
static Expected<std::vector<int64_t>> orderSizes(tenon_model_t *model, uint32_t entry,
                                                 const Sizes &sizes) {
  tenon_entry_info info;
  if (Error failure = toError(tenon_model_entry(model, entry, &info)))
    return failure;
  std::vector<int64_t> ordered;
  for (uint32_t i = 0; i < info.size_count; ++i)
    ordered.push_back(sizes.at(info.sizes[i]));
  return ordered;
}

Expected<std::vector<Tensor>> Compiled::run(StringRef name, ArrayRef<Tensor> inputs,
                                            const Sizes &sizes,
                                            const Environment &environment,
                                            unsigned threads) const {
  Expected<Model> model = loadModel(artifact, environment.stored, threads);
  if (!model)
    return model.takeError();
  uint32_t entry;
  if (Error failure = toError(tenon_model_find_entry(model->get(), name.str().c_str(), &entry)))
    return failure;
  Expected<Session> session = makeSession(model->get(), entry, sizes, /*withRoom=*/threads > 1);
  if (!session)
    return session.takeError();
  tenon_random random = {uint64_t(environment.seed), environment.step, environment.exampleOffset};
  if (Error failure = toError(tenon_session_set_random(session->get(), &random)))
    return failure;
  Expected<std::vector<int64_t>> ordered = orderSizes(model->get(), entry, sizes);
  if (!ordered)
    return ordered.takeError();
  Expected<std::vector<Tensor>> outputs = makeOutputs(model->get(), entry, *ordered);
  if (!outputs)
    return outputs;

  std::vector<Memory> memory;
  std::vector<const void *> inputPointers;
  std::vector<void *> outputPointers;
  bool aligned = threads > 1;
  for (const Tensor &input : inputs)
    memory.emplace_back(input.toBytes(), aligned);
  for (const Tensor &output : *outputs)
    memory.emplace_back(std::vector<char>(output.count() * bytesOf(output.element), 0x5a), aligned);
  for (size_t i = 0; i < memory.size(); ++i)
    if (i < inputs.size())
      inputPointers.push_back(memory[i].data());
    else
      outputPointers.push_back(memory[i].data());

  tenon_call call = {inputPointers.data(),  inputPointers.size(), outputPointers.data(),
                     outputPointers.size(), ordered->data(),      ordered->size()};
  if (Error failure = toError(tenon_session_run(session->get(), entry, &call)))
    return failure;
  for (auto [i, output] : enumerate(*outputs))
    output = Tensor::fromBytes(output.element, output.shape, outputPointers[i]);
  return outputs;
}

// ---- Training ---------------------------------------------------------------------------------

/// Appends a weight to `weights`, unless it is the optimizer's.
static Error takeWeight(const tenon_model_t *model, const tenon_parameter_info &info,
                        std::map<std::string, Tensor> &weights) {
  if (info.optimizer)
    return Error::success();
  std::vector<char> bytes(info.bytes);
  if (Error failure =
          toError(tenon_model_get_weight(model, info.path, bytes.data(), bytes.size())))
    return failure;
  weights[info.path] = Tensor::fromBytes(elementOf(info.dtype),
                                         Shape(info.dims, info.dims + info.rank), bytes.data());
  return Error::success();
}

static Expected<std::map<std::string, Tensor>> takeWeights(const tenon_model_t *model) {
  std::map<std::string, Tensor> weights;
  tenon_parameter_info info;
  for (uint32_t i = 0; i < tenon_model_parameter_count(model); ++i) {
    if (Error failure = toError(tenon_model_parameter(model, i, &info)))
      return failure;
    if (Error failure = takeWeight(model, info, weights))
      return failure;
  }
  for (uint32_t i = 0; i < tenon_model_state_count(model); ++i) {
    if (Error failure = toError(tenon_model_state(model, i, &info)))
      return failure;
    if (Error failure = takeWeight(model, info, weights))
      return failure;
  }
  return weights;
}

Expected<std::map<std::string, Tensor>> Compiled::initialWeights() const {
  Expected<Model> model = loadModel(artifact, {}, /*threads=*/1);
  if (!model)
    return model.takeError();
  return takeWeights(model->get());
}

/// One step on one batch; the values that it reports.
static Expected<Tensor> runStep(tenon_trainer_t *trainer, ArrayRef<Tensor> inputs,
                                int64_t valueCount) {
  std::vector<std::vector<char>> memory;
  std::vector<const void *> pointers;
  for (const Tensor &input : inputs)
    memory.push_back(input.toBytes());
  for (const std::vector<char> &bytes : memory)
    pointers.push_back(bytes.data());
  int64_t rows = inputs[0].shape[0];
  tenon_call call = {pointers.data(), pointers.size(), nullptr, 0, &rows, 1};
  Tensor values(Element::F32, {valueCount});
  if (Error failure =
          toError(tenon_trainer_step(trainer, &call, values.reals.data(), values.reals.size())))
    return failure;
  return values;
}

Expected<TrainingRun> Compiled::train(uint32_t index, ArrayRef<std::vector<Tensor>> batches,
                                      unsigned threads) const {
  Expected<Model> model = loadModel(artifact, {}, threads);
  if (!model)
    return model.takeError();
  tenon_trainer_options options = {};
  options.total_steps = int64_t(batches.size());
  for (const std::vector<Tensor> &batch : batches)
    options.max_batch = std::max(options.max_batch, batch[0].shape[0]);
  tenon_trainer_t *handle = nullptr;
  if (Error failure =
          toError(tenon_trainer_create(nullptr, model->get(), index, &options, &handle)))
    return failure;
  Trainer trainer(handle);
  tenon_entry_info step;
  if (Error failure = toError(tenon_model_entry(model->get(), tenon_trainer_entry(handle), &step)))
    return failure;

  TrainingRun run;
  for (const std::vector<Tensor> &batch : batches) {
    Expected<Tensor> values = runStep(handle, batch, step.output_count);
    if (!values)
      return values.takeError();
    run.values.push_back(std::move(*values));
  }
  tenon_model_t *trained = nullptr;
  if (Error failure = toError(tenon_trainer_snapshot(handle, &trained)))
    return failure;
  Model owned(trained);
  Expected<std::map<std::string, Tensor>> weights = takeWeights(trained);
  if (!weights)
    return weights.takeError();
  run.weights = std::move(*weights);
  return run;
}

} // namespace tenon::oracle
