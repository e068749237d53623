// Checks of one function: compiled code against the interpreter, gradients against differences.
#ifndef TENON_TESTS_ORACLE_CHECK_H
#define TENON_TESTS_ORACLE_CHECK_H

#include "tests/oracle/Compare.h"
#include "tests/oracle/Compiled.h"
#include "tests/oracle/Inputs.h"

namespace tenon::oracle {

/// What a check found and how much it looked at.
struct Findings {
  std::vector<std::string> failures;
  unsigned comparisons = 0; ///< of whole result tensors

  void fail(const llvm::Twine &where, const llvm::Twine &what) {
    failures.push_back((where + ": " + what).str());
  }
};

/// One call of a function.
struct Case {
  std::string name; ///< for messages
  Sizes sizes;
  std::vector<Tensor> inputs;
  Environment environment;
};

/// A module compiled at -O0 and at -O3 for a processor, which the machine must have or be.
struct Builds {
  static llvm::Expected<Builds> create(mlir::ModuleOp module, llvm::StringRef cpu = "x86-64-v3");
  Compiled o0, o3;
};

/// Runs a case by the interpreter in both precisions and by both builds with 1 and 2 threads: each
/// build must be within tolerance, and the number of threads must not change a bit.
void checkValues(graph::FuncOp function, const Builds &builds, const Case &testCase,
                 Tolerance tolerance, Findings &findings);

/// A module with one function: a scalar that depends on every float result of `function`, and its
/// gradient with respect to every float argument and read. Null if the function has no float
/// results or does not differentiate.
mlir::OwningOpRef<mlir::ModuleOp> buildGradientModule(graph::FuncOp function);

/// Compares the gradients that a function of buildGradientModule returns with central differences
/// of its first result, all by the interpreter in double precision.
void checkGradients(graph::FuncOp gradient, const Case &testCase, Findings &findings);

} // namespace tenon::oracle

#endif
