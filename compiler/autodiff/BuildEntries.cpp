// Turns the regions of data and train blocks into entries.
#include "compiler/autodiff/EntryBuilder.h"
#include "compiler/autodiff/Passes.h"
#include "compiler/autodiff/TrainingStep.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::autodiff;
using namespace tenon::graph;

namespace tenon::autodiff {
#define GEN_PASS_DEF_BUILDENTRIESPASS
#include "compiler/autodiff/Passes.h.inc"
} // namespace tenon::autodiff

static LogicalResult buildPrepare(DataOp data, OpBuilder &entries) {
  EntryBuilder entry(entries, data.getLoc(), (data.getSymName() + ".prepare").str(), "prepare");
  auto raws = entry.addSourceArguments(data);
  if (failed(raws))
    return failure();
  auto fields = entry.inlineRegion(data.getPrepare(), *raws);
  if (failed(fields))
    return failure();
  entry.finish(data.getFields().getValue(), *fields);
  return success();
}

static LogicalResult buildEvaluate(TrainOp train, OpBuilder &entries) {
  EntryBuilder entry(entries, train.getLoc(), (train.getSymName() + ".evaluate").str(), "evaluate");
  entry.expectBatch(expectedRows(train));
  auto yields = entry.addObjective(train);
  if (failed(yields))
    return failure();
  SmallVector<Attribute> names{StringAttr::get(train.getContext(), "loss")};
  llvm::append_range(names, train.getMetrics());
  if (yields->size() > names.size()) // evaluation has a loss of its own
    yields->front() = yields->pop_back_val();
  entry.finish(names, *yields);
  return success();
}

// ---- predict ----------------------------------------------------------------------------------

/// The fields that predictions are made from, prepared from raw groups within the entry.
static FailureOr<SmallVector<Value>> prepareFields(TrainOp train, DataOp data,
                                                   EntryBuilder &entry) {
  auto raws = entry.addSourceArguments(data);
  if (failed(raws))
    return failure();
  auto all = entry.inlineRegion(data.getPrepare(), *raws);
  if (failed(all))
    return failure();
  SmallVector<Value> fields;
  for (Attribute name : train.getPredictFields()) {
    const auto *position = llvm::find(data.getFields(), name);
    if (position == data.getFields().end())
      return train.emitOpError("predicts from field ")
             << name << ", which data block @" << data.getSymName() << " does not have";
    fields.push_back((*all)[position - data.getFields().begin()]);
  }
  return fields;
}

static LogicalResult buildPredict(TrainOp train, SymbolTable &symbols, OpBuilder &entries) {
  auto data = symbols.lookup<DataOp>(train.getData());
  if (!data)
    return train.emitOpError("is on data block ") << train.getDataAttr() << ", which is not there";
  EntryBuilder entry(entries, train.getLoc(), (train.getSymName() + ".predict").str(), "predict");
  auto fields = data.getPrepare().empty()
                    ? entry.addArguments(train.getPredictFields(), train.getPredict())
                    : prepareFields(train, data, entry);
  if (failed(fields))
    return failure();
  auto predictions = entry.inlineRegion(train.getPredict(), *fields);
  if (failed(predictions))
    return failure();

  SmallVector<Attribute> names;
  for (Attribute prediction : train.getPredictions()) {
    auto dictionary = dyn_cast<DictionaryAttr>(prediction);
    auto name = dictionary ? dictionary.getAs<StringAttr>("name") : StringAttr();
    if (!name)
      return train.emitOpError("'predictions': entry ") << names.size() << " has no name";
    names.push_back(name);
  }
  entry.finish(names, *predictions, EntryBuilder::UnusedArguments::Drop);
  return success();
}

// ---- The pass ---------------------------------------------------------------------------------

static void emptyRegion(Region &region) {
  region.dropAllReferences();
  region.getBlocks().clear();
}

namespace {

struct BuildEntriesPass : autodiff::impl::BuildEntriesPassBase<BuildEntriesPass> {
  void runOnOperation() override {
    if (failed(buildEntries()))
      signalPassFailure();
  }

private:
  LogicalResult buildEntries() {
    auto datas = llvm::to_vector(getOperation().getOps<DataOp>());
    auto trains = llvm::to_vector(getOperation().getOps<TrainOp>());
    SymbolTable symbols(getOperation());
    for (DataOp data : datas)
      if (!data.getPrepare().empty()) {
        OpBuilder entries = builderAfter(data);
        if (failed(buildPrepare(data, entries)))
          return failure();
      }
    for (TrainOp train : trains)
      if (!train.getObjective().empty() && failed(buildTrainEntries(train, symbols)))
        return failure();

    for (DataOp data : datas)
      emptyRegion(data.getPrepare());
    for (TrainOp train : trains) {
      emptyRegion(train.getObjective());
      emptyRegion(train.getPredict());
    }
    return success();
  }

  static OpBuilder builderAfter(Operation *op) {
    return OpBuilder(op->getBlock(), std::next(op->getIterator()));
  }

  static LogicalResult buildTrainEntries(TrainOp train, SymbolTable &symbols) {
    OpBuilder entries = builderAfter(train);
    if (failed(buildTrainingStep(train, symbols, entries)) || failed(buildEvaluate(train, entries)))
      return failure();
    return train.getPredictions().empty() ? success() : buildPredict(train, symbols, entries);
  }
};

} // namespace
