// ONNX Runtime as the harness measures it: through its C interface, without Python.
//
// usage: onnxruntime THREADS      (requests: Serve.h; the environment's ONNXRUNTIME names the
// library)
//
//   open NAME forward FILE INPUTS OUTPUTS BATCH      a model with input "x" and output "y", buffers
//   bound once
//
// PyPI's package has the library but not its header. The interface is a table of functions whose
// first 102 places are fixed for ever (ONNX Runtime asserts them at compile time), so those used
// here are declared by their places.
#include "Serve.h"

#include <cstdlib>
#include <dlfcn.h>
#include <fstream>
#include <iterator>

using namespace tenon::bench;

namespace {

struct Base { // OrtApiBase
  const void *const *(*getApi)(uint32_t version);
  const char *(*version)();
};

class Api {
public:
  explicit Api(const char *library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    auto getBase =
        handle ? reinterpret_cast<const Base *(*)()>(dlsym(handle, "OrtGetApiBase")) : nullptr;
    if (!getBase)
      throw std::runtime_error(dlerror());
    version = getBase()->version();
    places = getBase()->getApi(/*version=*/1);
  }

  /// Calls the function at a place; those used here return a status, NULL for success.
  template <typename... Arguments> void call(int place, Arguments... arguments) const {
    auto function = reinterpret_cast<void *(*)(Arguments...)>(const_cast<void *>(places[place]));
    if (void *status = function(arguments...))
      throw std::runtime_error(messageOf(status));
  }

  std::string messageOf(void *status) const {
    void *function = const_cast<void *>(places[GetErrorMessage]);
    return reinterpret_cast<const char *(*)(void *)>(function)(status);
  }

  enum : int {
    GetErrorMessage = 2,
    CreateEnv = 3,
    CreateSessionFromArray = 8,
    Run = 9,
    CreateSessionOptions = 10,
    SetGraphOptimizationLevel = 23,
    SetIntraOpNumThreads = 24,
    SetInterOpNumThreads = 25,
    CreateTensorWithData = 49,
    CreateCpuMemoryInfo = 69,
  };
  std::string version;

private:
  const void *const *places;
};

/// Lives as long as the process: nothing of ONNX Runtime is released.
class Forward : public Workload {
public:
  Forward(const Api &api, void *env, int threads, const Words &words)
      : api(api), x(std::stoll(words.at(2)) * std::stoll(words.at(4)), 1.0f),
        y(std::stoll(words.at(3)) * std::stoll(words.at(4))) {
    std::ifstream file(words.at(1), std::ios::binary);
    std::string model{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    void *options;
    constexpr int AllOptimizations = 99;
    api.call(Api::CreateSessionOptions, &options);
    api.call(Api::SetGraphOptimizationLevel, options, AllOptimizations);
    api.call(Api::SetIntraOpNumThreads, options, threads);
    api.call(Api::SetInterOpNumThreads, options, 1);
    api.call(Api::CreateSessionFromArray, env, static_cast<const void *>(model.data()),
             model.size(), options, &session);
    input = tensor(x, std::stoll(words.at(4)));
    output = tensor(y, std::stoll(words.at(4)));
  }
  double run(int64_t count) override {
    const char *inputName = "x", *outputName = "y";
    return timed(count, [&] {
      api.call(Api::Run, session, static_cast<void *>(nullptr), &inputName, &input, size_t(1),
               &outputName, size_t(1), &output);
    });
  }

private:
  void *tensor(std::vector<float> &values, int64_t rows) {
    void *memory, *made;
    constexpr int ArenaAllocator = 1, DefaultMemory = 0, Float = 1;
    int64_t shape[] = {rows, static_cast<int64_t>(values.size()) / rows};
    api.call(Api::CreateCpuMemoryInfo, ArenaAllocator, DefaultMemory, &memory);
    api.call(Api::CreateTensorWithData, memory, static_cast<void *>(values.data()),
             values.size() * sizeof(float), static_cast<const int64_t *>(shape), size_t(2), Float,
             &made);
    return made;
  }
  const Api &api;
  std::vector<float> x, y;
  void *session, *input, *output;
};

} // namespace

int main(int argc, char **argv) {
  const char *library = std::getenv("ONNXRUNTIME");
  if (argc != 2 || !library) {
    std::cerr << "usage: ONNXRUNTIME=LIBRARY onnxruntime THREADS\n";
    return 1;
  }
  Api api(library);
  void *env;
  constexpr int OnlyErrors = 3;
  api.call(Api::CreateEnv, OnlyErrors, "benchmark", &env);
  return serve("ONNX Runtime " + api.version, [&](const Words &words) -> std::unique_ptr<Workload> {
    if (words.at(0) != "forward")
      throw std::runtime_error("unknown workload '" + words.at(0) + "'");
    return std::make_unique<Forward>(api, env, std::atoi(argv[1]), words);
  });
}
