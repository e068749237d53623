// Inputs for checks: made from a seed, the same on every machine.
#ifndef TENON_TESTS_ORACLE_INPUTS_H
#define TENON_TESTS_ORACLE_INPUTS_H

#include "tests/oracle/Interpreter.h"

namespace tenon::oracle {

/// A small generator of random numbers (splitmix64).
class Random {
public:
  explicit Random(uint64_t seed) : state(seed) {}
  uint64_t bits();
  /// In [0, n); n > 0.
  int64_t below(int64_t n) { return int64_t(bits() % uint64_t(n)); }
  /// In [low, high).
  double uniform(double low, double high);

private:
  uint64_t state;
};

enum class Fill {
  Plain,    ///< floats in [-3, 3), integers in [-100, 100]
  Positive, ///< floats in [0.1, 3.1), integers in [1, 100]
  Apart,    ///< distinct floats in (-3, 3), none near an integer: derivatives exist everywhere
  Extreme,  ///< every combination of infinities, NaN, zeros, subnormal, huge … over all inputs
  Sprinkled ///< Plain, every eighth float an infinity, NaN, -0.0, subnormal or large
};

std::optional<Fill> fillNamed(llvm::StringRef name);

/// How many elements inputs need to see every combination of `inputCount` extreme values.
int64_t extremeCount(int64_t inputCount);

/// Input `position` of several.
Tensor makeInput(Element element, Shape shape, Fill fill, int64_t position, Random &random);

/// Inputs of all arguments, for given sizes.
llvm::Expected<std::vector<Tensor>> makeInputs(graph::FuncOp function, const Sizes &sizes,
                                               Fill fill, Random &random);

/// Values for every parameter and state of a module: small floats, positive for states (they hold
/// squares), ones for scalars.
std::map<std::string, Tensor> makeStored(mlir::Operation *module, Random &random);

} // namespace tenon::oracle

#endif
