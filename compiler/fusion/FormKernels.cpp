// Puts each group of ops into a fuse.kernel.
#include "compiler/fusion/Grouping.h"
#include "compiler/fusion/Passes.h"
#include "dialects/graph/Recompute.h"
#include "mlir/IR/IRMapping.h"
#include <queue>

namespace tenon::fusion {
#define GEN_PASS_DEF_FORMKERNELS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

namespace {

/// Rebuilds a block as kernels, views and the program's own ops, in an order that respects the
/// dependencies between kernels and otherwise stays that of the program.
class KernelFormer {
public:
  KernelFormer(Block &block, std::vector<Group> groups) : block(block), groups(std::move(groups)) {
    for (auto [index, group] : llvm::enumerate(this->groups))
      for (Operation *op : group.ops)
        groupOf[op] = index;
  }

  void run() {
    SmallVector<Operation *> original;
    for (Operation &op : block.without_terminator())
      original.push_back(&op);
    for (unsigned node : sortedNodes()) {
      if (node < groups.size())
        buildKernel(groups[node]);
      else
        moveAlone(singles[node - groups.size()]);
    }
    for (OpOperand &operand : block.getTerminator()->getOpOperands())
      operand.set(placed.lookupOrDefault(operand.get()));
    for (Operation *op : llvm::reverse(original))
      if (groupOf.contains(op) || isCloned(op))
        op->erase();
  }

private:
  // ---- Order ----------------------------------------------------------------------------------

  /// The nodes `op` must come after: numbers below groups.size() are groups, then singles.
  void collectNodes(Operation *op, llvm::SetVector<unsigned> &nodes) {
    for (Value operand : op->getOperands()) {
      Operation *def = operand.getDefiningOp();
      if (!def)
        continue;
      if (isCloned(def) && !readsMemory(op))
        collectNodes(def, nodes);
      else
        nodes.insert(nodeOf.lookup(def));
    }
  }

  std::vector<unsigned> sortedNodes() {
    std::vector<unsigned> position(groups.size()); // of the node's first op
    std::vector<bool> seen(groups.size());
    unsigned at = 0;
    for (Operation &op : block.without_terminator()) {
      ++at;
      auto group = groupOf.find(&op);
      if (group == groupOf.end() && isCloned(&op))
        continue;
      if (group == groupOf.end()) {
        nodeOf[&op] = groups.size() + singles.size();
        singles.push_back(&op);
        position.push_back(at);
        continue;
      }
      nodeOf[&op] = group->second;
      if (!seen[group->second])
        position[group->second] = at;
      seen[group->second] = true;
    }

    unsigned count = groups.size() + singles.size();
    std::vector<SmallVector<unsigned>> successors(count);
    std::vector<unsigned> waiting(count);
    for (unsigned node = 0; node < count; ++node) {
      llvm::SetVector<unsigned> before;
      if (node < groups.size())
        for (Operation *op : groups[node].ops)
          collectNodes(op, before);
      else
        collectNodes(singles[node - groups.size()], before);
      before.remove(node);
      waiting[node] = before.size();
      for (unsigned producer : before)
        successors[producer].push_back(node);
    }

    using Entry = std::pair<unsigned, unsigned>; // position, node
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> ready;
    for (unsigned node = 0; node < count; ++node)
      if (waiting[node] == 0)
        ready.push({position[node], node});
    std::vector<unsigned> order;
    while (!ready.empty()) {
      unsigned node = ready.top().second;
      ready.pop();
      order.push_back(node);
      for (unsigned next : successors[node])
        if (--waiting[next] == 0)
          ready.push({position[next], next});
    }
    assert(order.size() == count && "groups form a cycle");
    return order;
  }

  // ---- Building -------------------------------------------------------------------------------

  void moveAlone(Operation *op) {
    op->moveBefore(block.getTerminator());
    for (OpOperand &operand : op->getOpOperands())
      operand.set(placed.lookupOrDefault(operand.get()));
  }

  /// Is `value` needed outside the group?
  bool escapes(Value value, const Group &group) {
    return llvm::any_of(value.getUsers(), [&](Operation *user) {
      if (group.contains(user))
        return false;
      if (!isCloned(user) || groupOf.contains(user))
        return true;
      return escapes(user->getResult(0), group);
    });
  }

  /// Copies `op` and the cloned ops it reads into `body`; other operands become arguments.
  void copyInto(Operation *op, Block &body, SmallVectorImpl<Value> &inputs, IRMapping &inside) {
    for (Value operand : op->getOperands()) {
      if (inside.contains(operand))
        continue;
      Operation *def = operand.getDefiningOp();
      if (def && isCloned(def) && !readsMemory(op)) {
        copyInto(def, body, inputs, inside);
        continue;
      }
      inputs.push_back(placed.lookupOrDefault(operand));
      inside.map(operand, body.addArgument(operand.getType(), op->getLoc()));
    }
    OpBuilder builder(op->getContext()); // the body has no parent yet to ask for one
    builder.setInsertionPointToEnd(&body);
    Operation *copy = builder.clone(*op, inside);
    // Marks have done their work, and kernels that differ in them only are one.
    copy->removeAttr(graph::recomputedAttrName);
    copy->removeAttr(graph::rematAttrName);
  }

  /// Does `op` read where data says? Then an error of the launch may be its own.
  static bool readsAtIndices(Operation &op) {
    auto move = dyn_cast<graph::MoveInterface>(op);
    return move && llvm::any_of(move.getPieces(), [](const graph::Piece &piece) {
             return llvm::any_of(piece.axes,
                                 [](const graph::AxisIndex &axis) { return bool(axis.ids); });
           });
  }

  void buildKernel(const Group &group) {
    auto body = std::make_unique<Block>();
    SmallVector<Value> inputs, outputs;
    IRMapping inside;
    Location loc = group.ops.front()->getLoc();
    for (Operation *op : group.ops) {
      copyInto(op, *body, inputs, inside);
      if (!isa<graph::ScalarBodyInterface>(op))
        loc = op->getLoc(); // the line that chose the schedule
      if (escapes(op->getResult(0), group))
        outputs.push_back(op->getResult(0));
    }
    if (auto reader = llvm::find_if(*body, readsAtIndices); reader != body->end())
      loc = reader->getLoc();
    SmallVector<Value> returned;
    for (Value output : outputs)
      returned.push_back(inside.lookup(output));
    OpBuilder builder(block.getTerminator());
    auto kernel =
        fuse::KernelOp::create(builder, loc, ValueRange(outputs).getTypes(), group.anchor, inputs);
    kernel.getBody().push_back(body.release());
    builder.setInsertionPointToEnd(&kernel.getBody().front());
    fuse::ReturnOp::create(builder, loc, returned);
    for (auto [output, result] : llvm::zip(outputs, kernel.getOutputs()))
      placed.map(output, result);
  }

  Block &block;
  std::vector<Group> groups;
  DenseMap<Operation *, unsigned> groupOf, nodeOf;
  SmallVector<Operation *> singles;
  IRMapping placed; ///< values of the old block to those that stand for them now
};

struct FormKernels : fusion::impl::FormKernelsBase<FormKernels> {
  using FormKernelsBase::FormKernelsBase;
  FormKernels(FormKernelsOptions options, Explanation *explanation)
      : FormKernelsBase(options), explanation(explanation) {}

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    Block &block = getOperation().getBody().front();
    // What nothing reads would become a kernel without results.
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (isOpTriviallyDead(&op))
        op.erase();
    KernelFormer(block, formGroups(getOperation(), fuse, explanation)).run();
  }

  Explanation *explanation = nullptr;
};

} // namespace

std::unique_ptr<Pass> fusion::createFormKernels(FormKernelsOptions options,
                                                Explanation *explanation) {
  return std::make_unique<FormKernels>(std::move(options), explanation);
}
