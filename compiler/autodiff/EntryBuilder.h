// Builds an entry from the regions of data and train blocks.
#ifndef TENON_COMPILER_AUTODIFF_ENTRYBUILDER_H
#define TENON_COMPILER_AUTODIFF_ENTRYBUILDER_H

#include "dialects/graph/Graph.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

namespace tenon::autodiff {

/// A graph.func under construction: first its arguments, then its body, last `finish`.
class EntryBuilder {
public:
  /// Creates the entry where `position` stands.
  EntryBuilder(mlir::OpBuilder &position, mlir::Location loc, llvm::StringRef name,
               llvm::StringRef kind);

  mlir::Value addArgument(llvm::StringRef name, mlir::Type type, mlir::Location loc);
  /// Adds one argument per block argument of `region`, called `names` (strings), and returns them.
  /// Fails when the numbers differ.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> addArguments(mlir::ArrayAttr names,
                                                               mlir::Region &region);
  /// Adds the raw groups of a data block with a source, then `<fit>.shift` and `<fit>.scale` of
  /// each of its fits, which stand for graph.fit from now on. Returns the raw groups.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> addSourceArguments(graph::DataOp data);

  /// Clones the body of `region` to the end of the entry with `arguments` for its block arguments
  /// and returns what it yields. Fails when their types differ, when a graph.fit has no argument
  /// to stand for it, or when the region writes.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  inlineRegion(mlir::Region &region, llvm::ArrayRef<mlir::Value> arguments);

  /// Adds the fields that the objective of `train` takes as arguments, then its body as inlineRegion
  /// does. Returns the loss and what else the objective yields.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> addObjective(graph::TrainOp train);
  /// The same; `mapping` leads from the ops and values of the objective to their clones.
  mlir::FailureOr<llvm::SmallVector<mlir::Value>> addObjective(graph::TrainOp train,
                                                               mlir::IRMapping &mapping);

  /// Says how many rows a call is expected to bring: the first axis of the first argument. For
  /// estimates of cost only.
  void expectBatch(std::optional<int64_t> rows) { expectedBatch = rows; }

  mlir::Block &getBody() { return function.getBody().front(); }
  /// At the end of the body.
  mlir::OpBuilder getBuilder() { return mlir::OpBuilder::atBlockEnd(&getBody()); }

  enum class UnusedArguments { Keep, Drop };
  /// Returns `results` under `names` (strings, one each) and removes ops that they do not need,
  /// and arguments if told so. The first argument stays if there would be none: it says how large
  /// the batch is.
  void finish(llvm::ArrayRef<mlir::Attribute> names, llvm::ArrayRef<mlir::Value> results,
              UnusedArguments unused = UnusedArguments::Keep);

private:
  mlir::FailureOr<llvm::SmallVector<mlir::Value>>
  inlineRegion(mlir::Region &region, llvm::ArrayRef<mlir::Value> arguments,
               mlir::IRMapping &mapping);
  void dropUnusedArguments();
  void addSizeHints();

  graph::FuncOp function;
  llvm::SmallVector<std::string> argumentNames;
  std::optional<int64_t> expectedBatch;
  llvm::StringMap<std::pair<mlir::Value, mlir::Value>> fits; // shift and scale by the fit's name
};

} // namespace tenon::autodiff

#endif
