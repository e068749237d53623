// The order of an entry's launches: that of the program, or one in which less memory lives at once.
#include "compiler/memory/Passes.h"
#include "compiler/memory/Places.h"
#include "dialects/graph/SizeHints.h"

namespace tenon::memory {
#define GEN_PASS_DEF_ORDERKERNELS
#include "compiler/memory/Passes.h.inc"
} // namespace tenon::memory

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;

namespace {

/// List scheduling: of the kernels that are ready the one that frees most memory, less what it
/// takes, is next; the earlier one in the program among equals.
class ListScheduler {
public:
  ListScheduler(graph::FuncOp entry, ArrayRef<Kernel> kernels)
      : entry(entry), kernels(kernels), places(entry.getBody().front(), kernels),
        successors(kernels.size()), waiting(kernels.size()) {
    for (auto [at, kernel] : llvm::enumerate(kernels))
      for (Value output : kernel.outputs)
        producer[output] = at;
    for (unsigned at = 0; at < kernels.size(); ++at)
      for (Value memory : readMemory(at)) {
        ++readersLeft[memory];
        if (auto found = producer.find(memory); found != producer.end())
          addEdge(found->second, at);
      }
    for (Operation &op : entry.getBody().front())
      if (auto write = dyn_cast<graph::WriteOp>(op))
        keepReadersBefore(write);
      else if (isa<graph::ReturnOp>(op))
        for (Value operand : op.getOperands())
          ++readersLeft[memoryRoot(operand)]; // never freed
  }

  std::vector<unsigned> run() {
    std::vector<unsigned> order, ready;
    for (unsigned at = 0; at < kernels.size(); ++at)
      if (waiting[at] == 0)
        ready.push_back(at);
    while (!ready.empty()) {
      auto best = llvm::max_element(ready, [&](unsigned a, unsigned b) {
        int64_t gainA = gainOf(a), gainB = gainOf(b);
        return gainA != gainB ? gainA < gainB : a > b;
      });
      unsigned next = *best;
      ready.erase(best);
      order.push_back(next);
      for (Value memory : readMemory(next))
        --readersLeft[memory];
      for (unsigned successor : successors[next])
        if (--waiting[successor] == 0)
          ready.push_back(successor);
    }
    return order;
  }

private:
  /// The memory roots that a kernel reads, each once.
  llvm::SmallSetVector<Value, 4> readMemory(unsigned at) const {
    llvm::SmallSetVector<Value, 4> memory;
    for (Value input : kernels[at].inputs)
      memory.insert(memoryRoot(input));
    return memory;
  }

  void addEdge(unsigned from, unsigned to) {
    successors[from].push_back(to);
    ++waiting[to];
  }

  /// A variable is updated in place only when nothing reads its old value later. What the program
  /// reads before the update stays before it.
  void keepReadersBefore(graph::WriteOp write) {
    Value written = memoryRoot(write.getX());
    ++readersLeft[written]; // never freed: it stands in the variable or is copied there at the end
    auto update = producer.find(written);
    if (update == producer.end())
      return;
    for (unsigned at = 0; at < update->second; ++at)
      for (Value memory : readMemory(at))
        if (auto read = memory.getDefiningOp<graph::ReadOp>())
          if (read.getPathAttr() == write.getPathAttr())
            addEdge(at, update->second);
  }

  int64_t bytesInArena(Value memory) const {
    Place::Kind kind = places.of(memory).kind;
    bool isInArena = producer.contains(memory) && kind != Place::Output && kind != Place::Variable;
    return isInArena ? graph::expectedBytes(entry, memory) : 0;
  }

  /// Bytes that are free after the kernel and were not before.
  int64_t gainOf(unsigned at) const {
    int64_t gain = 0;
    for (Value memory : readMemory(at))
      if (readersLeft.lookup(memory) == 1)
        gain += bytesInArena(memory);
    for (Value output : kernels[at].outputs)
      gain -= bytesInArena(output);
    return gain;
  }

  graph::FuncOp entry;
  ArrayRef<Kernel> kernels;
  Places places;
  llvm::DenseMap<Value, unsigned> producer;
  llvm::DenseMap<Value, unsigned> readersLeft; ///< kernels that still read this memory
  std::vector<SmallVector<unsigned>> successors;
  std::vector<unsigned> waiting; ///< for this many kernels
};

struct OrderKernels : memory::impl::OrderKernelsBase<OrderKernels> {
  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    for (auto entry : getOperation().getOps<graph::FuncOp>())
      if (!entry.isExternal())
        order(entry, symbols);
  }

private:
  void order(graph::FuncOp entry, const SymbolTable &symbols) {
    Block &block = entry.getBody().front();
    auto launches = llvm::to_vector(block.getOps<fuse::LaunchOp>());
    std::vector<Kernel> kernels, reordered;
    for (fuse::LaunchOp launch : launches)
      kernels.push_back(describeKernel(launch, symbols));
    std::vector<unsigned> order = ListScheduler(entry, kernels).run();
    for (unsigned at : order)
      reordered.push_back(kernels[at]);
    if (peakBytes(entry, reordered) >= peakBytes(entry, kernels))
      return;
    for (unsigned at : order)
      moveToEnd(launches[at], block);
  }

  /// Moves an op behind the others that were moved, and what renames its results with it.
  static void moveToEnd(Operation *op, Block &block) {
    // Writes say what is true after the entry, wherever they stand: they go to the end as well.
    op->moveBefore(block.getTerminator());
    for (Operation *user : op->getUsers())
      if (isa<graph::ReshapeOp, graph::WriteOp>(user))
        moveToEnd(user, block);
  }
};

} // namespace
