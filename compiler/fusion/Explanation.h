// What fusion did and did not do, in words: what `tenonc --explain-fusion` prints.
#ifndef TENON_COMPILER_FUSION_EXPLANATION_H
#define TENON_COMPILER_FUSION_EXPLANATION_H

#include "compiler/fusion/CostModel.h"
#include "mlir/IR/BuiltinOps.h"

namespace tenon::fusion {

/// Collects while the passes run; printed when kernels have names.
class Explanation {
public:
  /// Two groups of ops did not become one kernel, for a rule or a cost.
  void refuse(graph::FuncOp entry, mlir::Operation *producer, mlir::Operation *reader,
              llvm::StringRef reason);
  /// The same where there are no two ops to name.
  void refuse(graph::FuncOp entry, const llvm::Twine &sentence);
  /// A kernel that ends in `producer` is computed again in all of its `readers`, and is gone. What was
  /// said before of why it could not join them is forgotten.
  void inlined(graph::FuncOp entry, mlir::Operation *producer,
               llvm::ArrayRef<fuse::KernelOp> readers, const Saving &saving);
  /// The kernels that `entry` ends up with, in order, and what they save.
  void describe(graph::FuncOp entry, const CostModel &costs);

  /// After kernels are outlined: names come from the launches of `module`.
  void print(mlir::ModuleOp module, llvm::raw_ostream &os) const;

private:
  struct Entry {
    std::string name, sizes;
    std::vector<std::string> kernels; ///< a description each, without the name
    double totalNs = 0;
    using Lines = std::vector<std::pair<std::string, std::string>>; ///< what, why
    Lines inlined, refusals;
  };
  Entry &entryOf(graph::FuncOp function);
  static void addLine(Entry::Lines &lines, std::string what, std::string why);

  std::vector<Entry> entries;
};

} // namespace tenon::fusion

#endif
