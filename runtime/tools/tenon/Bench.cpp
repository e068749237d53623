#include "runtime/tools/tenon/Bench.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <random>

namespace tenon::tool {

using rt::Status;

namespace {

double now() {
  auto time = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(time).count();
}

BenchSizes sizesOf(const tenon_entry_info &entry, int64_t batch, const BenchSizes &given) {
  BenchSizes sizes;
  for (uint32_t i = 0; i < entry.size_count; ++i) {
    auto found = std::find(given.names.begin(), given.names.end(), entry.sizes[i]);
    sizes.names.push_back(entry.sizes[i]);
    sizes.values.push_back(
        found == given.names.end() ? batch : given.values[found - given.names.begin()]);
  }
  return sizes;
}

std::vector<tenon_limit> limitsFor(const BenchSizes &sizes) {
  std::vector<tenon_limit> limits;
  for (size_t i = 0; i < sizes.names.size(); ++i)
    limits.push_back({sizes.names[i].c_str(), sizes.values[i]});
  return limits;
}

template <typename T> void fillNormal(void *data, size_t count, uint64_t key) {
  std::mt19937_64 random(key);
  std::normal_distribution<T> normal;
  for (size_t i = 0; i < count; ++i)
    static_cast<T *>(data)[i] = normal(random);
}

void fillInput(tenon_dtype dtype, void *data, size_t count, uint64_t key) {
  if (dtype == TENON_DTYPE_F32)
    fillNormal<float>(data, count, key);
  else if (dtype == TENON_DTYPE_F64)
    fillNormal<double>(data, count, key);
  else if (dtype == TENON_DTYPE_BOOL)
    for (size_t i = 0; i < count; ++i)
      static_cast<uint8_t *>(data)[i] = i % 2;
}

} // namespace

Status BenchTarget::create(tenon_env_t *env, tenon_model_t *model, uint32_t index, uint32_t train,
                           int64_t batch, const BenchSizes &given, BenchTarget &out) {
  out.entryIndex = index;
  TENON_TRY(Status::adopt(tenon_model_entry(model, index, &out.entry)));
  out.entrySizes = sizesOf(out.entry, batch, given);
  TENON_TRY(out.makeMemory(model));
  return out.entry.kind == TENON_ENTRY_STEP ? out.createTrainer(env, model, train)
                                            : out.createSession(model);
}

Status BenchTarget::findParts(const tenon_model_t *model, const schema::Train &train) {
  if (train.micro_batches() <= 1 || entry.size_count == 0)
    return Status();
  for (int32_t part : {train.counts(), train.accumulate()})
    if (part >= 0)
      parts.entries.push_back(static_cast<uint32_t>(part));
  tenon_tensor_info input;
  TENON_TRY(Status::adopt(tenon_model_input(model, entryIndex, 0, &input)));
  std::string batch(input.shape + 1, std::strcspn(input.shape + 1, ",]")); // of "[batch, 3]"
  parts.batchSize = static_cast<size_t>(
      std::find(entrySizes.names.begin(), entrySizes.names.end(), batch) -
      entrySizes.names.begin());
  if (parts.batchSize == entrySizes.names.size())
    return Status::error(TENON_STATUS_CORRUPT, "entry '%s' has no batch to cut", entry.name);
  int64_t rows = entrySizes.values[parts.batchSize];
  parts.rows = (rows - 1) / static_cast<int64_t>(train.micro_batches()) + 1;
  parts.count = (rows - 1) / parts.rows + 1;
  return Status();
}

size_t BenchTarget::commandCount(const tenon_model_t *model) const {
  size_t count = tenon_model_command_count(model, entryIndex);
  for (uint32_t part : parts.entries)
    count += tenon_model_command_count(model, part) * static_cast<size_t>(parts.count);
  return count;
}

std::vector<int64_t> BenchTarget::sizesOfRun(uint32_t index, int64_t run) const {
  std::vector<int64_t> sizes = entrySizes.values;
  if (index != entryIndex)
    sizes[parts.batchSize] = std::min(parts.rows, sizes[parts.batchSize] - run * parts.rows);
  return sizes;
}

Status BenchTarget::makeMemory(tenon_model_t *model) {
  const int64_t *sizes = entrySizes.values.data();
  size_t count = entrySizes.values.size();
  tenon_tensor_info tensor;
  for (uint32_t i = 0; i < entry.input_count; ++i) {
    TENON_TRY(Status::adopt(tenon_model_input(model, entryIndex, i, &tensor)));
    std::vector<int64_t> dims(tensor.rank);
    TENON_TRY(Status::adopt(
        tenon_model_input_dims(model, entryIndex, i, sizes, count, dims.data())));
    void *data = nullptr;
    TENON_TRY(makeTensor(tensor, dims, /*isInput=*/true, &data));
    inputs.push_back(data);
  }
  for (uint32_t i = 0; i < entry.output_count; ++i) {
    TENON_TRY(Status::adopt(tenon_model_output(model, entryIndex, i, &tensor)));
    std::vector<int64_t> dims(tensor.rank);
    TENON_TRY(Status::adopt(
        tenon_model_output_dims(model, entryIndex, i, sizes, count, dims.data())));
    void *data = nullptr;
    TENON_TRY(makeTensor(tensor, dims, /*isInput=*/false, &data));
    outputs.push_back(data);
  }
  values.resize(entry.output_count);
  return Status();
}

Status BenchTarget::makeTensor(const tenon_tensor_info &info, const std::vector<int64_t> &dims,
                               bool isInput, void **out) {
  uint64_t count = 1, bytes;
  for (int64_t dim : dims)
    if (__builtin_mul_overflow(count, static_cast<uint64_t>(dim), &count))
      return Status::error(TENON_STATUS_OUT_OF_MEMORY, "'%s' is too large", info.name);
  if (__builtin_mul_overflow(count, tenon_dtype_size(info.dtype), &bytes))
    return Status::error(TENON_STATUS_OUT_OF_MEMORY, "'%s' is too large", info.name);
  memory.emplace_back();
  TENON_TRY(rt::AlignedMemory::allocate({}, std::max<uint64_t>(bytes, 1), info.name,
                                        &memory.back()));
  *out = memory.back().data();
  std::fill_n(memory.back().data(), bytes, uint8_t{0});
  if (isInput)
    fillInput(info.dtype, *out, count, memory.size());
  return Status();
}

Status BenchTarget::createSession(tenon_model_t *model) {
  std::vector<tenon_limit> limits = limitsFor(entrySizes);
  tenon_session_options options = {};
  options.limits = limits.data();
  options.limit_count = limits.size();
  options.entries = &entryIndex;
  options.entry_count = 1;
  tenon_session_t *created = nullptr;
  TENON_TRY(Status::adopt(tenon_session_create(model, &options, &created)));
  session.reset(created);
  return Status();
}

Status BenchTarget::createTrainer(tenon_env_t *env, tenon_model_t *model, uint32_t train) {
  TENON_TRY(findParts(model, *train::artifactOf(model).trains()->Get(train)));
  std::vector<tenon_limit> limits = limitsFor(entrySizes);
  tenon_trainer_options options = {};
  options.max_batch = *std::max_element(entrySizes.values.begin(), entrySizes.values.end());
  options.total_steps = int64_t{1} << 40; // schedules do not change what is computed
  options.limits = limits.data();
  options.limit_count = limits.size();
  tenon_trainer_t *created = nullptr;
  TENON_TRY(Status::adopt(tenon_trainer_create(env, model, train, &options, &created)));
  trainer.reset(created);
  tenon_call call = {inputs.data(), inputs.size(), nullptr, 0, entrySizes.values.data(),
                     entrySizes.values.size()};
  return Status::adopt(tenon_trainer_bind(created, &call));
}

Status BenchTarget::call() {
  if (!trainer) {
    tenon_call call = {inputs.data(),  inputs.size(),           outputs.data(),
                       outputs.size(), entrySizes.values.data(), entrySizes.values.size()};
    return Status::adopt(tenon_session_run(session.get(), entryIndex, &call));
  }
  Status status =
      Status::adopt(tenon_trainer_step_bound(trainer.get(), values.data(), values.size()));
  return status.code() == TENON_STATUS_NOT_FINITE ? Status() : std::move(status);
}

Status BenchTarget::record(tenon_launch_time *times, size_t capacity, size_t *used) {
  if (trainer)
    return Status::adopt(tenon_trainer_record(trainer.get(), times, capacity, used));
  return Status::adopt(tenon_session_record(session.get(), entryIndex, times, capacity, used));
}

double BenchTimes::at(double fraction) const {
  size_t index = static_cast<size_t>(fraction * static_cast<double>(seconds.size()));
  return seconds[std::min(index, seconds.size() - 1)];
}

Status timeCalls(BenchTarget &target, double seconds, BenchTimes &out) {
  constexpr size_t leastCalls = 20, mostCalls = 5000000;
  double begin = now();
  do
    TENON_TRY(target.call());
  while (now() < begin + seconds / 10);
  begin = now();
  out.seconds.clear();
  for (double last = begin; out.seconds.size() < leastCalls ||
                            (last < begin + seconds && out.seconds.size() < mostCalls);) {
    TENON_TRY(target.call());
    double end = now();
    out.seconds.push_back(end - last);
    last = end;
  }
  std::sort(out.seconds.begin(), out.seconds.end());
  return Status();
}

} // namespace tenon::tool
