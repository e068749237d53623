// One entry made ready to run up to given sizes: memory planned once, commands run in order.
//
// Work is done as rarely as it can be: planning at creation; sizes, tiles and barriers when sizes
// change; pointers when a pointer changes. What is left of a run is a loop over kernels.
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

/// REQUIREMENT, with the message of the first `require` of the entry that these sizes break.
Status checkRequirements(const EntrySpec &entry, const int64_t *sizes);

class EntryRunner {
public:
  /// Plans memory for sizes up to `limits` (one per size name) on `threads` threads. The program
  /// must outlive the result. Errors: INVALID_ARGUMENT if the limits need more than can be
  /// addressed or the entry has no code in this variant.
  static Status create(const Program &program, uint32_t entry, std::vector<int64_t> limits,
                       uint32_t threads, std::unique_ptr<EntryRunner> *out);

  /// What runs need at `arena`, aligned to 64: temporaries, staging places, scratch.
  uint64_t arenaBytes() const { return totalBytes; }

  /// Checks sizes, requirements and pointers, then runs all commands. Allocates nothing unless it
  /// fails. Errors: INVALID_ARGUMENT, LIMIT, REQUIREMENT; after a fault of a kernel, which is one of
  /// the last kind, outputs hold anything.
  Status run(const EntryCall &call, Executor &executor, uint8_t *arena);

  /// The first half of `run`: after it, `runBound` runs on these arguments as often as it is called.
  Status bind(const EntryCall &call, uint8_t *arena);
  bool isBound() const { return bound; }
  /// The arguments that are bound, as a call of step `step`.
  EntryCall boundCall(const tenon_step &step) const {
    return {boundInputs.data(), boundOutputs.data(), currentSizes.data(), boundWeights, step};
  }
  /// Errors: REQUIREMENT, with the example, if a kernel finds the data wrong (tenon_fault); outputs
  /// hold anything then.
  Status runBound(const tenon_step &step, Executor &executor);

  /// Forgets pointers: to be called when the memory of weights moves.
  void unbind() { bound = false; }

  /// From now on runs write down times, until `times` is null. `*used` counts launches times
  /// threads; a run that does not fit in `capacity` is not written down. For tools.
  void record(LaunchTime *times, size_t capacity, size_t *used);

private:
  EntryRunner(const Program &program, uint32_t entry, std::vector<int64_t> limits, uint32_t threads)
      : program(program), index(entry), entry(program.entries()[entry]),
        limits(std::move(limits)), threads(threads) {}

  /// A place for an input or output whose pointer is not aligned as kernels need it.
  struct Staging {
    uint64_t offset = 0; // in the arena
    uint64_t bytes = 0;  // of the tensor, for the current sizes
  };
  /// Where the arguments of a command stand in the tables of all commands.
  struct Slots {
    size_t sizes = 0, pointers = 0;
  };

  // EntryPlan.cpp
  Status plan();
  Status planStaging(const std::vector<TensorSpec> &tensors, std::vector<Staging> *out);
  Status planTemporaries();
  Status planScratch();
  void planLaunches();

  // EntrySizes.cpp
  Status prepareSizes(const int64_t *sizes);
  Status prepareTensors(const std::vector<TensorSpec> &tensors, std::vector<Staging> *staging);
  Status prepareBuffers();
  Status prepareLaunches();
  Status prepareCopy(const CommandSpec &command, Launch *launch, int64_t *bytes);
  Status prepareKernel(const CommandSpec &command, Launch *launch, int64_t *sizes);

  // EntryRegions.cpp
  void placeBarriers();
  bool mustWait(const Launch &earlier, const Launch &later) const;
  bool isConflict(uint32_t a, uint32_t b) const;

  // EntryRunner.cpp
  bool hasSamePointers(const EntryCall &call, const uint8_t *arena) const;
  Status resolve(const EntryCall &call, uint8_t *arena);
  Status checkPointers(const EntryCall &call) const;
  void *memoryOf(const BufferSpec &buffer, const EntryCall &call, uint8_t *arena) const;
  void fillPointers(uint8_t *arena);

  // EntryFault.cpp
  Status faultFailure() const;
  /// In words, with another `*line` of the model where that is known better.
  std::string faultReason(const tenon_fault &found, uint32_t *line) const;

  Status sizeFailure(const char *what, uint32_t line, SizeError error) const;

  const Program &program;
  const uint32_t index; // of the entry
  const EntrySpec &entry;
  const std::vector<int64_t> limits;
  const uint32_t threads;

  // The plan.
  std::vector<uint64_t> offsets; // of temporaries, by buffer
  std::vector<Staging> inputStaging, outputStaging;
  std::vector<Slots> slots; // by command
  uint64_t scratchOffset = 0, scratchStride = 0;
  uint64_t totalBytes = 0;

  // For the sizes of the last run.
  bool isPrepared = false;
  std::vector<int64_t> currentSizes;
  std::vector<uint64_t> bufferBytes;
  std::vector<int64_t> sizeTable;  // of all commands, see Slots
  std::vector<Launch> launches;    // those with something to do come first, in order
  LaunchList list;                 // into `launches`
  FirstFault fault;                // of the last run

  // For the pointers of the last run.
  bool bound = false;
  std::vector<const void *> boundInputs;
  std::vector<void *> boundOutputs;
  const Weights *boundWeights = nullptr;
  uint8_t *boundArena = nullptr;
  bool isStaged = false;           // some input or output is copied
  std::vector<void *> bases;       // by buffer
  std::vector<void *> pointerTable; // of all commands, see Slots
  tenon_step step = {};            // what kernels see

  LaunchTime *times = nullptr;
  size_t timesCapacity = 0, *timesUsed = nullptr;
};

} // namespace tenon::rt

#endif
