// Watches a pipeline: does each pass leave the results of every function as they were?
#ifndef TENON_TESTS_ORACLE_PASSCHECKER_H
#define TENON_TESTS_ORACLE_PASSCHECKER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "tests/oracle/Inputs.h"

namespace tenon::oracle {

/// Interprets every graph.func of a module before and after each pass on the same inputs, and
/// remembers the passes that changed a result, a write, or lost a function. A result counts as
/// unchanged if it is the same in one of both precisions: folded constants are rounded to their type,
/// which double precision sees; another order of sums shows in the exact one.
/// Functions that a pass adds are followed from then on. From the first pass that leaves the graph
/// dialect on, nothing is compared.
class PassChecker : public mlir::PassInstrumentation {
public:
  explicit PassChecker(mlir::ModuleOp module) : module(module) {}

  void runBeforePass(mlir::Pass *pass, mlir::Operation *op) override;
  void runAfterPass(mlir::Pass *pass, mlir::Operation *op) override;

  const std::vector<std::string> &failures() const { return failureTexts; }
  /// The passes that were compared, in order.
  const std::vector<std::string> &passes() const { return passNames; }
  unsigned comparisons() const { return comparisonCount; }

private:
  struct Run {
    Outcome exact, real;
  };
  using Runs = std::map<std::string, std::vector<Run>>; ///< by function, one for each input
  Runs interpretAll();
  void compare(const Runs &after, llvm::StringRef passName);

  mlir::ModuleOp module;
  Runs before;
  std::vector<std::string> failureTexts, passNames;
  unsigned comparisonCount = 0;
};

} // namespace tenon::oracle

#endif
