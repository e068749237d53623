// One entry made ready to run up to given sizes: memory planned once, commands run in order.
#ifndef TENON_SESSION_ENTRYRUNNER_H
#define TENON_SESSION_ENTRYRUNNER_H

#include "runtime/hal/cpu/Launch.h"
#include "runtime/program/Program.h"
#include "runtime/session/Weights.h"

#include <memory>
#include <vector>

namespace tenon::rt {

/// One call, with one pointer per input and output and one value per size name.
struct EntryCall {
  const void *const *inputs = nullptr;
  void *const *outputs = nullptr;
  const int64_t *sizes = nullptr;
  const Weights *weights = nullptr;
  tenon_step step = {};
};

class EntryRunner {
public:
  /// Plans memory for sizes up to `limits` (one per size name) on `threads` threads. The program
  /// must outlive the result. Errors: INVALID_ARGUMENT if the limits need more than can be
  /// addressed or the entry has no code in this variant.
  static Status create(const Program &program, uint32_t entry, std::vector<int64_t> limits,
                       uint32_t threads, std::unique_ptr<EntryRunner> *out);

  /// What `run` needs at `arena`, aligned to 64: temporaries, staging places, scratch.
  uint64_t arenaBytes() const { return totalBytes; }

  /// Checks sizes, requirements and pointers, then runs all commands. Allocates nothing unless it
  /// fails. Errors: INVALID_ARGUMENT, LIMIT, REQUIREMENT.
  Status run(const EntryCall &call, Executor &executor, uint8_t *arena);

private:
  EntryRunner(const Program &program, uint32_t entry, std::vector<int64_t> limits)
      : program(program), entry(program.entries()[entry]), limits(std::move(limits)) {}

  /// A place for an input or output whose pointer is not aligned as kernels need it.
  struct Staging {
    uint64_t offset = 0; // in the arena
    uint64_t bytes = 0;  // of the tensor, for the current sizes
  };
  /// A command for the current sizes.
  struct Prepared {
    std::vector<int64_t> sizes;
    std::vector<void *> pointers;
    int64_t tiles = 0, grain = 1;
    uint64_t copyBytes = 0;
  };

  Status plan(uint32_t threads);
  Status planStaging(const std::vector<TensorSpec> &tensors, std::vector<Staging> *out);
  Status planTemporaries();
  Status planScratch(uint32_t threads);

  Status prepareSizes(const int64_t *sizes);
  Status checkRequirements() const;
  Status prepareTensors(const std::vector<TensorSpec> &tensors, std::vector<Staging> *staging);
  Status prepareBuffers();
  Status prepareCommand(const CommandSpec &command, Prepared *out) const;

  Status resolve(const EntryCall &call, uint8_t *arena);
  void runCommand(size_t index, const EntryCall &call, Executor &executor, uint8_t *arena);

  Status sizeFailure(const char *what, uint32_t line, SizeError error) const;

  const Program &program;
  const EntrySpec &entry;
  const std::vector<int64_t> limits;

  // The plan.
  std::vector<uint64_t> offsets; // of temporaries, by buffer
  std::vector<Staging> inputStaging, outputStaging;
  uint64_t scratchOffset = 0, scratchStride = 0;
  uint64_t totalBytes = 0;

  // For the sizes of the last run: a run with the same sizes evaluates nothing.
  bool isPrepared = false;
  std::vector<int64_t> currentSizes;
  std::vector<uint64_t> bufferBytes;
  std::vector<Prepared> prepared; // by command

  std::vector<void *> bases; // of this run, by buffer
};

} // namespace tenon::rt

#endif
