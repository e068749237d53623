// How an objective depends on the batch: which of its values are sums over examples.
#include "compiler/autodiff/BatchSums.h"
#include "dialects/graph/ProgramError.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

namespace {

enum class Kind { Same, Rows, Sum };

struct Fact {
  Kind kind = Kind::Same;
  bool isData = true;     ///< computed from fields, sizes and constants alone
  bool usesTotal = false; ///< known only after some counts are
};

/// One pass over the ops that the loss needs, in program order.
class Analysis {
public:
  Analysis(Region &objective, StringRef batch) : objective(objective), batch(batch) {}

  FailureOr<BatchSums> run() {
    OpOperand &loss = objective.front().getTerminator()->getOpOperand(0);
    collectNeeded(loss.get());
    for (BlockArgument argument : objective.getArguments())
      facts[argument].kind = batchAxes(argument).empty() ? Kind::Same : Kind::Rows;
    for (Operation &op : objective.front().without_terminator())
      if (needed.contains(&op) && failed(visit(op)))
        return failure();
    if (facts[loss.get()].kind == Kind::Same)
      sums.shares.push_back(&loss);
    return std::move(sums);
  }

private:
  // ---- Shapes ---------------------------------------------------------------------------------

  bool dependsOnBatch(SizeAttr size) const {
    SetVector<StringAttr> names;
    size.collectNames(names);
    return llvm::any_of(names, [&](StringAttr name) { return name.getValue() == batch; });
  }

  SmallVector<int64_t> batchAxes(Value value) const {
    SmallVector<int64_t> axes;
    for (auto [axis, size] : llvm::enumerate(tensorType(value).getSizes()))
      if (dependsOnBatch(size))
        axes.push_back(axis);
    return axes;
  }

  /// The axis along which a value of Kind::Rows has its examples.
  int64_t rowAxis(Value value) const { return batchAxes(value).front(); }

  // ---- Facts ----------------------------------------------------------------------------------

  void collectNeeded(Value loss) {
    SmallVector<Value> open{loss};
    while (!open.empty()) {
      Operation *op = open.pop_back_val().getDefiningOp();
      if (op && needed.insert(op).second)
        llvm::append_range(open, op->getOperands());
    }
  }

  LogicalResult visit(Operation &op) {
    for (Value result : op.getResults())
      if (batchAxes(result).size() > 1)
        return refuse(op, "it pairs the examples of a batch with each other");
    size_t totalsBefore = sums.totals.size();
    FailureOr<Kind> kind = kindOf(op);
    if (failed(kind))
      return failure();
    Fact fact;
    fact.kind = *kind;
    fact.isData = op.getNumOperands() != 0 || isKnownSource(op);
    fact.usesTotal = sums.totals.size() > totalsBefore;
    for (Value operand : op.getOperands()) {
      fact.isData &= facts[operand].isData;
      fact.usesTotal |= facts[operand].usesTotal;
    }
    for (Value result : op.getResults())
      facts[result] = fact;
    return success();
  }

  /// Neither parameters nor random numbers.
  static bool isKnownSource(Operation &op) { return isa<ConstantOp, IotaOp, SizeOp>(op); }

  FailureOr<Kind> kindOf(Operation &op) {
    if (auto size = dyn_cast<SizeOp>(op))
      return kindOfSize(size);
    if (op.getNumOperands() == 0)
      return kindOfSource(op);
    if (isa<ScalarBodyInterface, StopGradientOp>(op))
      return kindOfElementwise(op);
    if (isa<ReductionInterface>(op))
      return kindOfReduction(op);
    if (auto contract = dyn_cast<ContractOp>(op))
      return kindOfContract(contract);
    if (!keepsRows(op))
      return refuse(op, "it moves values from one example to another");
    bool isLinear = isa<BroadcastOp, ReshapeOp, TransposeOp>(op);
    return kindOfRowwise(op, isLinear && batchAxes(op.getResult(0)).empty());
  }

  /// c * batch is the number of rows, c times; anything else is no sum over micro-batches.
  FailureOr<Kind> kindOfSize(SizeOp op) {
    if (!dependsOnBatch(op.getSize()))
      return Kind::Same;
    for (MonomialAttr term : op.getSize().getTerms()) {
      unsigned count = llvm::count_if(term.getAtoms(), [&](Attribute atom) {
        auto name = dyn_cast<StringAttr>(atom);
        return name && name.getValue() == batch;
      });
      bool isPlain = llvm::all_of(term.getAtoms(), llvm::IsaPred<StringAttr>);
      if (count != 1 || !isPlain)
        return refuse(*op, "it is no multiple of the number of examples");
    }
    return Kind::Sum;
  }

  FailureOr<Kind> kindOfSource(Operation &op) {
    SmallVector<int64_t> axes = batchAxes(op.getResult(0));
    auto iota = dyn_cast<IotaOp>(op);
    if (iota && llvm::is_contained(axes, iota.getAxis()))
      return refuse(op, "it counts the examples of a batch");
    return axes.empty() ? Kind::Same : Kind::Rows;
  }

  FailureOr<Kind> kindOfElementwise(Operation &op) {
    if (!batchAxes(op.getResult(0)).empty())
      return Kind::Rows; // all operands have this shape
    MutableArrayRef<OpOperand> x = op.getOpOperands();
    if (isa<AddOp, SubOp>(op))
      return kindOfAddition(x[0], x[1]);
    if (isa<SelectOp>(op))
      return failed(requireSame(x[0])) ? FailureOr<Kind>() : kindOfAddition(x[1], x[2]);
    if (isa<MulOp>(op))
      return kindOfProduct(x[0], x[1]);
    if (isa<DivOp>(op))
      return failed(requireSame(x[1])) ? FailureOr<Kind>() : kindOfScaled(x[0], x[1]);
    return kindOfRowwise(op, isa<NegOp, StopGradientOp>(op) || isExactConversion(op));
  }

  static bool isExactConversion(Operation &op) {
    return isa<ConvertOp>(op) && isa<FloatType>(tensorType(op.getResult(0)).getElementType());
  }

  Kind kindOf(OpOperand &operand) { return facts[operand.get()].kind; }

  FailureOr<Kind> kindOfAddition(OpOperand &a, OpOperand &b) {
    if (kindOf(a) == kindOf(b))
      return kindOf(a);
    OpOperand &sum = kindOf(a) == Kind::Sum ? a : b, &same = kindOf(a) == Kind::Sum ? b : a;
    if (facts[sum.get()].isData) // a count with something added, as in x / (n + 1e-6)
      return failed(requireSame(sum)) ? FailureOr<Kind>() : Kind::Same;
    if (!isa<FloatType>(tensorType(same.get()).getElementType()))
      return refuse(*same.getOwner(), "it adds integers to a sum over examples");
    sums.shares.push_back(&same);
    return Kind::Sum;
  }

  FailureOr<Kind> kindOfProduct(OpOperand &a, OpOperand &b) {
    bool bIsFactor = kindOf(b) != Kind::Sum || facts[b.get()].isData;
    OpOperand &factor = bIsFactor ? b : a, &scaled = bIsFactor ? a : b;
    return failed(requireSame(factor)) ? FailureOr<Kind>() : kindOfScaled(scaled, factor);
  }

  /// `x` times or divided by a factor. A count becomes a total if the factor is one, or came from
  /// one: then the result, such as the mean of a field, is the same for all micro-batches.
  FailureOr<Kind> kindOfScaled(OpOperand &x, OpOperand &factor) {
    bool isTotal = kindOf(factor) == Kind::Sum || facts[factor.get()].usesTotal;
    if (kindOf(x) != Kind::Sum || !facts[x.get()].isData || !isTotal)
      return kindOf(x);
    return failed(requireSame(x)) ? FailureOr<Kind>() : Kind::Same;
  }

  FailureOr<Kind> kindOfReduction(Operation &op) {
    Value x = op.getOperand(0);
    ArrayRef<int64_t> axes = cast<ReductionInterface>(op).getReducedAxes();
    if (facts[x].kind != Kind::Rows)
      return kindOfRowwise(op, isa<SumOp>(op));
    if (!llvm::is_contained(axes, rowAxis(x)))
      return Kind::Rows;
    if (!isa<SumOp>(op))
      return refuse(op, "it compares the examples of a batch with each other");
    return Kind::Sum;
  }

  FailureOr<Kind> kindOfContract(ContractOp op) {
    auto rowLabel = [&](Value x, ArrayRef<int64_t> labels) {
      return facts[x].kind == Kind::Rows ? std::optional(labels[rowAxis(x)]) : std::nullopt;
    };
    std::optional<int64_t> lhs = rowLabel(op.getA(), op.getLhs());
    std::optional<int64_t> rhs = rowLabel(op.getB(), op.getRhs());
    OpOperand &a = op->getOpOperand(0), &b = op->getOpOperand(1);
    if (!lhs && !rhs)
      return kindOfProduct(a, b);
    if ((!lhs && failed(requireSame(a))) || (!rhs && failed(requireSame(b))))
      return failure();
    int64_t label = lhs ? *lhs : *rhs;
    return llvm::is_contained(op.getOut(), label) ? Kind::Rows : Kind::Sum;
  }

  /// An op that treats each example, or each element of a sum if it is linear, by itself.
  FailureOr<Kind> kindOfRowwise(Operation &op, bool isLinear) {
    bool hasSum = llvm::any_of(op.getOperands(), [&](Value x) { return facts[x].kind == Kind::Sum; });
    if (isLinear && hasSum)
      return Kind::Sum;
    for (OpOperand &operand : op.getOpOperands())
      if (kindOf(operand) == Kind::Sum && failed(requireSame(operand)))
        return failure();
    return batchAxes(op.getResult(0)).empty() ? Kind::Same : Kind::Rows;
  }

  /// Whether the examples of the result are those of the operands, one to one and in their order.
  bool keepsRows(Operation &op) {
    SmallVector<int64_t> axes = batchAxes(op.getResult(0));
    if (auto map = dyn_cast<IndexMapInterface>(op)) {
      Value x = op.getOperand(0);
      return facts[x].kind != Kind::Rows ||
             (!axes.empty() && map.getOperandAxes()[rowAxis(x)] == axes[0]);
    }
    if (auto reshape = dyn_cast<ReshapeOp>(op))
      return facts[reshape.getX()].kind != Kind::Rows || keepsRows(reshape);
    if (auto move = dyn_cast<MoveInterface>(op))
      return llvm::all_of(move.getPieces(), [&](const Piece &piece) { return keepsRows(op, piece); });
    return llvm::none_of(op.getOperands(), [&](Value x) { return facts[x].kind == Kind::Rows; });
  }

  bool keepsRows(Operation &op, const Piece &piece) {
    SmallVector<int64_t> axes = batchAxes(op.getResult(0));
    Value x = op.getOperand(piece.operand);
    for (const AxisIndex &index : piece.axes) // ids stand at the result's first axes
      if (index.ids && facts[index.ids].kind == Kind::Rows &&
          (axes.empty() || rowAxis(index.ids) != axes[0]))
        return false;
    if (facts[x].kind != Kind::Rows)
      return true;
    const AxisIndex &index = piece.axes[rowAxis(x)];
    return !index.ids && !index.isReversed && index.offset.isConstant(0) && !axes.empty() &&
           index.axis == axes[0] &&
           tensorType(x).getSizes()[rowAxis(x)] == tensorType(op.getResult(0)).getSizes()[axes[0]];
  }

  /// The axes before the batch hold as many elements on both sides.
  bool keepsRows(ReshapeOp op) const {
    SmallVector<int64_t> axes = batchAxes(op.getResult());
    if (axes.empty())
      return false;
    auto before = [&](Value x, int64_t axis) {
      return SizeAttr::product(op.getContext(), tensorType(x).getSizes().take_front(axis));
    };
    return before(op.getX(), rowAxis(op.getX())) == before(op.getResult(), axes[0]);
  }

  // ---- Counts ---------------------------------------------------------------------------------

  /// The operand must be the same for all micro-batches: if it is a sum, it becomes a total.
  LogicalResult requireSame(OpOperand &operand) {
    if (kindOf(operand) != Kind::Sum)
      return success();
    Operation &op = *operand.getOwner();
    if (!facts[operand.get()].isData)
      return refuse(op, "it needs a number of the whole batch that depends on the parameters");
    if (facts[operand.get()].usesTotal)
      return refuse(op, "it needs a count that depends on another count");
    auto [entry, isNew] = countIndex.try_emplace(operand.get(), sums.counts.size());
    if (isNew)
      sums.counts.push_back(operand.get());
    sums.totals.push_back({&operand, entry->second});
    return success();
  }

  InFlightDiagnostic refuse(Operation &op, StringRef reason) {
    return emitProgramError(op.getLoc())
           << "the loss cannot be computed in parts, as 'accumulate' does: " << reason
           << "; take 'accumulate' away, or use sums and means over the batch only";
  }

  Region &objective;
  StringRef batch;
  llvm::DenseSet<Operation *> needed;
  DenseMap<Value, Fact> facts;
  DenseMap<Value, unsigned> countIndex;
  BatchSums sums;
};

} // namespace

FailureOr<BatchSums> tenon::autodiff::findBatchSums(Region &objective, StringRef batch) {
  return Analysis(objective, batch).run();
}
