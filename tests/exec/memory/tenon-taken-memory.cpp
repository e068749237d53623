// Says what the runtime really takes of memory: every byte that it asks its allocator for.
//
//   tenon-taken-memory FILE.tnm [SIZE=N,...[,threads=N]]
//
// prints `model BYTES`, `session BYTES` and, for each training step, `ENTRY BYTES`, as in the last
// column of `tenonc --print-memory`. The bytes of the file itself, which a model keeps, are left
// out.
#include "tenon/tenon.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

struct Counter {
  uint64_t bytes = 0;
};

void *allocate(void *user, size_t bytes, size_t alignment) {
  static_cast<Counter *>(user)->bytes += bytes;
  return std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
}

void deallocate(void *, void *memory, size_t) { std::free(memory); }

void check(tenon_status_t status) {
  if (!status)
    return;
  std::fprintf(stderr, "%s\n", tenon_status_message(status));
  std::exit(1);
}

struct Limits {
  std::vector<std::string> names;
  std::vector<int64_t> values;
  std::vector<tenon_limit> list;
  uint32_t threads = 1;

  explicit Limits(const char *text) {
    std::stringstream stream(text);
    for (std::string part; std::getline(stream, part, ',');) {
      size_t equals = part.find('=');
      int64_t value = std::atoll(part.c_str() + equals + 1);
      if (part.substr(0, equals) == "threads") {
        threads = static_cast<uint32_t>(value);
        continue;
      }
      names.push_back(part.substr(0, equals));
      values.push_back(value);
    }
    for (size_t i = 0; i < names.size(); ++i)
      list.push_back({names[i].c_str(), values[i]});
  }
};

} // namespace

int main(int argc, char **argv) {
  if (argc < 2)
    return 1;
  Limits limits(argc > 2 ? argv[2] : "");
  Counter counter;
  tenon_env_options options = {};
  options.threads = limits.threads;
  options.allocate = allocate;
  options.deallocate = deallocate;
  options.allocator_user = &counter;
  tenon_env_t *env;
  check(tenon_env_create(&options, &env));

  // Each number is what comes on top of those before.
  uint64_t before = counter.bytes;
  auto taken = [&] {
    uint64_t bytes = counter.bytes - before;
    before = counter.bytes;
    return static_cast<unsigned long long>(bytes);
  };
  tenon_model_t *model;
  check(tenon_model_load_file(env, argv[1], nullptr, &model));
  std::ifstream file(argv[1], std::ios::ate | std::ios::binary);
  unsigned long long fileBytes = (static_cast<unsigned long long>(file.tellg()) + 63) / 64 * 64;
  std::printf("model %llu\n", taken() - fileBytes);

  tenon_session_options sessionOptions = {};
  sessionOptions.limits = limits.list.data();
  sessionOptions.limit_count = limits.list.size();
  tenon_session_t *session;
  check(tenon_session_create(model, &sessionOptions, &session));
  std::printf("session %llu\n", taken());

  for (uint32_t train = 0;; ++train) {
    tenon_trainer_options trainerOptions = {};
    trainerOptions.total_steps = 1;
    trainerOptions.max_batch = limits.values.empty() ? 0 : limits.values[0];
    tenon_trainer_t *trainer;
    tenon_status_t status = tenon_trainer_create(env, model, train, &trainerOptions, &trainer);
    if (status && tenon_status_get_code(status) == TENON_STATUS_NOT_FOUND) {
      tenon_status_free(status);
      break;
    }
    check(status);
    tenon_entry_info info;
    check(tenon_model_entry(model, tenon_trainer_entry(trainer), &info));
    std::printf("%s %llu\n", info.name, taken());
    tenon_trainer_release(trainer);
  }
  tenon_session_release(session);
  tenon_model_release(model);
  tenon_env_release(env);
}
