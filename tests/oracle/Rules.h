// How the interpreter's rules are written: one per op, in a table keyed by the op's type.
#ifndef TENON_TESTS_ORACLE_RULES_H
#define TENON_TESTS_ORACLE_RULES_H

#include "tests/oracle/Interpreter.h"
#include <functional>

namespace tenon::oracle {

/// The run of one function or kernel body: the values of its sizes and of its SSA values.
class Frame {
public:
  Frame(Sizes sizes, const Environment &environment, Outcome &outcome, Precision precision)
      : environment(environment), outcome(outcome), precision(precision),
        sizes(std::move(sizes)) {}

  const Tensor &get(mlir::Value value) const { return values.find(value)->second; }
  void set(mlir::Value value, Tensor tensor) { values[value] = std::move(tensor); }

  /// A zero tensor for an op's result.
  Tensor make(mlir::Value result);
  int64_t evaluate(graph::SizeAttr size);
  const Sizes &getSizes() const { return sizes; }

  /// Stores a float or an integer as element i, rounded or wrapped to the tensor's type.
  void put(Tensor &tensor, int64_t i, double value) const;
  void put(Tensor &tensor, int64_t i, int64_t value) const;

  /// Runs ops up to the terminator, whose operands it returns. Stops at the first failure.
  std::vector<Tensor> run(mlir::Block &block);
  /// Runs a body in a frame of its own.
  /// Random numbers in it are of sites relative to `calleeSite`.
  std::vector<Tensor> call(mlir::Block &block, std::vector<Tensor> arguments, Sizes calleeSizes,
                           uint32_t calleeSite);

  void fail(mlir::Operation *op, const llvm::Twine &message);
  const std::string &failure() const { return failureText; }

  const Environment &environment;
  Outcome &outcome;
  const Precision precision;
  uint32_t site = 0; ///< what the sites of random numbers are relative to

private:
  Sizes sizes;
  llvm::DenseMap<mlir::Value, Tensor> values;
  std::string failureText;
};

/// A float tensor under summation.
class RealSum {
public:
  RealSum(Frame &frame, Tensor &sum) : frame(frame), sum(sum), magnitudes(sum.reals.size()) {}
  void add(int64_t i, double term);

private:
  Frame &frame;
  Tensor &sum;
  std::vector<double> magnitudes; ///< summed, per element
};

using Rule = std::function<void(mlir::Operation *, Frame &)>;

class RuleTable {
public:
  /// The rule of an op: `rule` takes the op and the frame.
  template <typename OpType, typename Function> void on(Function rule) {
    rules[OpType::getOperationName()] = [rule](mlir::Operation *op, Frame &frame) {
      rule(llvm::cast<OpType>(op), frame);
    };
  }
  const Rule *lookup(mlir::Operation *op) const {
    auto found = rules.find(op->getName().getStringRef());
    return found == rules.end() ? nullptr : &found->second;
  }

private:
  llvm::StringMap<Rule> rules;
};

void addElementwiseRules(RuleTable &table);
void addReductionRules(RuleTable &table);
void addContractionRules(RuleTable &table);
void addShapeRules(RuleTable &table);
void addMoveRules(RuleTable &table);
void addRandomRules(RuleTable &table);
void addProgramRules(RuleTable &table);
void addKernelRules(RuleTable &table);

/// The four words of Philox4x32-10 for a counter, in place.
void philox(uint64_t key, uint32_t words[4]);

/// Element `to` of y is element `from` of x, of the same element type.
inline void copyElement(Tensor &y, int64_t to, const Tensor &x, int64_t from) {
  if (y.real())
    y.reals[to] = x.reals[from];
  else
    y.ints[to] = x.ints[from];
}

/// The larger and the smaller of two numbers: NaN if either is NaN, and -0.0 is less than +0.0.
double larger(double a, double b);
double smaller(double a, double b);
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }
inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }

} // namespace tenon::oracle

#endif
