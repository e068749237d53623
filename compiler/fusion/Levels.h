// When the kernels of an entry can run: what must come before what, and how much freedom is left.
#ifndef TENON_COMPILER_FUSION_LEVELS_H
#define TENON_COMPILER_FUSION_LEVELS_H

#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"

namespace tenon::fusion {

/// The kernels of a block and the order between them. A kernel comes after those whose results it
/// reads, also through views, and one that computes the new value of a parameter or state after
/// those that read the old one, so that the value can be updated in place.
///
/// Kernels of one level are independent of each other. The earliest level of a kernel is one more
/// than that of the deepest it comes after; the latest, one less than the earliest reader's.
class Levels {
public:
  explicit Levels(mlir::Block &block);

  llvm::ArrayRef<fuse::KernelOp> getKernels() const { return kernels; } ///< in program order
  unsigned depth() const { return levelCount; }
  llvm::ArrayRef<unsigned> readersOf(unsigned kernel) const { return after[kernel].getArrayRef(); }
  unsigned earliest(unsigned kernel) const { return earliestLevel[kernel]; }

private:
  void addReads();
  void addUpdates();

  mlir::Block &block;
  llvm::SmallVector<fuse::KernelOp> kernels;
  llvm::DenseMap<mlir::Operation *, unsigned> numberOf;
  std::vector<llvm::SmallSetVector<unsigned, 4>> after; ///< kernels that come after each
  llvm::SmallVector<unsigned> earliestLevel;
  unsigned levelCount = 0;
};

} // namespace tenon::fusion

#endif
