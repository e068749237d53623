// Greedy grouping in one pass over the block. An op joins a producer's group unless another of its
// producers depends on that group, which would close a cycle.
#include "compiler/fusion/Grouping.h"
#include "compiler/fusion/Explanation.h"
#include "dialects/graph/Recompute.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using graph::FusionKind;

namespace {

class Grouper {
public:
  Grouper(graph::FuncOp function, bool fuse, Explanation *explanation)
      : function(function), block(function.getBody().front()), fuse(fuse),
        explanation(explanation) {}

  std::vector<Group> run() {
    for (Operation &op : block.without_terminator())
      visit(&op);
    materialize(block.getTerminator());
    explainKernelStarts();
    llvm::erase_if(groups, [](const Group &group) { return group.ops.empty(); });
    return std::move(groups);
  }

private:
  /// The groups an op reads from, looked at through cloned ops; behind a view there is memory, so
  /// its group must be finished before and cannot be joined.
  struct Producers {
    llvm::SetVector<unsigned> groups;
    llvm::SmallDenseSet<unsigned> behindViews;
  };

  void collect(Value value, bool behindView, Producers &producers) {
    Operation *def = value.getDefiningOp();
    if (!def)
      return;
    FusionKind kind = cast<graph::FusionInterface>(def).getFusionKind();
    if (kind == FusionKind::Program)
      return;
    if (isCloned(def) || kind == FusionKind::View) {
      for (Value operand : def->getOperands())
        collect(operand, behindView || kind == FusionKind::View, producers);
      return;
    }
    unsigned group = groupOf.lookup(def);
    producers.groups.insert(group);
    if (behindView)
      producers.behindViews.insert(group);
  }
  Producers producersOf(Operation *op) {
    Producers producers;
    for (Value operand : op->getOperands())
      collect(operand, /*behindView=*/false, producers);
    return producers;
  }

  void visit(Operation *op) {
    FusionKind kind = cast<graph::FusionInterface>(op).getFusionKind();
    if (isCloned(op))
      return;
    if (readsMemory(op))
      materialize(op);
    if (kind == FusionKind::View || kind == FusionKind::Program)
      return;

    Producers producers = producersOf(op);
    Refusals refusals;
    if (fuse && !startsKernel(op)) {
      // The deepest first: what is computed last is most likely still in registers.
      SmallVector<unsigned> candidates = llvm::to_vector(producers.groups);
      // Among equals a contraction: what its kernel gives a pointwise one goes through memory, a mask
      // that a pointwise kernel gives it is less.
      auto rank = [&](unsigned group) {
        return std::pair(groups[group].depth, groups[group].anchor == fuse::Anchor::contract);
      };
      llvm::stable_sort(candidates, [&](unsigned a, unsigned b) { return rank(a) > rank(b); });
      for (unsigned candidate : candidates) {
        StringRef reason;
        if (join(candidate, op, producers, reason))
          return;
        refusals.push_back({groups[candidate].ops.back(), reason});
      }
    }
    start(op, producers);
    if (explanation)
      for (auto [producer, reason] : refusals)
        explanation->refuse(function, producer, op, reason);
  }

  /// Whether a contraction computes what a pointwise group gives it is decided once kernels are formed;
  /// other groups it reads from memory.
  void explainKernelStarts() {
    if (!fuse || !explanation)
      return;
    for (Operation &op : block.without_terminator()) {
      if (!startsKernel(&op))
        continue;
      for (Value operand : op.getOperands()) {
        Producers producers;
        collect(operand, /*behindView=*/false, producers);
        for (unsigned producer : producers.groups)
          if (!isa<graph::ContractOp>(op) || groups[producer].anchor != fuse::Anchor::pointwise ||
              producers.behindViews.contains(producer))
            explanation->refuse(function, memberBehind(operand, producer), &op,
                                "starts a kernel of its own, with its operands in memory");
      }
    }
  }
  /// The op of a group behind `value`, looked at through cloned ops and views.
  Operation *memberBehind(Value value, unsigned group) {
    Operation *def = value.getDefiningOp();
    if (!def || groups[group].contains(def))
      return def;
    for (Value operand : def->getOperands())
      if (Operation *member = memberBehind(operand, group))
        return member;
    return nullptr;
  }

  /// The last op of a group that was refused, and why.
  using Refusals = SmallVector<std::pair<Operation *, StringRef>>;

  /// What is computed again belongs to its readers, or to others that are computed again in the same
  /// way: in the group of what it is computed from it would be stored until they need it.
  static bool mayFollow(Operation *op, const Group &group) {
    Attribute way = op->getAttr(graph::recomputedAttrName);
    return !way || llvm::all_of(group.ops, [&](Operation *member) {
      return member->getAttr(graph::recomputedAttrName) == way;
    });
  }

  void start(Operation *op, const Producers &producers) {
    unsigned group = groups.size();
    groupOf[op] = group;
    groups.push_back(startGroup(op));
    readers.emplace_back();
    for (unsigned producer : producers.groups)
      addEdge(producer, group);
  }

  /// Cloned ops whose value must stand in memory get a kernel of their own.
  void materialize(Operation *reader) {
    for (Value operand : reader->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (def && isCloned(def) && !groupOf.contains(def))
        start(def, producersOf(def));
    }
  }

  bool join(unsigned index, Operation *op, const Producers &producers, StringRef &reason) {
    reason = "a reshape lies between, which renames memory";
    if (producers.behindViews.contains(index))
      return false;
    reason = "it is computed again for the backward pass, and would be stored there";
    if (!mayFollow(op, groups[index]))
      return false;
    reason = "another of its inputs depends on that kernel and would have to run within it";
    for (unsigned other : producers.groups)
      if (other != index && reaches(index, other))
        return false;
    Group joined;
    if (!canJoin(groups[index], op, joined, reason))
      return false;
    joined.ops.push_back(op);
    groups[index] = std::move(joined);
    groupOf[op] = index;
    for (unsigned other : producers.groups)
      if (other != index)
        addEdge(other, index);
    for (unsigned other : producers.groups)
      if (other != index && !producers.behindViews.contains(other))
        absorb(other, index);
    return true;
  }

  /// Takes over a pointwise group that only this one reads.
  void absorb(unsigned from, unsigned into) {
    Group &source = groups[from], &target = groups[into];
    if (!canAbsorb(source, target))
      return;
    for (Operation *op : source.ops)
      groupOf[op] = into;
    target.ops.append(source.ops);
    llvm::sort(target.ops, [](Operation *a, Operation *b) { return a->isBeforeInBlock(b); });
    source.ops.clear();
    readers[from].clear();
    for (llvm::SetVector<unsigned> &set : readers)
      if (set.remove(from))
        set.insert(into);
  }

  // ---- Dependencies between groups ------------------------------------------------------------

  /// Groups are deeper than what they read, so only deeper ones can depend on a group.
  void addEdge(unsigned producer, unsigned reader) {
    readers[producer].insert(reader);
    deepen(reader, groups[producer].depth + 1);
  }
  void deepen(unsigned group, unsigned depth) {
    if (groups[group].depth >= depth)
      return;
    groups[group].depth = depth;
    for (unsigned reader : readers[group])
      deepen(reader, depth + 1);
  }
  bool reaches(unsigned from, unsigned to) {
    if (groups[from].depth >= groups[to].depth)
      return false;
    return llvm::any_of(readers[from], [&](unsigned reader) {
      return reader == to || reaches(reader, to);
    });
  }

  graph::FuncOp function;
  Block &block;
  bool fuse;
  Explanation *explanation;
  std::vector<Group> groups;
  std::vector<llvm::SetVector<unsigned>> readers; ///< of each group
  DenseMap<Operation *, unsigned> groupOf;
};

} // namespace

std::vector<Group> fusion::formGroups(graph::FuncOp function, bool fuse, Explanation *explanation) {
  return Grouper(function, fuse, explanation).run();
}
