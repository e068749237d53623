// Computes values of the forward pass again in the backward pass, as RecomputePlan says.
#include "compiler/simplify/Passes.h"
#include "compiler/simplify/RecomputePlan.h"
#include "dialects/graph/Recompute.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "mlir/IR/IRMapping.h"

namespace tenon::simplify {
#define GEN_PASS_DEF_SAVEORRECOMPUTEPASS
#include "compiler/simplify/Passes.h.inc"
} // namespace tenon::simplify

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;
using namespace tenon::simplify;

/// The state that the parts of a batch add their losses to (compiler/autodiff/Accumulation.cpp).
static constexpr llvm::StringLiteral totalLossName = "optimizer.total.loss";

static FusionKind kindOf(Operation *op) { return cast<FusionInterface>(op).getFusionKind(); }

static ArrayRef<SizeAttr> shapeOf(Value value) { return tensorType(value).getSizes(); }

namespace {

/// Which ops of the backward side are likely to run in one kernel, whatever fusion decides: those
/// that read each other element by element, with a contraction or reduction before and a reduction
/// after them. Each such neighbourhood computes again what it reads, so that no kernel is needed to
/// hand it over.
class Neighbourhoods {
public:
  Neighbourhoods(Block &block, const RecomputePlan &plan) {
    for (Operation &op : block) {
      if (!plan.isBackward(&op))
        continue;
      classes.insert(&op);
      if (kindOf(&op) != FusionKind::Elementwise && kindOf(&op) != FusionKind::Reduction)
        continue;
      for (Value operand : op.getOperands())
        if (Operation *def = elementwiseSource(&op, operand); def && has(def))
          classes.unionSets(&op, def);
    }
  }

  Operation *of(Operation *op) const { return classes.getLeaderValue(op); }

private:
  /// The op whose result `op` reads element by element: that of the operand, or behind a broadcast
  /// a reduction of this shape along its rows, as in softmax. Else null.
  static Operation *elementwiseSource(Operation *op, Value operand) {
    Operation *def = operand.getDefiningOp();
    if (!def)
      return nullptr;
    switch (kindOf(def)) {
    case FusionKind::Elementwise:
    case FusionKind::Reduction:
    case FusionKind::Contraction:
      return def;
    case FusionKind::IndexMap: {
      Operation *source = def->getOperand(0).getDefiningOp();
      auto reduction = dyn_cast_or_null<ReductionInterface>(source);
      bool isRow = reduction && shapeOf(source->getOperand(0)) == shapeOf(op->getResult(0)) &&
                   reduction.getReducedAxes().front() != 0;
      return isRow ? source : nullptr;
    }
    default:
      return nullptr;
    }
  }

  bool has(Operation *op) const { return classes.findLeader(op) != classes.member_end(); }

  llvm::EquivalenceClasses<Operation *> classes;
};

class Recomputation {
public:
  Recomputation(Block &block, const RecomputePlan &plan)
      : block(block), plan(plan), neighbourhoods(block, plan) {}

  void run() {
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!plan.isBackward(&op))
        continue;
      builder.setInsertionPoint(&op);
      IRMapping &copies = copiesFor[neighbourhoods.of(&op)];
      for (OpOperand &operand : op.getOpOperands())
        operand.set(copyOf(operand.get(), copies));
    }
  }

private:
  /// What stands for a value in a neighbourhood of the backward side.
  Value copyOf(Value value, IRMapping &own) {
    if (!plan.isRecomputed(value))
      return value;
    bool isShared = &own == &shared || plan.isSharedCopy(value);
    IRMapping &copies = isShared ? shared : own;
    if (Value copy = copies.lookupOrNull(value))
      return copy;
    Operation *def = value.getDefiningOp();
    IRMapping operands;
    bool isSame = true;
    for (Value operand : def->getOperands()) {
      Value copy = copyOf(operand, copies);
      operands.map(operand, copy);
      isSame &= copy == operand;
    }
    FusionKind kind = kindOf(def);
    bool isFree = kind == FusionKind::Source || kind == FusionKind::IndexMap ||
                  kind == FusionKind::View;
    if (isFree && isSame)
      return value; // kernels compute it where they read it, or it is another name
    Operation *copy = builder.clone(*def, operands);
    Attribute mark = builder.getUnitAttr();
    if (isShared)
      mark = builder.getStringAttr(sharedRecomputation);
    copy->setAttr(recomputedAttrName, mark);
    copies.map(value, copy->getResult(0));
    return copy->getResult(0);
  }

  Block &block;
  const RecomputePlan &plan;
  Neighbourhoods neighbourhoods;
  OpBuilder builder{block.getParent()->getContext()};
  llvm::DenseMap<Operation *, IRMapping> copiesFor;
  IRMapping shared;
};

struct SaveOrRecomputePass : simplify::impl::SaveOrRecomputePassBase<SaveOrRecomputePass> {
  using SaveOrRecomputePassBase::SaveOrRecomputePassBase;

  void runOnOperation() override {
    FuncOp entry = getOperation();
    if (entry.isExternal())
      return;
    if (Value loss = findLoss(entry))
      recompute(entry, loss);
    for (Operation &op : entry.getBody().front())
      op.removeAttr(rematAttrName);
  }

private:
  void recompute(FuncOp entry, Value loss) {
    RecomputePolicy policy{segment, segments};
    RecomputePlan plan(entry, loss, policy);
    Recomputation(entry.getBody().front(), plan).run();
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(entry.getBody().front())))
      if (isOpTriviallyDead(&op))
        op.erase();
  }

  /// The loss of an entry that trains: its result of that name, or of a part of a batch what the
  /// entry adds to the total.
  static Value findLoss(FuncOp entry) {
    if (entry.getKind() != "step")
      return {};
    Operation *terminator = entry.getBody().front().getTerminator();
    for (unsigned i = 0; i < entry.getNumResults(); ++i)
      if (entry.getResultName(i) == "loss")
        return terminator->getOperand(i);
    for (auto write : entry.getBody().front().getOps<WriteOp>())
      if (write.getPath() == totalLossName)
        return write.getX();
    return {};
  }
};

} // namespace
