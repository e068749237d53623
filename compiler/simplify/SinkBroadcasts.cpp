// Computes on small tensors first and broadcasts afterwards.
#include "compiler/simplify/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;

namespace tenon::simplify {
#define GEN_PASS_DEF_SINKBROADCASTSPASS
#include "compiler/simplify/Passes.h.inc"
} // namespace tenon::simplify

namespace {

/// f(broadcast(a), broadcast(b), constant) = broadcast(f(a, b, constant)), for equal maps.
struct SinkBroadcast : OpInterfaceRewritePattern<ScalarBodyInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ScalarBodyInterface op, PatternRewriter &rewriter) const override {
    BroadcastOp map = commonBroadcast(op);
    if (!map)
      return failure();
    ArrayRef<SizeAttr> sizes = tensorType(map.getX()).getSizes();
    IRMapping mapping;
    for (Value operand : op->getOperands()) {
      if (auto broadcast = operand.getDefiningOp<BroadcastOp>()) {
        mapping.map(operand, broadcast.getX());
        continue;
      }
      auto constant = operand.getDefiningOp<ConstantOp>();
      mapping.map(operand,
                  ConstantOp::create(rewriter, constant.getLoc(),
                                     tensorType(operand).withSizes(sizes), constant.getValue()));
    }
    Operation *small = rewriter.clone(*op, mapping);
    Type type = op->getResult(0).getType();
    rewriter.modifyOpInPlace(
        small, [&] { small->getResult(0).setType(cast<SizedTensorType>(type).withSizes(sizes)); });
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, type, small->getResult(0), map.getAxes());
    return success();
  }

private:
  /// The first of the operands' broadcasts, if all operands are broadcast like it or constants.
  static BroadcastOp commonBroadcast(Operation *op) {
    BroadcastOp first;
    for (Value operand : op->getOperands()) {
      if (operand.getDefiningOp<ConstantOp>())
        continue;
      auto broadcast = operand.getDefiningOp<BroadcastOp>();
      if (!broadcast)
        return {};
      if (!first)
        first = broadcast;
      else if (broadcast.getAxes() != first.getAxes() ||
               tensorType(broadcast.getX()).getSizes() != tensorType(first.getX()).getSizes())
        return {};
    }
    return first;
  }
};

struct SinkBroadcastsPass : simplify::impl::SinkBroadcastsPassBase<SinkBroadcastsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    simplify::populateSinkBroadcastsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

void simplify::populateSinkBroadcastsPatterns(RewritePatternSet &patterns) {
  patterns.add<SinkBroadcast>(patterns.getContext());
}
