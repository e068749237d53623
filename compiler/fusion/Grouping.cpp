// Greedy grouping in one pass over the block, acyclic by construction: a group has a fixed depth,
// and an op joins its deepest producer only if every other producer is strictly shallower.
#include "compiler/fusion/Grouping.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using graph::FusionKind;

namespace {

/// What an op reads from, looked at through cloned ops and views.
struct Producers {
  std::optional<unsigned> deepest; ///< the one group that may be joined
  unsigned depth = 0;              ///< of the deepest
  bool unique = true;              ///< no second group or view stands at that depth
};

class Grouper {
public:
  Grouper(Block &block, bool fuse) : block(block), fuse(fuse) {}

  std::vector<Group> run() {
    for (Operation &op : block.without_terminator())
      visit(&op);
    materialize(block.getTerminator());
    return std::move(groups);
  }

private:
  void visit(Operation *op) {
    FusionKind kind = cast<graph::FusionInterface>(op).getFusionKind();
    if (isCloned(op))
      return;
    if (kind == FusionKind::View || kind == FusionKind::Program ||
        kind == FusionKind::Contraction)
      materialize(op);
    if (kind == FusionKind::View || kind == FusionKind::Program)
      return;

    Producers producers;
    for (Value operand : op->getOperands())
      collect(operand, /*joinable=*/true, producers);
    if (fuse && kind != FusionKind::Contraction && producers.deepest && producers.unique) {
      Group &group = groups[*producers.deepest];
      Group joined;
      if (canJoin(group, op, joined)) {
        joined.ops.push_back(op);
        group = std::move(joined);
        groupOf[op] = *producers.deepest;
        return;
      }
    }
    start(op, producers.depth + 1);
  }

  void start(Operation *op, unsigned depth) {
    groupOf[op] = groups.size();
    groups.push_back(startGroup(op));
    groups.back().depth = depth;
  }

  /// Cloned ops whose value must stand in memory get a kernel of their own.
  void materialize(Operation *reader) {
    for (Value operand : reader->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def || !isCloned(def) || groupOf.contains(def))
        continue;
      Producers producers;
      for (Value input : def->getOperands())
        collect(input, /*joinable=*/true, producers);
      start(def, producers.depth + 1);
    }
  }

  void collect(Value value, bool joinable, Producers &producers) {
    Operation *def = value.getDefiningOp();
    if (!def)
      return;
    FusionKind kind = cast<graph::FusionInterface>(def).getFusionKind();
    if (kind == FusionKind::Program)
      return;
    if (isCloned(def) || kind == FusionKind::View) {
      // Behind a view there is memory: its group must be finished before.
      for (Value operand : def->getOperands())
        collect(operand, joinable && kind != FusionKind::View, producers);
      return;
    }
    unsigned index = groupOf.lookup(def), depth = groups[index].depth;
    if (depth > producers.depth)
      producers = {joinable ? std::optional(index) : std::nullopt, depth, true};
    else if (depth == producers.depth && (!joinable || producers.deepest != index))
      producers.unique = false;
  }

  Block &block;
  bool fuse;
  std::vector<Group> groups;
  DenseMap<Operation *, unsigned> groupOf;
};

} // namespace

std::vector<Group> fusion::formGroups(Block &block, bool fuse) { return Grouper(block, fuse).run(); }
