// Undoes what greedy grouping joined where the cost model finds two kernels faster.
//
// What reductions fold may be computed in the reduction, which saves memory, but then lanes run along
// the innermost axis, and if that is short most of them are empty. In a kernel of its own a tensor is one
// long row.
#include "compiler/fusion/CostModel.h"
#include "compiler/fusion/Explanation.h"
#include "compiler/fusion/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenon::fusion {
#define GEN_PASS_DEF_SPLITKERNELS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;
using graph::FusionKind;

/// Two kernels must save a tenth: the model is no more exact than that.
static constexpr double kWorthSplitting = 0.9;

namespace {

/// Ops of one kernel as two: the elementwise ops of the whole shape that depend on nothing else of the
/// kernel, and the rest.
class Split {
public:
  explicit Split(fuse::KernelOp kernel) : kernel(kernel) { findFirst(); }

  /// Are there such ops, before what is reduced?
  bool isPossible() const { return !first.empty() && reduction; }
  Operation *lastOfFirst() const { return first.back(); }
  Operation *getReduction() const { return reduction; }

  /// Builds both kernels before the one.
  void build() {
    Block &body = kernel.getBody().front();
    SmallVector<Value> crossing, returned;
    for (Operation *op : first)
      if (llvm::any_of(op->getUsers(), [&](Operation *user) { return !first.contains(user); }))
        crossing.push_back(op->getResult(0));
    parts[0] = buildPart(fuse::Anchor::pointwise, crossing, {}, {});
    for (Value value : body.getTerminator()->getOperands())
      if (!llvm::is_contained(crossing, value))
        returned.push_back(value);
    parts[1] = buildPart(kernel.getAnchor(), returned, crossing, parts[0].getOutputs());
    for (Value value : body.getTerminator()->getOperands()) {
      unsigned part = llvm::is_contained(crossing, value) ? 0 : 1;
      ArrayRef<Value> values = part == 0 ? ArrayRef(crossing) : ArrayRef(returned);
      results.push_back(parts[part].getOutputs()[llvm::find(values, value) - values.begin()]);
    }
  }
  fuse::KernelOp getPart(unsigned i) const { return parts[i]; }

  void keepParts() {
    kernel.replaceAllUsesWith(ValueRange(results));
    kernel.erase();
  }
  void keepWhole() {
    parts[1].erase();
    parts[0].erase();
  }

private:
  void findFirst() {
    llvm::SmallPtrSet<Operation *, 16> rest;
    for (Operation &op : kernel.getBody().front().without_terminator())
      if (isa<graph::ReductionInterface>(op) && !reduction)
        reduction = &op;
    if (!reduction)
      return;
    auto shape = graph::tensorType(reduction->getOperand(0)).getSizes();
    for (Operation &op : kernel.getBody().front().without_terminator()) {
      FusionKind kind = cast<graph::FusionInterface>(op).getFusionKind();
      bool reads = llvm::any_of(op.getOperands(), [&](Value operand) {
        return rest.contains(operand.getDefiningOp());
      });
      bool isElementwise = kind == FusionKind::Elementwise;
      bool isWhole = graph::tensorType(op.getResult(0)).getSizes() == shape;
      if (reads || (isElementwise && !isWhole) || isa<graph::ReductionInterface>(op))
        rest.insert(&op);
      else if (isElementwise)
        first.insert(&op);
    }
  }

  /// A kernel that returns `returned`, with `given` as further inputs for `known` values of the body.
  fuse::KernelOp buildPart(fuse::Anchor anchor, ArrayRef<Value> returned, ArrayRef<Value> known,
                           ValueRange given) {
    auto body = std::make_unique<Block>();
    SmallVector<Value> inputs, inner;
    IRMapping inside;
    auto addInput = [&](Value value, Value input) {
      inputs.push_back(input);
      inside.map(value, body->addArgument(value.getType(), kernel.getLoc()));
    };
    OpBuilder cloner(kernel.getContext());
    cloner.setInsertionPointToEnd(body.get());
    std::function<void(Value)> copy = [&](Value value) {
      if (inside.contains(value))
        return;
      if (auto *place = llvm::find(known, value); place != known.end())
        return addInput(value, given[place - known.begin()]);
      if (auto argument = dyn_cast<BlockArgument>(value))
        return addInput(value, kernel.getInputs()[argument.getArgNumber()]);
      for (Value operand : value.getDefiningOp()->getOperands())
        copy(operand);
      cloner.clone(*value.getDefiningOp(), inside);
    };
    for (Value value : returned) {
      copy(value);
      inner.push_back(inside.lookup(value));
    }
    OpBuilder builder(kernel);
    auto part = fuse::KernelOp::create(builder, kernel.getLoc(), ValueRange(returned).getTypes(),
                                       anchor, inputs);
    part.getBody().push_back(body.release());
    builder.setInsertionPointToEnd(&part.getBody().front());
    fuse::ReturnOp::create(builder, kernel.getLoc(), inner);
    return part;
  }

  fuse::KernelOp kernel;
  llvm::SetVector<Operation *> first;
  Operation *reduction = nullptr;
  fuse::KernelOp parts[2];
  SmallVector<Value> results;
};

struct SplitKernels : fusion::impl::SplitKernelsBase<SplitKernels> {
  using SplitKernelsBase::SplitKernelsBase;
  SplitKernels(SplitKernelsOptions options, Explanation *explanation)
      : SplitKernelsBase(options), explanation(explanation) {}

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    llvm::Expected<targets::TargetInfo> target =
        targets::TargetInfo::get(targets::kDefaultTriple, cpu);
    if (!target) {
      getOperation().emitError(llvm::toString(target.takeError()));
      return signalPassFailure();
    }
    CostModel costs(*target, getOperation());
    Block &block = getOperation().getBody().front();
    for (auto kernel : llvm::make_early_inc_range(block.getOps<fuse::KernelOp>()))
      if (kernel.getAnchor() == fuse::Anchor::rows || kernel.getAnchor() == fuse::Anchor::columns)
        visit(kernel, costs);
  }

  void visit(fuse::KernelOp kernel, const CostModel &costs) {
    Split split(kernel);
    if (!split.isPossible())
      return;
    split.build();
    double whole = costs.costOf(kernel).totalNs();
    double parts = costs.costOf(split.getPart(0)).totalNs() + costs.costOf(split.getPart(1)).totalNs();
    if (parts > kWorthSplitting * whole)
      return split.keepWhole();
    if (explanation)
      explanation->refuse(getOperation(), split.lastOfFirst(), split.getReduction(),
                          llvm::formatv("{0:F2} us in two kernels, {1:F2} us in one, where lanes "
                                        "along short rows are empty",
                                        parts / 1000, whole / 1000)
                              .str());
    split.keepParts();
  }

  Explanation *explanation = nullptr;
};

} // namespace

std::unique_ptr<Pass> fusion::createSplitKernels(SplitKernelsOptions options,
                                                 Explanation *explanation) {
  return std::make_unique<SplitKernels>(std::move(options), explanation);
}
