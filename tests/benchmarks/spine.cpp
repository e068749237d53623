// Measures what the spine promises for one artifact: load to first result, the training step.
//
// usage: spine MODEL.tnm [STEPS]
//
// Prints one line per figure, `name value unit`. Times are medians; see README.md for how they are
// compared with peers.
#include "tenon/tenon.h"
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace {

double now() {
  using namespace std::chrono;
  return duration<double, std::micro>(steady_clock::now().time_since_epoch()).count();
}

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + values.size() / 2, values.end());
  return values[values.size() / 2];
}

void check(tenon_status_t status) {
  if (!status)
    return;
  std::fprintf(stderr, "spine: %s\n", tenon_status_message(status));
  std::exit(1);
}

/// Memory for the tensors of an entry at given sizes, filled with a fixed wave.
struct Tensors {
  std::vector<std::vector<float>> memory;
  std::vector<const void *> inputs;
  std::vector<void *> outputs;

  Tensors(tenon_model_t *model, uint32_t entry, const std::vector<int64_t> &sizes) {
    tenon_entry_info info;
    check(tenon_model_entry(model, entry, &info));
    memory.reserve(info.input_count + info.output_count);
    for (uint32_t i = 0; i < info.input_count + info.output_count; ++i) {
      bool isInput = i < info.input_count;
      uint32_t index = isInput ? i : i - info.input_count;
      tenon_tensor_info tensor;
      check((isInput ? tenon_model_input : tenon_model_output)(model, entry, index, &tensor));
      std::vector<int64_t> dims(tensor.rank);
      check((isInput ? tenon_model_input_dims : tenon_model_output_dims)(
          model, entry, index, sizes.data(), sizes.size(), dims.data()));
      size_t count = 1;
      for (int64_t dim : dims)
        count *= size_t(dim);
      memory.emplace_back(count);
      for (size_t j = 0; j < count; ++j)
        memory.back()[j] = std::sin(float(j));
      if (isInput)
        inputs.push_back(memory.back().data());
      else
        outputs.push_back(memory.back().data());
    }
  }
  tenon_call call(const std::vector<int64_t> &sizes) {
    return {inputs.data(), inputs.size(), outputs.data(), outputs.size(), sizes.data(), sizes.size()};
  }
};

double loadToFirstResult(tenon_env_t *env, const char *path) {
  double start = now();
  tenon_model_t *model;
  tenon_session_t *session;
  uint32_t forward;
  check(tenon_model_load_file(env, path, nullptr, &model));
  check(tenon_model_find_entry(model, "forward", &forward));
  tenon_limit limit = {"batch", 1};
  tenon_session_options options = {&limit, 1, &forward, 1};
  check(tenon_session_create(model, &options, &session));
  std::vector<int64_t> sizes = {1};
  Tensors tensors(model, forward, sizes);
  tenon_call call = tensors.call(sizes);
  check(tenon_session_run(session, forward, &call));
  double elapsed = now() - start;
  tenon_session_release(session);
  tenon_model_release(model);
  return elapsed;
}

double trainingStep(tenon_env_t *env, const char *path, int steps) {
  tenon_model_t *model;
  tenon_trainer_t *trainer;
  check(tenon_model_load_file(env, path, nullptr, &model));
  tenon_trainer_options options = {1, 32, steps, nullptr, 0};
  check(tenon_trainer_create(env, model, 0, &options, &trainer));
  std::vector<int64_t> sizes = {32};
  Tensors tensors(model, tenon_trainer_entry(trainer), sizes);
  tenon_call call = tensors.call(sizes);
  call.outputs = nullptr;
  call.output_count = 0;
  std::vector<double> values(tensors.outputs.size()), times;
  for (int i = 0; i < steps; ++i) {
    double start = now();
    check(tenon_trainer_step(trainer, &call, values.data(), values.size()));
    times.push_back(now() - start);
  }
  tenon_trainer_release(trainer);
  tenon_model_release(model);
  return median(times);
}

} // namespace

int main(int argc, char **argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: spine MODEL.tnm [STEPS]\n");
    return 1;
  }
  int steps = argc > 2 ? std::atoi(argv[2]) : 2000;
  tenon_env_t *env;
  check(tenon_env_create(nullptr, &env));
  std::vector<double> loads;
  for (int i = 0; i < 21; ++i)
    loads.push_back(loadToFirstResult(env, argv[1]));
  std::printf("load-to-first-result %.1f us\n", median(loads));
  std::printf("training-step %.2f us\n", trainingStep(env, argv[1], steps));
  tenon_env_release(env);
}
