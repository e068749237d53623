// A module brought through the whole compiler and loaded into the runtime, as a user's would be.
#ifndef TENON_TESTS_ORACLE_COMPILED_H
#define TENON_TESTS_ORACLE_COMPILED_H

#include "mlir/IR/BuiltinOps.h"
#include "tests/oracle/Interpreter.h"

namespace tenon::oracle {

/// What a run of training gave.
struct TrainingRun {
  std::vector<Tensor> values;            ///< what each step reports, as one vector of f32 per step
  std::map<std::string, Tensor> weights; ///< parameters and states of the model at the end
};

class Compiled {
public:
  /// Compiles a copy of `module` for a processor. Every kernel with more than one tile is shared by all
  /// threads.
  static llvm::Expected<Compiled> create(mlir::ModuleOp module, unsigned optLevel,
                                         llvm::StringRef cpu = "x86-64-v3");

  /// Runs the entry `name` with the given number of threads on given inputs, and the parameters,
  /// states and random numbers of `environment`.
  /// One thread gets a session of exactly these sizes and unaligned memory, more get a session with
  /// room and aligned memory: neither may change a result.
  llvm::Expected<std::vector<Tensor>> run(llvm::StringRef name, llvm::ArrayRef<Tensor> inputs,
                                          const Sizes &sizes,
                                          const Environment &environment,
                                          unsigned threads) const;

  /// The parameters and states of the model (not the optimizer's) as its initialisers make them.
  llvm::Expected<std::map<std::string, Tensor>> initialWeights() const;

  /// Trains train block `index` from the initial weights, one step on each batch of inputs; the
  /// first axis of every input is the batch.
  llvm::Expected<TrainingRun> train(uint32_t index,
                                    llvm::ArrayRef<std::vector<Tensor>> batches,
                                    unsigned threads) const;

private:
  explicit Compiled(std::string artifact) : artifact(std::move(artifact)) {}
  std::string artifact; ///< the bytes of a .tnm
};

} // namespace tenon::oracle

#endif
