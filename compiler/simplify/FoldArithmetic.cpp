// Replaces arithmetic by cheaper arithmetic that is equal in every bit.
#include "compiler/simplify/Passes.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;

namespace tenon::simplify {
#define GEN_PASS_DEF_FOLDARITHMETICPASS
#include "compiler/simplify/Passes.h.inc"
} // namespace tenon::simplify

static Type elementType(Value value) { return tensorType(value).getElementType(); }

/// What `value` negates, or null.
static Value negated(Value value) {
  auto neg = value.getDefiningOp<NegOp>();
  return neg ? neg.getX() : Value();
}

namespace {

// ---- Signs ------------------------------------------------------------------------------------

/// a + -b = a - b, and -a + b = b - a: IEEE defines subtraction so.
struct AddOfNegation : OpRewritePattern<AddOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(AddOp op, PatternRewriter &rewriter) const override {
    for (auto [kept, other] : {std::pair(op.getA(), op.getB()), std::pair(op.getB(), op.getA())})
      if (Value x = negated(other)) {
        rewriter.replaceOpWithNewOp<SubOp>(op, kept, x);
        return success();
      }
    return failure();
  }
};

/// a - -b = a + b
struct SubOfNegation : OpRewritePattern<SubOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SubOp op, PatternRewriter &rewriter) const override {
    Value x = negated(op.getB());
    if (!x)
      return failure();
    rewriter.replaceOpWithNewOp<AddOp>(op, op.getA(), x);
    return success();
  }
};

/// -a * -b = a * b, -a / -b = a / b
template <typename OpType> struct ProductOfNegations : OpRewritePattern<OpType> {
  using OpRewritePattern<OpType>::OpRewritePattern;

  LogicalResult matchAndRewrite(OpType op, PatternRewriter &rewriter) const override {
    Value a = negated(op.getA()), b = negated(op.getB());
    if (!a || !b)
      return failure();
    rewriter.replaceOpWithNewOp<OpType>(op, a, b);
    return success();
  }
};

// ---- Division ---------------------------------------------------------------------------------

/// x / 2^k = x * 2^-k where 2^-k is exact, a normal number: both round the same real number.
struct DivByPowerOfTwo : OpRewritePattern<DivOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(DivOp op, PatternRewriter &rewriter) const override {
    auto divisor = op.getB().getDefiningOp<ConstantOp>();
    if (!divisor)
      return failure();
    APFloat reciprocal(0.0);
    if (!cast<FloatAttr>(divisor.getValue()).getValue().getExactInverse(&reciprocal))
      return failure();
    Value factor = ConstantOp::create(rewriter, divisor.getLoc(), op.getY().getType(),
                                      FloatAttr::get(elementType(op.getY()), reciprocal));
    rewriter.replaceOpWithNewOp<MulOp>(op, op.getA(), factor);
    return success();
  }
};

// ---- Conversions ------------------------------------------------------------------------------

/// Whether every value of `narrow` is one of `wide`.
static bool embeds(Type narrow, Type wide) {
  if (narrow.isInteger(1) || narrow == wide)
    return true;
  if (narrow.isInteger(32))
    return wide.isInteger(64) || wide.isF64();
  return narrow.isF32() && wide.isF64();
}

/// To a type that holds every value, and back.
struct ConvertThereAndBack : OpRewritePattern<ConvertOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ConvertOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getX().getDefiningOp<ConvertOp>();
    if (!inner || inner.getX().getType() != op.getY().getType() ||
        !embeds(elementType(op.getY()), elementType(op.getX())))
      return failure();
    rewriter.replaceOp(op, inner.getX());
    return success();
  }
};

// ---- Selection --------------------------------------------------------------------------------

/// select(not c, a, b) = select(c, b, a)
struct SelectByNot : OpRewritePattern<SelectOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SelectOp op, PatternRewriter &rewriter) const override {
    auto inverted = op.getCondition().getDefiningOp<NotOp>();
    if (!inverted)
      return failure();
    rewriter.replaceOpWithNewOp<SelectOp>(op, op.getY().getType(), inverted.getX(), op.getB(),
                                          op.getA());
    return success();
  }
};

/// select(c, select(c, a, _), select(c, _, b)) = select(c, a, b)
struct SelectOfSelect : OpRewritePattern<SelectOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(SelectOp op, PatternRewriter &rewriter) const override {
    auto a = selectedBy(op.getA(), op.getCondition()), b = selectedBy(op.getB(), op.getCondition());
    if (!a && !b)
      return failure();
    rewriter.replaceOpWithNewOp<SelectOp>(op, op.getY().getType(), op.getCondition(),
                                          a ? a.getA() : op.getA(), b ? b.getB() : op.getB());
    return success();
  }

private:
  static SelectOp selectedBy(Value value, Value condition) {
    auto select = value.getDefiningOp<SelectOp>();
    return select && select.getCondition() == condition ? select : SelectOp();
  }
};

// ---- Contractions -----------------------------------------------------------------------------

/// A sum of one product is 0 + a * b: the gradient of a layer with one output, an outer product.
struct ContractionOfOneStep : OpRewritePattern<ContractOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ContractOp op, PatternRewriter &rewriter) const override {
    if (!isOneStep(op.getA(), op.getLhs(), op.getOut()) ||
        !isOneStep(op.getB(), op.getRhs(), op.getOut()))
      return failure();
    SizedTensorType type = tensorType(op.getY());
    Value a = spread(rewriter, op.getA(), op.getLhs(), op.getOut(), type);
    Value b = spread(rewriter, op.getB(), op.getRhs(), op.getOut(), type);
    Value product = MulOp::create(rewriter, op.getLoc(), a, b);
    Value zero = ConstantOp::create(rewriter, op.getLoc(), type,
                                    rewriter.getFloatAttr(type.getElementType(), 0.0));
    rewriter.replaceOpWithNewOp<AddOp>(op, product, zero); // -0.0 becomes 0.0, as in a sum
    return success();
  }

private:
  /// Where each axis of x that is not summed stands in the result.
  static SmallVector<int64_t> axesInResult(ArrayRef<int64_t> labels, ArrayRef<int64_t> out) {
    SmallVector<int64_t> axes;
    for (int64_t label : labels)
      if (const auto *place = llvm::find(out, label); place != out.end())
        axes.push_back(place - out.begin());
    return axes;
  }
  /// Are the summed axes of size 1 and the others in the result's order?
  static bool isOneStep(Value x, ArrayRef<int64_t> labels, ArrayRef<int64_t> out) {
    for (auto [label, size] : llvm::zip(labels, tensorType(x).getSizes()))
      if (!llvm::is_contained(out, label) && !size.isConstant(1))
        return false;
    return llvm::is_sorted(axesInResult(labels, out));
  }
  /// `x` in the shape of the result: without its summed axes, repeated along those it lacks.
  static Value spread(PatternRewriter &rewriter, Value x, ArrayRef<int64_t> labels,
                      ArrayRef<int64_t> out, SizedTensorType type) {
    SmallVector<int64_t> axes = axesInResult(labels, out);
    SmallVector<SizeAttr> sizes;
    for (int64_t axis : axes)
      sizes.push_back(type.getSizes()[axis]);
    if (sizes.size() < labels.size())
      x = ReshapeOp::create(rewriter, x.getLoc(), type.withSizes(sizes), x);
    if (sizes.size() < out.size())
      x = BroadcastOp::create(rewriter, x.getLoc(), type, x, axes);
    return x;
  }
};

struct FoldArithmeticPass : simplify::impl::FoldArithmeticPassBase<FoldArithmeticPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    simplify::populateFoldArithmeticPatterns(patterns);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace

void simplify::populateFoldArithmeticPatterns(RewritePatternSet &patterns) {
  patterns.add<AddOfNegation, SubOfNegation, ProductOfNegations<MulOp>, ProductOfNegations<DivOp>,
               DivByPowerOfTwo, ConvertThereAndBack, SelectByNot, SelectOfSelect, ContractionOfOneStep>(
      patterns.getContext());
}
