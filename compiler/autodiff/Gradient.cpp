// Reverse-mode differentiation of straight-line code, and the pass that shows it.
#include "compiler/autodiff/Gradient.h"
#include "compiler/autodiff/Passes.h"
#include "dialects/graph/ProgramError.h"
#include "mlir/Analysis/SliceAnalysis.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::graph;

namespace tenon::autodiff {
#define GEN_PASS_DEF_GRADIENTPASS
#include "compiler/autodiff/Passes.h.inc"
} // namespace tenon::autodiff

bool autodiff::isFloat(Value value) {
  auto type = dyn_cast<SizedTensorType>(value.getType());
  return type && isa<FloatType>(type.getElementType());
}

SmallVector<ReadOp> autodiff::mergeReads(Block &block) {
  SmallVector<ReadOp> reads;
  DenseMap<Attribute, ReadOp> firstOf;
  for (ReadOp read : llvm::make_early_inc_range(block.getOps<ReadOp>())) {
    auto [first, isFirst] = firstOf.try_emplace(read.getPathAttr(), read);
    if (isFirst) {
      reads.push_back(read);
      continue;
    }
    read.replaceAllUsesWith(first->second.getResult());
    read.erase();
  }
  return reads;
}

namespace {

/// One reverse sweep: the values that depend on the inputs, and the adjoints found so far.
class ReverseSweep {
public:
  ReverseSweep(GraphBuilder &b, ArrayRef<Value> inputs) : b(b) {
    active.insert(inputs.begin(), inputs.end());
  }

  /// Finds the ops that carry a dependence on the inputs, up to the definition of `loss`.
  void findActiveOps(Value loss) {
    Operation *last = loss.getDefiningOp();
    if (!last)
      return; // an argument depends on nothing but itself
    for (Operation &op : *last->getBlock()) {
      if (llvm::any_of(op.getOperands(), [&](Value x) { return active.contains(x); })) {
        ops.push_back(&op);
        for (Value result : op.getResults())
          if (autodiff::isFloat(result))
            active.insert(result);
      }
      if (&op == last)
        return;
    }
  }

  void accumulate(Value value, Value contribution) {
    Value &adjoint = adjoints[value];
    adjoint = adjoint ? b.add(adjoint, contribution) : contribution;
  }

  LogicalResult run() {
    for (Operation *op : llvm::reverse(ops))
      if (failed(differentiate(op)))
        return failure();
    return success();
  }

  Value adjointOf(Value value) const { return adjoints.lookup(value); }

  /// The op nearest to the loss that no adjoint passes: one that passes on none, else one on the
  /// way to the loss that gives no floats.
  Operation *findStop(Value loss) const {
    if (stop)
      return stop;
    SetVector<Operation *> needed;
    BackwardSliceOptions options;
    options.omitBlockArguments = true;
    (void)getBackwardSlice(loss, &needed, options);
    for (Operation *op : llvm::reverse(ops))
      if (needed.contains(op) && llvm::none_of(op->getResults(), autodiff::isFloat))
        return op;
    return nullptr;
  }

private:
  LogicalResult differentiate(Operation *op) {
    if (llvm::none_of(op->getResults(), [&](Value y) { return adjoints.contains(y); }))
      return success();
    auto differentiable = dyn_cast<GradientInterface>(op);
    if (!differentiable)
      return emitProgramError(op->getLoc())
             << "'" << op->getName()
             << "' has no derivative, but the loss depends on it; mark its operand with "
                "stop_gradient to treat it as a constant";
    b.setLoc(op->getLoc());
    SmallVector<Value> dy;
    for (Value y : op->getResults()) {
      Value adjoint = adjointOf(y);
      dy.push_back(adjoint ? adjoint : b.zero(y));
    }
    SmallVector<Value> dx = differentiable.buildGradient(b, dy);
    bool passes = false;
    for (auto [x, contribution] : llvm::zip_equal(op->getOperands(), dx))
      if (contribution && active.contains(x)) {
        accumulate(x, contribution);
        passes = true;
      }
    if (!passes && !stop)
      stop = op;
    return success();
  }

  GraphBuilder &b;
  DenseSet<Value> active;
  SmallVector<Operation *> ops; // active, in program order
  DenseMap<Value, Value> adjoints;
  Operation *stop = nullptr; // the first that had an adjoint and passed on none
};

} // namespace

FailureOr<autodiff::Gradients> autodiff::buildGradients(Value loss, ArrayRef<Value> withRespectTo,
                                                        GraphBuilder &b) {
  Location loc = b.getLoc();
  ReverseSweep sweep(b, withRespectTo);
  sweep.findActiveOps(loss);
  b.setLoc(loss.getLoc());
  sweep.accumulate(loss, b.one(loss));
  LogicalResult result = sweep.run();
  b.setLoc(loc);
  if (failed(result))
    return failure();
  Gradients gradients;
  for (Value x : withRespectTo)
    gradients.values.push_back(sweep.adjointOf(x));
  gradients.stop = sweep.findStop(loss);
  return gradients;
}

// ---- The pass ---------------------------------------------------------------------------------

namespace {

struct GradientPass : autodiff::impl::GradientPassBase<GradientPass> {
  void runOnOperation() override {
    FuncOp function = getOperation();
    Operation *terminator = function.getBody().front().getTerminator();
    auto isLoss = [](Value y) { return autodiff::isFloat(y) && tensorType(y).rank() == 0; };
    auto loss = llvm::find_if(terminator->getOperands(), isLoss);
    if (loss == terminator->operand_end()) {
      function.emitOpError("has no floating-point scalar among its results to differentiate");
      return signalPassFailure();
    }

    collectInputs(function);
    OpBuilder builder(terminator);
    GraphBuilder b(builder, function.getLoc());
    FailureOr<autodiff::Gradients> gradients = autodiff::buildGradients(*loss, inputs, b);
    if (failed(gradients))
      return signalPassFailure();
    for (auto [input, gradient] : llvm::zip_equal(inputs, gradients->values))
      if (!gradient)
        gradient = b.zero(input);
    appendResults(function, gradients->values);
    IRRewriter rewriter(&getContext());
    (void)runRegionDCE(rewriter, function->getRegions());
  }

private:
  void collectInputs(FuncOp function) {
    inputs.clear();
    names.clear();
    auto add = [&](Value input, StringRef name) {
      if (!autodiff::isFloat(input))
        return;
      inputs.push_back(input);
      names.push_back(("d." + name).str());
    };
    for (BlockArgument argument : function.getArguments())
      add(argument, function.getArgName(argument.getArgNumber()));
    for (ReadOp read : autodiff::mergeReads(function.getBody().front()))
      add(read, read.getPath());
  }

  void appendResults(FuncOp function, ArrayRef<Value> gradients) {
    Builder builder(&getContext());
    for (auto [gradient, name] : llvm::zip_equal(gradients, names)) {
      NamedAttribute nameAttr(builder.getStringAttr("graph.name"), builder.getStringAttr(name));
      (void)function.insertResult(function.getNumResults(), gradient.getType(),
                                  builder.getDictionaryAttr(nameAttr));
    }
    Operation *terminator = function.getBody().front().getTerminator();
    terminator->insertOperands(terminator->getNumOperands(), gradients);
  }

  SmallVector<Value> inputs;
  SmallVector<std::string> names;
};

} // namespace
