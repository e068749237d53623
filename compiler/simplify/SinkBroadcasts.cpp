// Computes on small tensors first and broadcasts afterwards; computes before shapes change.
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

/// f(reshape(a), reshape(b), constant) = reshape(f(a, b, constant)), for a and b of one shape. What a
/// reduction that keeps its axes is given goes on as rows, and reshapes meet and vanish.
struct SinkReshape : OpInterfaceRewritePattern<ScalarBodyInterface> {
  using OpInterfaceRewritePattern::OpInterfaceRewritePattern;

  LogicalResult matchAndRewrite(ScalarBodyInterface op, PatternRewriter &rewriter) const override {
    ReshapeOp view = commonReshape(op);
    if (!view)
      return failure();
    ArrayRef<SizeAttr> sizes = tensorType(view.getX()).getSizes();
    IRMapping mapping;
    for (Value operand : op->getOperands()) {
      SizedTensorType type = tensorType(operand).withSizes(sizes);
      if (auto reshape = operand.getDefiningOp<ReshapeOp>())
        mapping.map(operand, reshape.getX());
      else if (auto constant = operand.getDefiningOp<ConstantOp>())
        mapping.map(operand,
                    ConstantOp::create(rewriter, constant.getLoc(), type, constant.getValue()));
      else
        mapping.map(operand, BroadcastOp::create(rewriter, operand.getLoc(), type,
                                                 operand.getDefiningOp<BroadcastOp>().getX(),
                                                 ArrayRef<int64_t>()));
    }
    Operation *inner = rewriter.clone(*op, mapping);
    Type type = op->getResult(0).getType();
    rewriter.modifyOpInPlace(
        inner, [&] { inner->getResult(0).setType(cast<SizedTensorType>(type).withSizes(sizes)); });
    rewriter.replaceOpWithNewOp<ReshapeOp>(op, type, inner->getResult(0));
    return success();
  }

private:
  /// The first of the operands' reshapes, if all operands are reshaped from its shape or the same in
  /// all elements.
  static ReshapeOp commonReshape(Operation *op) {
    ReshapeOp first;
    for (Value operand : op->getOperands()) {
      auto broadcast = operand.getDefiningOp<BroadcastOp>();
      if (operand.getDefiningOp<ConstantOp>() ||
          (broadcast && tensorType(broadcast.getX()).rank() == 0))
        continue;
      auto reshape = operand.getDefiningOp<ReshapeOp>();
      if (!reshape)
        return {};
      if (!first)
        first = reshape;
      else if (tensorType(reshape.getX()).getSizes() != tensorType(first.getX()).getSizes())
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
  patterns.add<SinkBroadcast, SinkReshape>(patterns.getContext());
}
