// Reduces large tensors to one number in two steps, so that the first has independent tiles.
#include "compiler/fusion/Passes.h"
#include "llvm/ADT/TypeSwitch.h"

namespace tenon::fusion {
#define GEN_PASS_DEF_SPLITREDUCTIONS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;

/// Rows at least this long, and this many of them where their number is known.
static constexpr int64_t kLeastElements = 256, kLeastRows = 16;

/// Looks at nothing but the shape: the order of a sum must not depend on what is expected.
static bool isWorthSplitting(graph::SizedTensorType type) {
  if (type.rank() < 2)
    return false;
  ArrayRef<graph::SizeAttr> sizes = type.getSizes();
  auto rows = sizes[0].getConstant();
  auto elements =
      graph::SizeAttr::product(type.getContext(), sizes.drop_front()).getConstant();
  return elements && *elements >= kLeastElements && (!rows || *rows >= kLeastRows);
}

/// op(x over all axes) = op(op(x over all but the first) over the first)
template <typename Op> static void split(Op op) {
  graph::SizedTensorType type = graph::tensorType(op.getX());
  if (int64_t(op.getAxes().size()) != type.rank() || !isWorthSplitting(type))
    return;
  OpBuilder builder(op);
  auto axes = llvm::to_vector(llvm::seq<int64_t>(1, type.rank()));
  auto rows = Op::create(builder, op.getLoc(), op.getX(), axes);
  auto all = Op::create(builder, op.getLoc(), rows.getY(), ArrayRef<int64_t>{0});
  op.replaceAllUsesWith(all.getY());
  op.erase();
}

namespace {

struct SplitReductions : fusion::impl::SplitReductionsBase<SplitReductions> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      llvm::TypeSwitch<Operation *>(op)
          .Case<graph::SumOp, graph::ReduceMaxOp, graph::ReduceMinOp>([](auto op) { split(op); });
    });
  }
};

} // namespace
