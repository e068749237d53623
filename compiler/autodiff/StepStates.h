// What a training step writes: parameters and the optimizer's states.
#ifndef TENON_COMPILER_AUTODIFF_STEPSTATES_H
#define TENON_COMPILER_AUTODIFF_STEPSTATES_H

#include "dialects/graph/Graph.h"

namespace tenon::autodiff {

/// The values that a step replaces. Optimizers read and set them; at the end all are written
/// together, or none.
class StepStates {
public:
  /// States are declared before `declarations`' insertion point and entered into `symbols`.
  StepStates(mlir::SymbolTable &symbols, mlir::OpBuilder declarations)
      : symbols(symbols), declarations(declarations) {}

  /// The state @optimizer.<slot>, `init` everywhere at first. It is declared unless it is already:
  /// train blocks of one model share their optimizer's states.
  mlir::Value read(graph::GraphBuilder &b, const llvm::Twine &slot, graph::SizedTensorType type,
                   double init);
  /// Replaces what `read`, or the graph.read of a parameter, gave.
  void set(mlir::Value old, mlir::Value value) { pending.push_back({old, value}); }

  /// Writes all values that were set, or the old ones where `condition`, a boolean scalar, is
  /// false.
  void writeIf(graph::GraphBuilder &b, mlir::Value condition);
  /// Writes all values that were set.
  void writeAll(graph::GraphBuilder &b);

private:
  mlir::SymbolTable &symbols;
  mlir::OpBuilder declarations;
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> pending; // old and new, in order
};

} // namespace tenon::autodiff

#endif
