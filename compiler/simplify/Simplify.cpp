// Brings an entry into canonical form: all patterns together, then common subexpressions.
#include "compiler/simplify/Passes.h"
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
      if (failed(applyPatternsGreedily(getOperation(), patterns))) {
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
