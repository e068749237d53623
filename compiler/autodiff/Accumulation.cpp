// A step over a batch in several micro-batches: what runs for each of them.
#include "compiler/autodiff/Accumulation.h"
#include "compiler/autodiff/BatchSums.h"
#include "compiler/autodiff/EntryBuilder.h"
#include "compiler/autodiff/TrainingStep.h"
#include "dialects/graph/ProgramError.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

FailureOr<int64_t> tenon::autodiff::readMicroBatches(TrainOp train) {
  Attribute value = train.getSettings().get("accumulate");
  if (!value)
    return 1;
  auto number = dyn_cast<IntegerAttr>(value);
  if (!number || number.getInt() < 1)
    return train.emitOpError("settings: 'accumulate' must be an integer of at least 1");
  return number.getInt();
}

std::optional<int64_t> tenon::autodiff::expectedMicroRows(TrainOp train, int64_t microBatches) {
  std::optional<int64_t> rows = expectedRows(train);
  return rows ? std::optional<int64_t>((*rows - 1) / microBatches + 1) : std::nullopt;
}

/// The name of the batch: the first axis of all fields, along which a batch is cut.
static FailureOr<SizeAttr> batchOf(TrainOp train) {
  SizeAttr batch;
  for (BlockArgument field : train.getObjective().getArguments()) {
    ArrayRef<SizeAttr> sizes = tensorType(field).getSizes();
    if (sizes.empty() || sizes[0].getName().empty() || (batch && sizes[0] != batch))
      return train.emitOpError("accumulates, but its fields do not have the batch as first axis");
    batch = sizes[0];
  }
  if (!batch)
    return emitProgramError(train.getObjective().front().getTerminator()->getOperand(0).getLoc())
           << "the loss reads no field, so 'accumulate' has no examples to part; take 'accumulate' "
              "away";
  return batch;
}

namespace {

/// Builds both entries of one train block.
class MicroSteps {
public:
  MicroSteps(TrainOp train, int64_t microBatches, SizeAttr batch, BatchSums sums,
             SymbolTable &symbols, OpBuilder &entries)
      : train(train), rows(expectedMicroRows(train, microBatches)), batch(batch),
        sums(std::move(sums)), symbols(symbols), entries(entries) {}

  LogicalResult buildCounts() {
    if (sums.counts.empty() && sums.shares.empty())
      return success();
    Part part(*this, "counts");
    if (failed(part.inlineObjective()))
      return failure();
    GraphBuilder &b = part.b;
    for (auto [index, count] : llvm::enumerate(sums.counts)) {
      Value value = part.mapping.lookup(count);
      part.add(readTotal(b, part.states, index), value);
    }
    if (!sums.shares.empty())
      part.add(readRows(b, part.states), b.size(batch, b.getBuilder().getF64Type()));
    part.finish();
    return success();
  }

  FailureOr<SmallVector<TrainedParameter>> buildAccumulate() {
    Part part(*this, "accumulate");
    if (failed(part.inlineObjective()))
      return failure();
    useTotals(part);
    Value loss = useShares(part);
    GraphBuilder &b = part.b;
    auto parameters = differentiate(train, part.entry.getBody(), loss, b, symbols);
    if (failed(parameters))
      return failure();
    part.add(readLoss(b, part.states), loss);
    for (TrainedParameter &parameter : *parameters) {
      part.add(readGradient(b, part.states, parameter), parameter.gradient);
      parameter.value = parameter.gradient = Value();
    }
    part.finish();
    return parameters;
  }

  static Value readLoss(GraphBuilder &b, StepStates &states) {
    auto scalar = SizedTensorType::get(b.getBuilder().getF32Type(), {});
    return states.read(b, "total.loss", scalar, 0);
  }
  static Value readGradient(GraphBuilder &b, StepStates &states, TrainedParameter &parameter) {
    SizedTensorType type = cast<SizedTensorType>(parameter.declaration.getType());
    return states.read(b, "accumulated." + parameter.path(), type, 0);
  }

private:
  /// An entry under construction with the objective in it.
  struct Part {
    Part(MicroSteps &steps, StringRef suffix)
        : train(steps.train),
          entry(steps.entries, train.getLoc(), (train.getSymName() + "." + suffix).str(), "step"),
          states(steps.symbols, OpBuilder(train)), builder(entry.getBuilder()),
          b(builder, train.getLoc()) {
      entry.expectBatch(steps.rows);
    }

    LogicalResult inlineObjective() {
      auto yields = entry.addObjective(train, mapping);
      if (failed(yields))
        return failure();
      loss = yields->front();
      return success();
    }

    void add(Value accumulator, Value value) { states.set(accumulator, b.add(accumulator, value)); }
    void finish() {
      states.writeAll(b);
      entry.finish({}, {});
    }

    TrainOp train;
    EntryBuilder entry;
    StepStates states;
    IRMapping mapping;
    OpBuilder builder;
    GraphBuilder b;
    Value loss;
  };

  Value readTotal(GraphBuilder &b, StepStates &states, unsigned index) {
    return states.read(b, "total.count." + train.getSymName() + "." + Twine(index),
                       tensorType(sums.counts[index]), 0);
  }
  Value readRows(GraphBuilder &b, StepStates &states) {
    auto scalar = SizedTensorType::get(b.getBuilder().getF64Type(), {});
    return states.read(b, "total.rows." + train.getSymName(), scalar, 0);
  }

  /// Gives the clones the totals that they need.
  void useTotals(Part &part) {
    OpBuilder front = OpBuilder::atBlockBegin(&part.entry.getBody());
    GraphBuilder b(front, train.getLoc());
    SmallVector<Value> totals;
    for (unsigned i = 0; i < sums.counts.size(); ++i)
      totals.push_back(readTotal(b, part.states, i));
    for (auto [use, index] : sums.totals)
      part.mapping.lookup(use->getOwner())->setOperand(use->getOperandNumber(), totals[index]);
  }

  /// Scales what every micro-batch would add to the loss in full, and returns the loss.
  Value useShares(Part &part) {
    if (sums.shares.empty())
      return part.loss;
    OpBuilder front = OpBuilder::atBlockBegin(&part.entry.getBody());
    GraphBuilder b(front, train.getLoc());
    Value all = readRows(b, part.states);
    Value share = b.div(b.size(batch, front.getF64Type()), all);
    auto scaled = [&](GraphBuilder &at, Value value) {
      return at.mul(value, at.convert(share, tensorType(value).getElementType()));
    };
    for (OpOperand *use : sums.shares) {
      if (use->getOwner()->hasTrait<OpTrait::IsTerminator>()) {
        part.loss = scaled(part.b, part.loss);
        continue;
      }
      Operation *user = part.mapping.lookup(use->getOwner());
      OpBuilder before(user);
      GraphBuilder at(before, user->getLoc());
      user->setOperand(use->getOperandNumber(),
                       scaled(at, user->getOperand(use->getOperandNumber())));
    }
    return part.loss;
  }

  TrainOp train;
  std::optional<int64_t> rows;
  SizeAttr batch;
  BatchSums sums;
  SymbolTable &symbols;
  OpBuilder &entries;
};

} // namespace

FailureOr<SmallVector<TrainedParameter>>
tenon::autodiff::buildMicroSteps(TrainOp train, int64_t microBatches, SymbolTable &symbols,
                                 OpBuilder &entries) {
  FailureOr<SizeAttr> batch = batchOf(train);
  if (failed(batch))
    return failure();
  FailureOr<BatchSums> sums = findBatchSums(train.getObjective(), batch->getName());
  if (failed(sums))
    return failure();
  MicroSteps steps(train, microBatches, *batch, std::move(*sums), symbols, entries);
  if (failed(steps.buildCounts()))
    return failure();
  return steps.buildAccumulate();
}

Value tenon::autodiff::readAccumulated(GraphBuilder &b, StepStates &states,
                                       MutableArrayRef<TrainedParameter> parameters) {
  Value loss = MicroSteps::readLoss(b, states);
  for (TrainedParameter &parameter : parameters) {
    auto type = cast<SizedTensorType>(parameter.declaration.getType());
    parameter.value = b.read(parameter.path(), type);
    parameter.gradient = MicroSteps::readGradient(b, states, parameter);
  }
  return loss;
}
