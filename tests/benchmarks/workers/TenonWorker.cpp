// Tenon as the harness measures it: artifacts through the public C interface.
//
// usage: tenon-bench-worker THREADS      (requests: Serve.h)
//
//   open NAME load FILE                       from the file to the result of `forward` for one row
//   open NAME entry FILE ENTRY size=value...  runs an entry with arrays bound once
//   open NAME step FILE size=value...         training steps; each run starts from the initialisers
#include "Serve.h"
#include "tenon/tenon.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

using namespace tenon::bench;

namespace {

void check(tenon_status_t status) {
  if (!status)
    return;
  std::string message = tenon_status_message(status);
  tenon_status_free(status);
  throw std::runtime_error(message);
}

struct Release {
  void operator()(tenon_env_t *env) const { tenon_env_release(env); }
  void operator()(tenon_model_t *model) const { tenon_model_release(model); }
  void operator()(tenon_session_t *session) const { tenon_session_release(session); }
  void operator()(tenon_trainer_t *trainer) const { tenon_trainer_release(trainer); }
};
template <typename T> using Handle = std::unique_ptr<T, Release>;

/// Zeros at a multiple of 64 bytes, which Tenon uses in place.
using Memory = std::unique_ptr<char, void (*)(void *)>;
Memory zeros(size_t bytes) {
  size_t rounded = (bytes + 64) / 64 * 64;
  Memory memory(static_cast<char *>(std::aligned_alloc(64, rounded)), std::free);
  std::memset(memory.get(), 0, rounded);
  return memory;
}

/// Arrays for the inputs and outputs of an entry. f32 arrays hold a fixed wave, integers count from
/// 0 to 9 again and again, so that they are class indices; everything else is zero.
class Arrays {
public:
  Arrays(tenon_model_t *model, uint32_t entry, const Words &words) {
    check(tenon_model_entry(model, entry, &info));
    for (uint32_t i = 0; i < info.size_count; ++i)
      sizes.push_back(sizeNamed(words, info.sizes[i]));
    for (uint32_t i = 0; i < info.input_count; ++i)
      inputs.push_back(array(model, entry, i, tenon_model_input, tenon_model_input_dims));
    for (uint32_t i = 0; i < info.output_count; ++i)
      outputs.push_back(array(model, entry, i, tenon_model_output, tenon_model_output_dims));
  }
  tenon_call call(bool withOutputs) const {
    return {inputs.data(),
            inputs.size(),
            withOutputs ? outputs.data() : nullptr,
            withOutputs ? outputs.size() : 0,
            sizes.data(),
            sizes.size()};
  }

  tenon_entry_info info;
  std::vector<int64_t> sizes;
  std::vector<void *> outputs;

private:
  template <typename Info, typename Dims>
  void *array(tenon_model_t *model, uint32_t entry, uint32_t index, Info getInfo, Dims getDims) {
    tenon_tensor_info tensor;
    check(getInfo(model, entry, index, &tensor));
    std::vector<int64_t> dims(tensor.rank);
    check(getDims(model, entry, index, sizes.data(), sizes.size(), dims.data()));
    size_t count = 1;
    for (int64_t dim : dims)
      count *= static_cast<size_t>(dim);
    memory.push_back(zeros(count * tenon_dtype_size(tensor.dtype)));
    void *data = memory.back().get();
    for (size_t i = 0; i < count; ++i)
      if (tensor.dtype == TENON_DTYPE_F32)
        static_cast<float *>(data)[i] = std::sin(static_cast<float>(i % 65536));
      else if (tensor.dtype == TENON_DTYPE_I32)
        static_cast<int32_t *>(data)[i] = static_cast<int32_t>(i % 10);
    return data;
  }
  std::vector<const void *> inputs;
  std::vector<Memory> memory;
};

Handle<tenon_model_t> load(tenon_env_t *env, const std::string &file) {
  tenon_model_t *model;
  check(tenon_model_load_file(env, file.c_str(), nullptr, &model));
  return Handle<tenon_model_t>(model);
}

/// A session for one entry, limited to these sizes.
Handle<tenon_session_t> sessionFor(tenon_model_t *model, uint32_t entry, const Arrays &arrays) {
  std::vector<tenon_limit> limits;
  for (size_t i = 0; i < arrays.sizes.size(); ++i)
    limits.push_back({arrays.info.sizes[i], std::max<int64_t>(arrays.sizes[i], 1)});
  tenon_session_options options = {limits.data(), limits.size(), &entry, 1};
  tenon_session_t *session;
  check(tenon_session_create(model, &options, &session));
  return Handle<tenon_session_t>(session);
}

class Load : public Workload {
public:
  Load(tenon_env_t *env, std::string file) : env(env), file(std::move(file)) {}
  double run(int64_t count) override {
    return timed(count, [&] {
      Handle<tenon_model_t> model = load(env, file);
      uint32_t entry;
      check(tenon_model_find_entry(model.get(), "forward", &entry));
      Arrays arrays(model.get(), entry, {"batch=1"});
      Handle<tenon_session_t> session = sessionFor(model.get(), entry, arrays);
      tenon_call call = arrays.call(/*withOutputs=*/true);
      check(tenon_session_run(session.get(), entry, &call));
    });
  }

private:
  tenon_env_t *env;
  std::string file;
};

class Entry : public Workload {
public:
  Entry(tenon_env_t *env, const std::string &file, const std::string &name, const Words &words)
      : model(load(env, file)) {
    check(tenon_model_find_entry(model.get(), name.c_str(), &entry));
    arrays = std::make_unique<Arrays>(model.get(), entry, words);
    session = sessionFor(model.get(), entry, *arrays);
  }
  double run(int64_t count) override {
    tenon_call call = arrays->call(/*withOutputs=*/true);
    return timed(count, [&] { check(tenon_session_run(session.get(), entry, &call)); });
  }

private:
  Handle<tenon_model_t> model;
  uint32_t entry = 0;
  std::unique_ptr<Arrays> arrays;
  Handle<tenon_session_t> session;
};

class Step : public Workload {
public:
  Step(tenon_env_t *env, const std::string &file, const Words &words)
      : model(load(env, file)), batch(sizeNamed(words, "batch")) {
    Handle<tenon_trainer_t> trainer = start(1);
    arrays = std::make_unique<Arrays>(model.get(), tenon_trainer_entry(trainer.get()), words);
  }
  /// Two steps before the clock starts: what they touch first is not measured.
  double run(int64_t count) override {
    Handle<tenon_trainer_t> trainer = start(count + 2);
    tenon_call call = arrays->call(/*withOutputs=*/false);
    std::vector<double> values(arrays->outputs.size());
    auto step = [&] {
      check(tenon_trainer_step(trainer.get(), &call, values.data(), values.size()));
    };
    timed(2, step);
    return timed(count, step);
  }

private:
  Handle<tenon_trainer_t> start(int64_t steps) const {
    tenon_trainer_options options = {/*seed=*/1, /*max_batch=*/batch, steps, nullptr, 0};
    tenon_trainer_t *trainer;
    check(tenon_trainer_create(nullptr, model.get(), 0, &options, &trainer));
    return Handle<tenon_trainer_t>(trainer);
  }
  Handle<tenon_model_t> model;
  int64_t batch;
  std::unique_ptr<Arrays> arrays;
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 2) {
    std::cerr << "usage: tenon-bench-worker THREADS\n";
    return 1;
  }
  tenon_env_options options = {};
  options.threads = static_cast<uint32_t>(std::atoi(argv[1]));
  tenon_env_t *made;
  if (tenon_status_t status = tenon_env_create(&options, &made)) {
    std::cerr << "tenon-bench-worker: " << tenon_status_message(status) << '\n';
    return 1;
  }
  Handle<tenon_env_t> env(made);
  return serve(std::string("Tenon ") + tenon_version(),
               [&](const Words &words) -> std::unique_ptr<Workload> {
                 const std::string &kind = words.at(0);
                 if (kind == "load")
                   return std::make_unique<Load>(env.get(), words.at(1));
                 if (kind == "entry")
                   return std::make_unique<Entry>(env.get(), words.at(1), words.at(2), words);
                 if (kind == "step")
                   return std::make_unique<Step>(env.get(), words.at(1), words);
                 throw std::runtime_error("unknown workload '" + kind + "'");
               });
}
