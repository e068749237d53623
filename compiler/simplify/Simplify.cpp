// Brings an entry into canonical form: all patterns together, then common subexpressions.
#include "compiler/simplify/Passes.h"
#include "dialects/graph/Recompute.h"
#include "mlir/IR/Dominance.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/CSE.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;

namespace tenon::simplify {
#define GEN_PASS_DEF_SIMPLIFYPASS
#include "compiler/simplify/Passes.h.inc"
} // namespace tenon::simplify

namespace {

/// An op that takes the place of one inside a @remat call belongs to that call.
struct KeepRematMarks : RewriterBase::Listener {
  void notifyOperationReplaced(Operation *op, ValueRange replacement) override {
    Attribute mark = op->getAttr(rematAttrName);
    for (Value value : replacement)
      if (Operation *def = value.getDefiningOp(); mark && def && inserted.contains(def))
        def->setAttr(rematAttrName, mark);
  }
  void notifyOperationReplaced(Operation *op, Operation *replacement) override {
    notifyOperationReplaced(op, ValueRange(replacement->getResults()));
  }
  void notifyOperationInserted(Operation *op, OpBuilder::InsertPoint) override {
    inserted.insert(op);
  }
  void notifyOperationErased(Operation *op) override { inserted.erase(op); }

  DenseSet<Operation *> inserted; ///< by patterns
};

struct SimplifyPass : simplify::impl::SimplifyPassBase<SimplifyPass> {
  LogicalResult initialize(MLIRContext *context) override {
    RewritePatternSet all(context);
    for (RegisteredOperationName op : context->getRegisteredOperationsByDialect("graph"))
      op.getCanonicalizationPatterns(all, context);
    simplify::populateSinkBroadcastsPatterns(all);
    simplify::populateMergeIndexMapsPatterns(all);
    simplify::populateFoldArithmeticPatterns(all);
    patterns = std::move(all);
    return success();
  }

  void runOnOperation() override {
    // Merging makes new matches (equal maps, equal sides), which make new equal ops.
    for (bool changed = true; changed;) {
      KeepRematMarks listener;
      GreedyRewriteConfig config;
      config.setListener(&listener);
      if (failed(applyPatternsGreedily(getOperation(), patterns, config))) {
        getOperation().emitOpError("could not be simplified: the rewrites do not end");
        return signalPassFailure();
      }
      IRRewriter rewriter(&getContext());
      DominanceInfo dominance(getOperation());
      eliminateCommonSubExpressions(rewriter, dominance, getOperation(), &changed);
    }
  }

private:
  FrozenRewritePatternSet patterns;
};

} // namespace

void simplify::buildSimplifyPipeline(OpPassManager &passes) {
  passes.addNestedPass<FuncOp>(createSimplifyPass());
}
