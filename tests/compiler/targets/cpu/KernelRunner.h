// Compiles fuse.func text in process and runs it on arrays.
#ifndef TENON_TESTS_COMPILER_TARGETS_CPU_KERNELRUNNER_H
#define TENON_TESTS_COMPILER_TARGETS_CPU_KERNELRUNNER_H

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace tenon::test {

/// An array that ends where readable memory ends, so that a kernel that goes beyond it crashes.
class Array {
public:
  explicit Array(size_t bytes);
  template <class T> static Array of(const std::vector<T> &values) {
    Array array(values.size() * sizeof(T));
    for (size_t i = 0; i < values.size(); ++i)
      array.data<T>()[i] = values[i];
    return array;
  }
  template <class T> T *data() { return reinterpret_cast<T *>(bytes); }
  template <class T> std::vector<T> values() {
    return std::vector<T>(data<T>(), data<T>() + size / sizeof(T));
  }

private:
  std::shared_ptr<void> mapping;
  char *bytes;
  size_t size;
};

struct StepFields {
  uint64_t seed = 0;
  int64_t step = 0, total_steps = 0, example_offset = 0;
};

class KernelRunner {
public:
  /// Compiles all fuse.func of `text`; a failure ends the test program with a message.
  explicit KernelRunner(const std::string &text, unsigned optLevel = 3);
  ~KernelRunner();

  /// Runs kernel `name` on arguments and results in order, its tiles cut into `pieces` calls.
  void run(const std::string &name, const std::map<std::string, int64_t> &sizes,
           std::vector<Array> buffers, int pieces = 2, StepFields step = {});
  /// Runs only one of them, as a thread would.
  void runPiece(const std::string &name, const std::map<std::string, int64_t> &sizes,
                std::vector<Array> buffers, int piece, int pieces, StepFields step = {});
  /// The least time of so many runs on all tiles, in seconds.
  double time(const std::string &name, const std::map<std::string, int64_t> &sizes,
              std::vector<Array> buffers, int repetitions);

private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation;
};

} // namespace tenon::test

#endif
