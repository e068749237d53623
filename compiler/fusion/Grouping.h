// Which ops of a block run as one kernel.
#ifndef TENON_COMPILER_FUSION_GROUPING_H
#define TENON_COMPILER_FUSION_GROUPING_H

#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"

namespace tenon::fusion {

class Explanation;

/// Ops that become one kernel. `shape` is its iteration space; `reduced`, for rows and columns, the
/// axes of it that the reductions fold.
struct Group {
  fuse::Anchor anchor = fuse::Anchor::pointwise;
  llvm::SmallVector<mlir::Operation *> ops; ///< in program order
  llvm::ArrayRef<graph::SizeAttr> shape;
  llvm::SmallVector<int64_t> reduced;
  /// Larger than that of every group it reads from.
  unsigned depth = 0;

  bool contains(mlir::Operation *op) const { return llvm::is_contained(ops, op); }
  /// The iteration space without the reduced axes.
  llvm::SmallVector<graph::SizeAttr> rowShape() const;
};

/// Sources, index maps and moves: computed again wherever they are used.
bool isCloned(mlir::Operation *op);
/// Contractions and scatters: they join no group.
bool startsKernel(mlir::Operation *op);
/// Views, contractions, scatters and the program's structure: they want their operands in memory, cloned or
/// not.
bool readsMemory(mlir::Operation *op);

/// May `op`, which reads from `group`, become part of it? On success anchor and reduced axes that
/// the group has to take are set in `joined`, else `reason` says in words why not.
bool canJoin(const Group &group, mlir::Operation *op, Group &joined, llvm::StringRef &reason);

/// May `target`, which reads from `source`, take over its ops?
bool canAbsorb(const Group &source, const Group &target);

/// A group of `op` alone.
Group startGroup(mlir::Operation *op);

/// Groups the ops of a block: every op that is neither cloned, a view nor part of the program's
/// structure is in exactly one group. Cloned ops that views, the program or contractions read are
/// in a group of their own besides. With `fuse` false every group has one op. What is refused is
/// told to `explanation` unless that is null.
std::vector<Group> formGroups(graph::FuncOp function, bool fuse,
                              Explanation *explanation = nullptr);

} // namespace tenon::fusion

#endif
