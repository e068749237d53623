// Where the results of an entry's kernels live, and how much memory they take at most.
#ifndef TENON_COMPILER_MEMORY_PLACES_H
#define TENON_COMPILER_MEMORY_PLACES_H

#include "dialects/fuse/Fuse.h"
#include "dialects/graph/Graph.h"
#include "llvm/ADT/MapVector.h"

namespace tenon::memory {

/// A kernel of an entry as memory sees it. Values are those of the entry's block; values that only
/// pass through reshapes, which rename memory, may stand for each other.
struct Kernel {
  llvm::SmallVector<mlir::Value> inputs;  ///< what it reads from memory
  llvm::SmallVector<mlir::Value> outputs; ///< what it writes to memory
  /// For each output the inputs over whose memory it may be written: those of its type that the
  /// kernel reads only to compute the same element. May be left empty: then there are none.
  llvm::SmallVector<llvm::SmallVector<unsigned, 2>> overwritable;
};

/// The kernel of a `fuse.launch`, whose function `symbols` knows, or of a `fuse.kernel`.
Kernel describeKernel(fuse::LaunchOp launch, const mlir::SymbolTable &symbols);
Kernel describeKernel(fuse::KernelOp kernel);

/// The value whose memory `value` is, looked at through reshapes.
mlir::Value memoryRoot(mlir::Value value);

/// The place of a kernel's result, the first of these that is possible.
struct Place {
  enum Kind {
    Output,   ///< the result `index` of the entry
    Variable, ///< the param or state that `write` updates: in place
    Operand,  ///< over the memory of the kernel's input `index`, which dies there
    Temporary ///< memory of its own in the arena
  };
  Kind kind = Temporary;
  unsigned index = 0;
  graph::WriteOp write;
};

/// The places of all results of `kernels`, which run in this order and compute everything that
/// `block` returns or writes, but for arguments and old values of variables. The kernels may be
/// ops of the block or only planned for its ops: the block is looked at for reads, writes, reshapes
/// and the return only.
class Places {
public:
  Places(mlir::Block &block, llvm::ArrayRef<Kernel> kernels);

  Place of(mlir::Value output) const { return places.lookup(output); }
  /// Results of the entry that no kernel's result takes: they are copied at the end.
  bool isOutputTaken(unsigned index) const { return takenOutputs.contains(index); }
  bool isUpdatedInPlace(graph::WriteOp write) const { return updated.contains(write); }

  /// The largest number of bytes that temporaries take at any one time, each rounded up to 64;
  /// the arena of a session is that or, where they do not fit without gaps, up to a percent more.
  /// Scratch memory, which depends on schedules, is not part of it. `bytesOf` gives the bytes of a
  /// value, for the sizes that are expected.
  uint64_t peakBytes(llvm::function_ref<uint64_t(mlir::Value)> bytesOf) const;

private:
  struct Lifetime {
    unsigned first, last; ///< kernels, both included; the last may be one past the end
  };

  void number(mlir::Block &block);
  void place(unsigned at);
  std::optional<Place> placeInOutput(mlir::Value value);
  std::optional<Place> placeInVariable(unsigned at, unsigned output);
  std::optional<Place> placeOverOperand(unsigned at, unsigned output,
                                        llvm::SmallDenseSet<unsigned> &reused);
  bool mayOverwrite(unsigned at, unsigned output, unsigned input) const;
  bool canUpdate(unsigned at, unsigned output, graph::WriteOp write) const;

  llvm::ArrayRef<Kernel> kernels;
  llvm::DenseMap<mlir::Value, Place> places;
  llvm::MapVector<mlir::Value, Lifetime> temporaries; ///< results that stand in the arena
  llvm::DenseMap<mlir::Value, unsigned> lastRead;     ///< of memory roots: a kernel, or the end
  llvm::DenseMap<mlir::Attribute, llvm::SmallVector<mlir::Value>> readsOf; ///< path to old values
  llvm::SmallDenseSet<unsigned> takenOutputs;
  llvm::SmallDenseSet<mlir::Operation *> updated;
};

/// The peak of an entry whose ops are grouped into kernels that run in this order, for the sizes
/// in its `graph.size_hints`: what a decision about kernels can be checked with before they exist.
uint64_t peakBytes(graph::FuncOp entry, llvm::ArrayRef<Kernel> kernels);

/// The same for an entry of `fuse.kernel` or `fuse.launch` ops, in the order of the block.
uint64_t peakBytes(graph::FuncOp entry, const mlir::SymbolTable &symbols);

} // namespace tenon::memory

#endif
