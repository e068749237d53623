// Timing entries and training steps on made-up values.
#ifndef TENON_TOOLS_BENCH_H
#define TENON_TOOLS_BENCH_H

#include "runtime/base/Memory.h"
#include "runtime/base/Status.h"
#include "runtime/data/Handles.h"
#include "runtime/train/Blocks.h"

#include <string>
#include <vector>

namespace tenon::tool {

/// Values of an entry's size names, in its order.
struct BenchSizes {
  std::vector<std::string> names;
  std::vector<int64_t> values;
};

/// An entry ready to be called again and again on the same memory: inputs are normal random numbers,
/// integers 0 (a class or row that always exists), booleans in turns.
class BenchTarget {
public:
  /// `batch` is used for every size of the entry that `given` does not name. A step runs in a
  /// trainer of its train block `train`.
  static rt::Status create(tenon_env_t *env, tenon_model_t *model, uint32_t entry, uint32_t train,
                           int64_t batch, const BenchSizes &given, BenchTarget &out);

  const tenon_entry_info &info() const { return entry; }
  uint32_t index() const { return entryIndex; }
  const BenchSizes &sizes() const { return entrySizes; }
  /// The most commands that a call runs: those of the entry, and of what a step runs on each part of
  /// its batch, if it accumulates.
  size_t commandCount(const tenon_model_t *model) const;
  /// The sizes of the run number `run`, from 0, of `index` within a call.
  std::vector<int64_t> sizesOfRun(uint32_t index, int64_t run) const;

  /// One call. A step whose loss is not finite does the same work, and counts.
  rt::Status call();
  /// See tenon_session_record.
  rt::Status record(tenon_launch_time *times, size_t capacity, size_t *used);

private:
  rt::Status makeMemory(tenon_model_t *model);
  rt::Status makeTensor(const tenon_tensor_info &info, const std::vector<int64_t> &dims,
                        bool isInput, void **out);
  rt::Status createSession(tenon_model_t *model);
  rt::Status createTrainer(tenon_env_t *env, tenon_model_t *model, uint32_t train);

  /// What a step runs on parts of its batch.
  struct Parts {
    std::vector<uint32_t> entries;
    int64_t count = 1, rows = 0; // of all parts but the last
    size_t batchSize = 0;        // which of the sizes
  };
  rt::Status findParts(const tenon_model_t *model, const schema::Train &train);

  uint32_t entryIndex = 0;
  tenon_entry_info entry = {};
  Parts parts;
  BenchSizes entrySizes;
  std::vector<rt::AlignedMemory> memory;
  std::vector<const void *> inputs;
  std::vector<void *> outputs;
  std::vector<double> values; // of a step
  data::Session session;
  data::Trainer trainer;
};

/// Seconds of each call, sorted.
struct BenchTimes {
  std::vector<double> seconds;
  double median() const { return at(0.5); }
  double at(double fraction) const;
};

/// Calls for about `seconds` seconds, after a tenth of that which is not counted; at least 20 times.
rt::Status timeCalls(BenchTarget &target, double seconds, BenchTimes &out);

} // namespace tenon::tool

#endif // TENON_TOOLS_BENCH_H
