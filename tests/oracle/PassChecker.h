// Watches a pipeline: does each pass leave the results of every function as they were?
#ifndef TENON_TESTS_ORACLE_PASSCHECKER_H
#define TENON_TESTS_ORACLE_PASSCHECKER_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "tests/oracle/Inputs.h"

namespace tenon::oracle {

/// Interprets every graph.func of a module before and after each pass on the same inputs, in double
/// precision, and remembers the passes that changed a result, a write, or lost a function.
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
  using Outcomes = std::map<std::string, std::vector<Outcome>>; ///< by function, for each input
  Outcomes interpretAll();
  void compare(const Outcomes &after, llvm::StringRef passName);

  mlir::ModuleOp module;
  Outcomes before;
  std::vector<std::string> failureTexts, passNames;
  unsigned comparisonCount = 0;
};

} // namespace tenon::oracle

#endif
