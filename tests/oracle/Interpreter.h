// The oracle: an interpreter of the graph and fuse dialects, slow and readable, that shares nothing
// with the compiler but the definition of the ops. Its rules (tests/oracle/rules) are written from
// the ops' descriptions and use none of their interfaces.
#ifndef TENON_TESTS_ORACLE_INTERPRETER_H
#define TENON_TESTS_ORACLE_INTERPRETER_H

#include "dialects/graph/Graph.h"
#include "tests/oracle/Tensor.h"
#include "llvm/Support/Error.h"
#include <map>

namespace tenon::oracle {

enum class Precision {
  Exact, ///< every result is rounded to its element type
  Double ///< floats are doubles throughout: what the program means, up to 1e-15 or so
};

/// What a function reads besides its inputs.
struct Environment {
  std::map<std::string, Tensor> stored; ///< parameters and states by path
  int64_t seed = 1, step = 1, totalSteps = 1, exampleOffset = 0;
};

struct Outcome {
  std::vector<Tensor> results;
  std::map<std::string, Tensor> writes; ///< by path
  /// The largest magnitude that a float sum went through: rounding errors are relative to it, not
  /// to what is left after terms cancelled. In another order other terms cancel, so it is at least an
  /// eighth of the sum of the terms' magnitudes. 1e-6 of that is 2 units of roundoff of the sum, where
  /// n terms in any order may be off by n - 1 of them (Higham, Accuracy and Stability of Numerical
  /// Algorithms, 2nd ed., eq. 4.4).
  double largestPartialSum = 0;
};

/// Size names and their values.
using Sizes = std::map<std::string, int64_t>;

/// The values of the size names of `function`, from the shapes of its inputs. An error if the
/// inputs do not fit its argument types.
llvm::Expected<Sizes> bindSizes(graph::FuncOp function, llvm::ArrayRef<Tensor> inputs);

/// The shape of a type for given sizes.
llvm::Expected<Shape> shapeOf(mlir::Type type, const Sizes &sizes);

/// Runs a function. Errors: inputs that do not fit, a requirement that does not hold, an op without
/// a rule, a path that `environment` lacks.
llvm::Expected<Outcome> interpret(graph::FuncOp function, llvm::ArrayRef<Tensor> inputs,
                                  const Environment &environment, Precision precision);

} // namespace tenon::oracle

#endif
