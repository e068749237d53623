// The values of parameters and states: a model's (immutable once shared) or a trainer's masters.
// Kernels see them in the layouts of the program; whoever else asks sees row-major values.
#ifndef TENON_SESSION_WEIGHTS_H
#define TENON_SESSION_WEIGHTS_H

#include "runtime/base/Memory.h"
#include "runtime/base/Ref.h"
#include "runtime/program/Program.h"
#include "runtime/safetensors/Safetensors.h"

#include <optional>
#include <vector>

namespace tenon::rt {

class Weights final : public RefCounted {
public:
  /// Memory for all parameters and the model's states, and the optimizer's states if
  /// `withOptimizer`; values are set by initialize… or copyModelFrom.
  static Status create(Ref<Program> program, const Allocator &allocator, bool withOptimizer,
                       Ref<Weights> *out);

  void initializeModel(uint64_t seed);
  void initializeOptimizer(uint64_t seed);
  /// Parameters and the model's states, of weights of the same artifact.
  void copyModelFrom(const Weights &other);
  /// Sets the averages to what they are averages of.
  void beginAverages();
  /// Sets what a step in micro-batches adds up to zero.
  void clearAccumulators();
  /// The same weights, shared, but each parameter that has an average is that average.
  static Ref<Weights> averagesOf(Ref<Weights> weights);

  /// The storage of parameter or state i; null for the optimizer's states of a model.
  void *parameter(uint32_t i) const { return parameterData[i]; }
  void *state(uint32_t i) const { return stateData[i]; }
  /// The description of a parameter or state of the model; null if it has none of that path.
  const ParameterSpec *find(const std::string &path) const;
  /// Copies the values of what `find` returned: spec.bytes bytes, row-major.
  void get(const ParameterSpec &spec, void *values) const;
  void set(const ParameterSpec &spec, const void *values);

  /// What files are made of. Model: parameters and the model's states. Optimizer: the rest, but no
  /// accumulators. The tensors read the weights while they are written.
  enum class Part { Model, Optimizer, Accumulators };
  std::vector<FileTensor> tensors(Part part) const;
  /// Whether the file has every tensor of the part, with its type and shape. Errors: MISMATCH.
  Status check(const Safetensors &file, Part part) const;
  /// Copies every tensor of the part from a file for which check succeeded; returns the number of
  /// other tensors in it.
  size_t take(const Safetensors &file, Part part);

private:
  struct Slot {
    const ParameterSpec *spec;
    void *data;
  };
  std::vector<Slot> slots(Part part) const;
  void *storageOf(const ParameterSpec &spec) const;
  void initialize(Part part, uint64_t seed);
  /// The state with the average of each parameter, or none, by parameter.
  std::vector<std::optional<size_t>> averageStates() const;

  Ref<Program> program;
  Ref<Weights> owner; // of the memory, if it is not this
  AlignedMemory memory;
  std::vector<void *> parameterData, stateData;
  std::vector<Slot> accumulators;
};

} // namespace tenon::rt

#endif
