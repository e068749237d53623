// Computes pointwise kernels again in the kernels that read them, where that is faster. A contraction
// does so while it packs its operand.
#include "compiler/fusion/CostModel.h"
#include "compiler/fusion/Explanation.h"
#include "compiler/fusion/Operands.h"
#include "compiler/fusion/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace tenon::fusion {
#define GEN_PASS_DEF_INLINEPRODUCERS
#include "compiler/fusion/Passes.h.inc"
} // namespace tenon::fusion

using namespace mlir;
using namespace tenon;
using namespace tenon::fusion;

namespace {

class Inliner {
public:
  Inliner(graph::FuncOp function, const CostModel &costs, Explanation *explanation)
      : function(function), costs(costs), explanation(explanation) {}

  /// The producer that saves most time goes first; it changes what the others save.
  void run() {
    Block &block = function.getBody().front();
    for (auto write : block.getOps<graph::WriteOp>())
      written.insert(write.getPathAttr());
    for (auto kernel : block.getOps<fuse::KernelOp>()) {
      if (kernel.getAnchor() != fuse::Anchor::pointwise || kernel->use_empty())
        continue;
      StringRef reason;
      if (isLegal(kernel, reason) && isCheapEnough(kernel, reason))
        candidates.push_back({kernel, savingOf(kernel)});
      else
        refuse(kernel, reason);
    }
    while (true) {
      auto *best = llvm::max_element(candidates, [](const Candidate &a, const Candidate &b) {
        return a.saving.ns < b.saving.ns; // the first among equals
      });
      if (best == candidates.end() || best->saving.ns <= 0)
        break;
      accept(*best);
      inlineProducer(best->kernel);
    }
    for (const Candidate &candidate : candidates)
      refuse(candidate.kernel, "computing it again where it is read would take longer");
  }

private:
  struct Candidate {
    fuse::KernelOp kernel;
    Saving saving;
  };
  using Readers = llvm::SmallSetVector<Operation *, 4>;

  static Readers readersOf(fuse::KernelOp producer) {
    Readers readers;
    readers.insert_range(producer->getUsers());
    return readers;
  }

  static Operation *lastOf(fuse::KernelOp kernel) {
    return kernel.getBody().front().getTerminator()->getOperand(0).getDefiningOp();
  }

  void accept(const Candidate &candidate) {
    if (!explanation)
      return;
    SmallVector<fuse::KernelOp> readers;
    for (Operation *reader : readersOf(candidate.kernel))
      readers.push_back(cast<fuse::KernelOp>(reader));
    llvm::sort(readers, [](fuse::KernelOp a, fuse::KernelOp b) { return a->isBeforeInBlock(b); });
    explanation->inlined(function, lastOf(candidate.kernel), readers, candidate.saving);
  }

  /// Tells the reader that would gain most to know: a contraction, if one is among them.
  void refuse(fuse::KernelOp producer, StringRef reason) {
    if (!explanation || reason.empty())
      return;
    Operation *reader = nullptr;
    for (OpOperand &use : producer->getUses())
      if (graph::ContractOp contraction = operandOf(use))
        reader = contraction;
    if (!reader)
      reader = lastOf(cast<fuse::KernelOp>(readersOf(producer).front()));
    explanation->refuse(function, lastOf(producer), reader, reason);
  }

  // ---- What may be computed again ---------------------------------------------------------------

  /// The contraction that reads a kernel's result as an operand; null if there is none.
  static graph::ContractOp operandOf(OpOperand &use) {
    auto reader = dyn_cast<fuse::KernelOp>(use.getOwner());
    return reader ? operandOf(reader.getBody().getArgument(use.getOperandNumber()))
                  : graph::ContractOp();
  }
  static graph::ContractOp operandOf(Value value) {
    for (Operation *user : value.getUsers()) {
      if (auto contraction = dyn_cast<graph::ContractOp>(user))
        return contraction;
      if (!isa<graph::IndexMapInterface, graph::ScalarBodyInterface>(user))
        continue;
      if (graph::ContractOp contraction = operandOf(user->getResult(0)))
        return contraction;
    }
    return {};
  }

  /// `reason` says in words why not; it is empty where nobody would expect it.
  bool isLegal(fuse::KernelOp producer, StringRef &reason) {
    bool isOperand = llvm::any_of(producer->getUses(),
                                  [](OpOperand &use) { return bool(operandOf(use)); });
    auto refused = [&](StringRef words) {
      reason = isOperand ? words : StringRef();
      return false;
    };
    for (Operation *user : producer->getUsers())
      if (!isa<fuse::KernelOp>(user))
        return refused("its value is needed in memory besides");
    for (OpOperand &use : producer->getUses())
      if (!isReadByElement(use, reason))
        return refused(reason);
    if (!llvm::all_of(producer.getInputs(), [&](Value input) { return staysAsItIs(input); }))
      return refused("it reads a variable that the entry updates");
    if (!keepsNoMoreAlive(producer))
      return refused("what it is computed from takes more memory than its value");
    if (isOperand && !llvm::all_of(producer.getBody().front().without_terminator(), mayBePacked))
      return refused("it moves elements about, and is packed from memory");
    return true;
  }

  /// Does the reader take single elements of the operand as it needs them? Slices, pads, gathers and
  /// the like would compute what they pick behind a condition for each piece, or lane by lane: a load
  /// costs less.
  bool isReadByElement(OpOperand &use, StringRef &reason) {
    auto reader = cast<fuse::KernelOp>(use.getOwner());
    return isUsedByElement(reader.getBody().getArgument(use.getOperandNumber()), reason);
  }
  bool isUsedByElement(Value value, StringRef &reason) {
    return llvm::all_of(value.getUses(), [&](OpOperand &use) {
      Operation *user = use.getOwner();
      if (isa<graph::IndexMapInterface>(user))
        return isUsedByElement(user->getResult(0), reason);
      if (auto contraction = dyn_cast<graph::ContractOp>(user))
        return packingOf(contraction, use.getOperandNumber(), costs, reason).has_value();
      reason = "another kernel reads it from memory";
      return isa<graph::ScalarBodyInterface, graph::ReductionInterface>(user);
    });
  }

  /// Does an element of the op depend on the same element of what it reads, so that a vector of
  /// neighbours is a vector of neighbours?
  static bool mayBePacked(Operation &op) {
    return llvm::is_contained({graph::FusionKind::Elementwise, graph::FusionKind::Source,
                               graph::FusionKind::IndexMap},
                              cast<graph::FusionInterface>(op).getFusionKind());
  }

  /// The old value of a variable must be read before the variable is updated in place.
  bool staysAsItIs(Value input) {
    auto read = input.getDefiningOp<graph::ReadOp>();
    return !read || !written.contains(read.getPathAttr());
  }

  /// The inputs take the place of the outputs in memory until the last reader.
  bool keepsNoMoreAlive(fuse::KernelOp producer) {
    double inputs = 0, outputs = 0;
    for (Value input : producer.getInputs())
      if (input.getDefiningOp<fuse::KernelOp>())
        inputs += costs.bytesOf(input);
    for (Value output : producer.getOutputs())
      outputs += costs.bytesOf(output);
    return inputs <= outputs;
  }

  double operationsPerElement(fuse::KernelOp producer) {
    double operations = 0;
    for (Operation &op : producer.getBody().front())
      operations += op.getNumResults() ? costs.operationsPerElement(&op) : 0;
    return operations;
  }

  /// Packing has the code of several vectors at once, so what is large is not put there either.
  bool isCheapEnough(fuse::KernelOp producer, StringRef &reason) {
    bool isRepeated = readersOf(producer).size() > 1 || timesRead(producer) > 1;
    bool isOperand = llvm::any_of(producer->getUses(),
                                  [](OpOperand &use) { return bool(operandOf(use)); });
    reason = isRepeated ? "computing it again for each element that reads it costs too much"
                        : "a contraction computes what takes little code while it packs";
    return (!isRepeated && !isOperand) ||
           operationsPerElement(producer) <= CostModel::kCheapOperations;
  }

  // ---- What it saves ----------------------------------------------------------------------------

  /// How often an element of `value` is computed if it is computed where it is used.
  double timesUsed(Value value) {
    double times = 0;
    for (Operation *user : value.getUsers())
      if (isa<graph::IndexMapInterface>(user)) {
        double ratio = costs.elementsOf(user->getResult(0)) / std::max(costs.elementsOf(value), 1.0);
        times = std::max(times, std::max(ratio, 1.0) * timesUsed(user->getResult(0)));
      }
    return std::max(times, 1.0);
  }
  double timesRead(OpOperand &use) {
    auto reader = cast<fuse::KernelOp>(use.getOwner());
    Value read = reader.getBody().getArgument(use.getOperandNumber());
    return timesUsed(read) * timesPacked(read, costs);
  }
  double timesRead(fuse::KernelOp producer) {
    double times = 1;
    for (OpOperand &use : producer->getUses())
      times = std::max(times, timesRead(use));
    return times;
  }

  /// What it takes to pack an operand that was read in place.
  double packingOfUse(OpOperand &use) {
    auto reader = cast<fuse::KernelOp>(use.getOwner());
    Value read = reader.getBody().getArgument(use.getOperandNumber());
    double operations = 0;
    for (OpOperand &inner : read.getUses())
      if (auto contraction = dyn_cast<graph::ContractOp>(inner.getOwner())) {
        StringRef reason;
        auto packing = packingOf(contraction, inner.getOperandNumber(), costs, reason);
        operations += packing->times * packing->operations * costs.elementsOf(read);
      }
    return operations;
  }

  Saving savingOf(fuse::KernelOp producer) {
    Cost alone = costs.costOf(producer);
    Saving saving{alone.totalNs(), alone.bytes};
    for (Operation *op : readersOf(producer)) {
      auto reader = cast<fuse::KernelOp>(op);
      Cost before = costs.costOf(reader);
      double operations = before.operations, bytes = before.bytes, times = 1;
      for (OpOperand &use : producer->getUses())
        if (use.getOwner() == op) {
          bytes -= costs.bytesOf(use.get());
          times = std::max(times, timesRead(use));
          operations += packingOfUse(use);
        }
      for (Value input : producer.getInputs())
        if (!llvm::is_contained(reader.getInputs(), input))
          bytes += costs.bytesOf(input);
      operations += times * alone.operations * costs.emptyLanes(reader) / costs.emptyLanes(producer);
      saving.ns -= costs.costOf(operations, bytes).workNs() - before.workNs();
      saving.bytes -= bytes - before.bytes;
    }
    return saving;
  }

  // ---- Inlining ---------------------------------------------------------------------------------

  void inlineProducer(fuse::KernelOp producer) {
    Readers readers = readersOf(producer);
    for (Operation *reader : readers)
      copyInto(producer, cast<fuse::KernelOp>(reader));
    llvm::erase_if(candidates,
                   [&](const Candidate &candidate) { return candidate.kernel == producer; });
    producer.erase();
    for (Candidate &candidate : candidates) {
      bool isNear = readers.contains(candidate.kernel);
      for (Operation *reader : readersOf(candidate.kernel))
        isNear |= readers.contains(reader);
      StringRef reason;
      if (isNear)
        candidate.saving =
            isLegal(candidate.kernel, reason) && isCheapEnough(candidate.kernel, reason)
                ? savingOf(candidate.kernel)
                : Saving();
    }
  }

  static void copyInto(fuse::KernelOp producer, fuse::KernelOp reader) {
    Block &body = reader.getBody().front();
    SmallVector<Value> inputs(reader.getInputs());
    IRMapping inside;
    for (auto [input, argument] :
         llvm::zip_equal(producer.getInputs(), producer.getBody().getArguments())) {
      auto *known = llvm::find(inputs, input);
      unsigned number = known - inputs.begin();
      if (known == inputs.end()) {
        inputs.push_back(input);
        body.addArgument(input.getType(), argument.getLoc());
      }
      inside.map(argument, body.getArgument(number));
    }
    OpBuilder builder = OpBuilder::atBlockBegin(&body);
    for (Operation &op : producer.getBody().front().without_terminator())
      builder.clone(op, inside);
    ValueRange returned = producer.getBody().front().getTerminator()->getOperands();
    for (unsigned number = inputs.size(); number-- > 0;)
      if (inputs[number].getDefiningOp() == producer) {
        unsigned output = cast<OpResult>(inputs[number]).getResultNumber();
        body.getArgument(number).replaceAllUsesWith(inside.lookup(returned[output]));
        body.eraseArgument(number);
        inputs.erase(inputs.begin() + number);
      }
    reader->setOperands(inputs);
  }

  graph::FuncOp function;
  const CostModel &costs;
  Explanation *explanation;
  SmallVector<Candidate> candidates; ///< in program order
  llvm::SmallDenseSet<Attribute> written; ///< paths of variables that the entry updates
};

struct InlineProducers : fusion::impl::InlineProducersBase<InlineProducers> {
  using InlineProducersBase::InlineProducersBase;
  InlineProducers(InlineProducersOptions options, Explanation *explanation)
      : InlineProducersBase(options), explanation(explanation) {}

  void runOnOperation() override {
    if (getOperation().isExternal())
      return;
    FailureOr<targets::TargetInfo> target =
        targets::TargetInfo::getOrReport(cpu, getOperation().getLoc());
    if (failed(target))
      return signalPassFailure();
    Inliner(getOperation(), CostModel(*target, getOperation()), explanation).run();
  }

  Explanation *explanation = nullptr;
};

} // namespace

std::unique_ptr<Pass> fusion::createInlineProducers(InlineProducersOptions options,
                                                    Explanation *explanation) {
  return std::make_unique<InlineProducers>(std::move(options), explanation);
}
