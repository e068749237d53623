// Merges chains of ops that only pick elements, and takes transposes into contractions.
#include "compiler/simplify/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;

namespace tenon::simplify {
#define GEN_PASS_DEF_MERGEINDEXMAPSPASS
#include "compiler/simplify/Passes.h.inc"
} // namespace tenon::simplify

using Axes = SmallVector<int64_t>;

/// result[i] = values[positions[i]]
static Axes pick(ArrayRef<int64_t> values, ArrayRef<int64_t> positions) {
  return llvm::map_to_vector(positions, [&](int64_t position) { return values[position]; });
}

namespace {

/// Axis a of the inner operand is axis inner[a] of the middle, axis outer[inner[a]] of the result.
struct BroadcastOfBroadcast : OpRewritePattern<BroadcastOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(BroadcastOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<BroadcastOp>();
    if (!inner)
      return failure();
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getY().getType(), inner.getX(),
                                             pick(op.getAxes(), inner.getAxes()));
    return success();
  }
};

/// Axis i of the result is axis outer[i] of the middle, axis inner[outer[i]] of the operand.
struct TransposeOfTranspose : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<TransposeOp>();
    if (!inner)
      return failure();
    rewriter.replaceOpWithNewOp<TransposeOp>(op, inner.getX(),
                                             pick(inner.getPermutation(), op.getPermutation()));
    return success();
  }
};

/// Only where the operand's axes keep their order: broadcast names them ascending.
struct TransposeOfBroadcast : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<BroadcastOp>();
    if (!inner)
      return failure();
    Axes axes = pick(op.getOperandAxes(), inner.getAxes());
    if (!llvm::is_sorted(axes))
      return failure();
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getY().getType(), inner.getX(), axes);
    return success();
  }
};

/// One number in every element is that under every shape.
struct ReshapeOfSplat : OpRewritePattern<ReshapeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ReshapeOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<BroadcastOp>();
    if (!inner || tensorType(inner.getX()).rank() != 0)
      return failure();
    rewriter.replaceOpWithNewOp<BroadcastOp>(op, op.getY().getType(), inner.getX(), Axes());
    return success();
  }
};

/// Label i of a transposed operand belongs to axis permutation[i] of what is transposed.
struct ContractOfTranspose : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ContractOp op, PatternRewriter &rewriter) const override {
    auto a = op.getA().getDefiningOp<TransposeOp>(), b = op.getB().getDefiningOp<TransposeOp>();
    if (!a && !b)
      return failure();
    rewriter.replaceOpWithNewOp<ContractOp>(
        op, a ? a.getX() : op.getA(), b ? b.getX() : op.getB(),
        a ? pick(op.getLhs(), a.getOperandAxes()) : Axes(op.getLhs()),
        b ? pick(op.getRhs(), b.getOperandAxes()) : Axes(op.getRhs()), op.getOut());
    return success();
  }
};

/// Only where nothing else uses the contraction, which would then be computed twice.
struct TransposeOfContract : OpRewritePattern<TransposeOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(TransposeOp op, PatternRewriter &rewriter) const override {
    auto contract = op.getX().getDefiningOp<ContractOp>();
    if (!contract || !contract->hasOneUse())
      return failure();
    rewriter.setInsertionPoint(contract);
    auto merged = ContractOp::create(rewriter, contract.getLoc(), contract.getA(), contract.getB(),
                                     contract.getLhs(), contract.getRhs(),
                                     pick(contract.getOut(), op.getPermutation()));
    rewriter.replaceOp(op, merged);
    return success();
  }
};

struct MergeIndexMapsPass : simplify::impl::MergeIndexMapsPassBase<MergeIndexMapsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    simplify::populateMergeIndexMapsPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

void simplify::populateMergeIndexMapsPatterns(RewritePatternSet &patterns) {
  patterns.add<BroadcastOfBroadcast, TransposeOfTranspose, TransposeOfBroadcast, ReshapeOfSplat,
               ContractOfTranspose, TransposeOfContract>(patterns.getContext());
}
