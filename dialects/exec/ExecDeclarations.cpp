//===- ExecDeclarations.cpp - Parameters, data and training ---------------===//

#include "dialects/exec/Exec.h"
#include "llvm/ADT/StringSet.h"
#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::exec;

//===----------------------------------------------------------------------===//
// ParamOp, StateOp
//===----------------------------------------------------------------------===//

template <typename VariableOp> static LogicalResult verifyVariable(VariableOp op) {
  auto type = cast<BufferType>(op.getType());
  if (!type.isStatic())
    return op.emitOpError("(C1) ") << type << " has a symbolic size";
  if (type.getElementType().isInteger(8))
    return op.emitOpError("(C2) bytes without meaning cannot be saved");
  if (op.getInit().getKind() != InitKind::Constant && !isa<FloatType>(type.getElementType()))
    return op.emitOpError("(C2) only f32 and f64 can have random initial values");
  if (op.getLayout() && type.getSizes().size() != 2)
    return op.emitOpError("(C3) ") << type << " has not two axes";
  return success();
}

LogicalResult ParamOp::verify() { return verifyVariable(*this); }

LogicalResult StateOp::verify() { return verifyVariable(*this); }

//===----------------------------------------------------------------------===//
// DataOp
//===----------------------------------------------------------------------===//

/// The declaration of kind `DeclarationOp` that `name` names, or null. `op` is a neighbour of it.
template <typename DeclarationOp>
static DeclarationOp findDeclaration(Operation *op, StringRef name) {
  for (auto declaration : cast<ModuleOp>(op->getParentOp()).getOps<DeclarationOp>())
    if (declaration.getName() == name)
      return declaration;
  return {};
}

static LogicalResult verifyUnique(Operation *op, StringRef what, ArrayRef<StringRef> names,
                                  StringRef constraint) {
  llvm::StringSet<> seen;
  for (StringRef name : names)
    if (!seen.insert(name).second)
      return op->emitOpError(constraint) << " two " << what << " are named '" << name << "'";
  return success();
}

template <typename Element> static SmallVector<StringRef> namesOf(ArrayAttr list) {
  return llvm::map_to_vector(list.getAsRange<Element>(),
                             [](Element element) { return element.getName(); });
}

static LogicalResult verifySplit(DataOp data) {
  double sum = 0;
  for (SplitPartAttr part : data.getSplit().getAsRange<SplitPartAttr>()) {
    if (!(part.getFraction() > 0))
      return data.emitOpError("(C4) the fraction of '") << part.getName() << "' is not positive";
    sum += part.getFraction();
  }
  if (!data.getSplit().empty() && sum > 1 + 1e-9)
    return data.emitOpError("(C4) the parts of the split add to more than 1");
  return verifyUnique(data, "parts", namesOf<SplitPartAttr>(data.getSplit()), "(C4)");
}

static LogicalResult verifyFields(DataOp data) {
  StringRef batch;
  for (TensorAttr field : data.getFields().getAsRange<TensorAttr>()) {
    ArrayRef<graph::SizeAttr> sizes = field.getType().getSizes();
    StringRef first = sizes.empty() ? StringRef() : sizes[0].getName();
    bool restIsConstant =
        llvm::all_of(sizes.drop_front(sizes.empty() ? 0 : 1),
                     [](graph::SizeAttr s) { return s.getConstant().has_value(); });
    if (first.empty() || (!batch.empty() && first != batch) || !restIsConstant)
      return data.emitOpError("(C5) field '")
             << field.getName() << "' must have the batch as first axis and constant others";
    batch = first;
  }
  return success();
}

LogicalResult DataOp::verify() {
  bool hasSource = getSource() != SourceKind::None;
  if (hasSource != !getPath().empty() || hasSource != getPrepare().has_value() ||
      (!hasSource && !getRaws().empty())) // (C2)
    return emitOpError("(C2) a source has a path and an entry 'prepare'; without one there are "
                       "neither, and no raw groups");
  for (FitAttr fit : getFits().getAsRange<FitAttr>()) // (C3)
    if (fit.getRaw() < 0 || fit.getRaw() >= int64_t(getRaws().size()))
      return emitOpError("(C3) fit '") << fit.getName() << "' has no raw group";
  if (failed(verifyUnique(*this, "raw groups", namesOf<RawGroupAttr>(getRaws()), "(C3)")) ||
      failed(verifyUnique(*this, "fits", namesOf<FitAttr>(getFits()), "(C3)")) ||
      failed(verifyUnique(*this, "fields", namesOf<TensorAttr>(getFields()), "(C3)")))
    return failure();
  return success(succeeded(verifySplit(*this)) && succeeded(verifyFields(*this)));
}

/// The entry that `symbol` names if it is of this kind, else null and an error.
static EntryOp lookupEntry(Operation *op, SymbolTableCollection &symbols, FlatSymbolRefAttr symbol,
                           EntryKind kind, StringRef constraint) {
  auto entry = symbols.lookupNearestSymbolFrom<EntryOp>(op, symbol);
  if (entry && entry.getKind() == kind)
    return entry;
  op->emitOpError(constraint) << " " << symbol << " is not an entry of kind '"
                              << stringifyEntryKind(kind) << "'";
  return {};
}

/// What `prepare` takes: (name, number of axes, columns) in order.
static LogicalResult verifyPrepareInputs(DataOp data, EntryOp prepare) {
  struct Expected {
    std::string name;
    unsigned rank;
    int64_t columns;
  };
  SmallVector<Expected> expected;
  SmallVector<RawGroupAttr> raws = llvm::to_vector(data.getRaws().getAsRange<RawGroupAttr>());
  for (RawGroupAttr raw : raws)
    expected.push_back({raw.getName().str(), 2, int64_t(raw.getColumns().size())});
  for (FitAttr fit : data.getFits().getAsRange<FitAttr>())
    for (const char *part : {".shift", ".scale"})
      expected.push_back(
          {fit.getName().str() + part, 1, int64_t(raws[fit.getRaw()].getColumns().size())});
  bool valid = expected.size() == prepare.getInputs().size();
  for (size_t i = 0; valid && i < expected.size(); ++i) {
    auto input = cast<TensorAttr>(prepare.getInputs()[i]);
    ArrayRef<graph::SizeAttr> sizes = input.getType().getSizes();
    valid = input.getName() == expected[i].name && input.getType().getElementType().isF64() &&
            sizes.size() == expected[i].rank && sizes.back().isConstant(expected[i].columns);
  }
  if (!valid)
    return data.emitOpError("(C6) inputs of ")
           << data.getPrepareAttr() << " are not the raw groups and the fitted values";
  return success();
}

LogicalResult DataOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (findDeclaration<DataOp>(*this, getName()) != *this) // (C1)
    return emitOpError("(C1) '") << getName() << "' is declared twice";
  if (!getPrepareAttr())
    return success();
  EntryOp prepare = lookupEntry(*this, symbols, getPrepareAttr(), EntryKind::Prepare, "(C6)");
  if (!prepare)
    return failure();
  if (namesOf<TensorAttr>(prepare.getOutputs()) != namesOf<TensorAttr>(getFields()))
    return emitOpError("(C6) outputs of ") << getPrepareAttr() << " are not the fields";
  return verifyPrepareInputs(*this, prepare);
}

//===----------------------------------------------------------------------===//
// TrainOp
//===----------------------------------------------------------------------===//

static bool isValidDuration(graph::DurationAttr duration) {
  double value = duration.getValue();
  return value > 0 && std::isfinite(value) &&
         (duration.getUnit() != graph::DurationUnit::Fraction || value <= 1);
}

LogicalResult TrainOp::verify() {
  if (int64_t(getBatch()) <= 0 || int64_t(getMicroBatches()) <= 0 ||
      int64_t(getCheckpointKeep()) <= 0)
    return emitOpError("(C2) 'batch', 'micro_batches' and 'checkpoint_keep' must be positive");
  if (getAverage() && !(getAverage()->convertToDouble() >= 0 && getAverage()->convertToDouble() < 1))
    return emitOpError("(C2) 'average' must be at least 0 and below 1");
  std::pair<StringRef, std::optional<graph::DurationAttr>> durations[] = {
      {"run", getRun()},
      {"log_every", getLogEvery()},
      {"evaluate_every", getEvaluateEvery()},
      {"checkpoint_every", getCheckpointEvery()},
      {"stop_after", getStopAfter()}};
  for (auto [name, duration] : durations)
    if (duration && !isValidDuration(*duration))
      return emitOpError("(C3) '") << name << "' is not a duration";
  if (getEvaluateOn().empty() != !getEvaluateEvery())
    return emitOpError("(C4) 'evaluate_on' and 'evaluate_every' stand together");
  if ((getMicroBatches() > 1) != getAccumulate().has_value() || (getCounts() && !getAccumulate()))
    return emitOpError("(C5) 'accumulate' stands with 'micro_batches' above 1, 'counts' with it");
  if (getStopBest().empty() != !getStopAfter() || (getStopAfter() && getEvaluateOn().empty()))
    return emitOpError("(C9) 'stop_after' and 'stop_best' stand together, with 'evaluate_on'");
  return success();
}

/// The inputs of `entry` are fields of `data`.
static LogicalResult verifyTakesFields(TrainOp train, EntryOp entry, DataOp data) {
  for (Attribute input : entry.getInputs()) {
    auto isInput = [&](TensorAttr field) {
      auto tensor = cast<TensorAttr>(input);
      return field.getName() == tensor.getName() && field.getType() == tensor.getType();
    };
    if (llvm::none_of(data.getFields().getAsRange<TensorAttr>(), isInput))
      return train.emitOpError("(C8) input '")
             << cast<TensorAttr>(input).getName() << "' of @" << entry.getSymName()
             << " is not a field of '" << data.getName() << "'";
  }
  return success();
}

LogicalResult TrainOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (findDeclaration<TrainOp>(*this, getName()) != *this)
    return emitOpError("(C1) '") << getName() << "' is declared twice";
  auto data = findDeclaration<DataOp>(*this, getData());
  if (!data)
    return emitOpError("(C1) no data '") << getData() << "' is declared";
  SmallVector<StringRef> parts = namesOf<SplitPartAttr>(data.getSplit());
  if (parts.empty())
    parts.push_back("train"); // all rows
  if (!getEvaluateOn().empty() && !llvm::is_contained(parts, getEvaluateOn()))
    return emitOpError("(C4) '") << getEvaluateOn() << "' is not a part of the split";

  EntryOp step = lookupEntry(*this, symbols, getStepAttr(), EntryKind::Step, "(C5)");
  EntryOp evaluate = lookupEntry(*this, symbols, getEvaluateAttr(), EntryKind::Evaluate, "(C5)");
  if (!step || !evaluate)
    return failure();
  SmallVector<StringRef> stepOutputs = namesOf<TensorAttr>(step.getOutputs());
  if (stepOutputs.empty() || stepOutputs[0] != "loss")
    return emitOpError("(C6) the first output of ") << getStepAttr() << " is not 'loss'";
  SmallVector<StringRef> results = {"loss"};
  for (StringAttr metric : getMetrics().getAsRange<StringAttr>())
    results.push_back(metric.getValue());
  if (namesOf<TensorAttr>(evaluate.getOutputs()) != results)
    return emitOpError("(C6) outputs of ") << getEvaluateAttr() << " are not loss and metrics";
  if (getPredictAttr()) {
    EntryOp predict = lookupEntry(*this, symbols, getPredictAttr(), EntryKind::Predict, "(C5)");
    if (!predict)
      return failure();
    if (namesOf<TensorAttr>(predict.getOutputs()) != namesOf<PredictionAttr>(getPredictions()))
      return emitOpError("(C6) outputs of ") << getPredictAttr() << " are not the predictions";
  }
  for (PredictionAttr prediction : getPredictions().getAsRange<PredictionAttr>())
    if (prediction.getLike() < -1 || prediction.getLike() >= int64_t(data.getRaws().size()))
      return emitOpError("(C7) '") << prediction.getName() << "' is like no raw group";
  for (FlatSymbolRefAttr part : {getCountsAttr(), getAccumulateAttr()}) {
    if (!part)
      continue;
    EntryOp entry = lookupEntry(*this, symbols, part, EntryKind::Step, "(C5)");
    if (!entry)
      return failure();
    if (entry.getInputs() != step.getInputs())
      return emitOpError("(C8) inputs of ") << part << " are not those of " << getStepAttr();
  }
  return success(succeeded(verifyTakesFields(*this, step, data)) &&
                 succeeded(verifyTakesFields(*this, evaluate, data)));
}
