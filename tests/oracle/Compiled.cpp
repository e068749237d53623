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

Expected<Compiled> Compiled::create(mlir::ModuleOp module, unsigned optLevel) {
  mlir::OwningOpRef<mlir::ModuleOp> copy = module.clone();
  pipeline::Options options;
  options.optLevel = optLevel;
  serialize::ArtifactOptions artifact;
  artifact.name = "check";
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

static Expected<Session> makeSession(tenon_model_t *model, uint32_t entry, const Sizes &sizes) {
  std::vector<tenon_limit> limits;
  for (const auto &[name, value] : sizes)
    limits.push_back({name.c_str(), std::max<int64_t>(value, 1)});
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
                                            const std::map<std::string, Tensor> &stored,
                                            unsigned threads) const {
  Expected<Model> model = loadModel(artifact, stored, threads);
  if (!model)
    return model.takeError();
  uint32_t entry;
  if (Error failure = toError(tenon_model_find_entry(model->get(), name.str().c_str(), &entry)))
    return failure;
  Expected<Session> session = makeSession(model->get(), entry, sizes);
  if (!session)
    return session.takeError();
  Expected<std::vector<int64_t>> ordered = orderSizes(model->get(), entry, sizes);
  if (!ordered)
    return ordered.takeError();
  Expected<std::vector<Tensor>> outputs = makeOutputs(model->get(), entry, *ordered);
  if (!outputs)
    return outputs;

  std::vector<std::vector<char>> memory;
  std::vector<const void *> inputPointers;
  std::vector<void *> outputPointers;
  for (const Tensor &input : inputs)
    memory.push_back(input.toBytes());
  for (const Tensor &output : *outputs)
    memory.push_back(std::vector<char>(output.count() * bytesOf(output.element), 0x5a));
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

} // namespace tenon::oracle
