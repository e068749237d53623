//===- Signatures.cpp - Entries, parameters, data and training ------------===//

#include "compiler/serialize/Tables.h"

using namespace mlir;

namespace tenon::serialize {

//===----------------------------------------------------------------------===//
// Sizes and tensors
//===----------------------------------------------------------------------===//

std::unique_ptr<schema::SizeExprT> toSchema(graph::SizeAttr size, SizeNames names) {
  auto result = std::make_unique<schema::SizeExprT>();
  for (graph::MonomialAttr term : size.getTerms()) {
    auto monomial = std::make_unique<schema::MonomialT>();
    monomial->coefficient = term.getCoefficient();
    for (Attribute attribute : term.getAtoms()) {
      auto atom = std::make_unique<schema::SizeAtomT>();
      if (auto division = dyn_cast<graph::FloorDivAttr>(attribute)) {
        atom->num = toSchema(division.getNum(), names);
        atom->den = toSchema(division.getDen(), names);
      } else {
        atom->name = llvm::find(names, attribute) - names.begin();
      }
      monomial->atoms.push_back(std::move(atom));
    }
    result->terms.push_back(std::move(monomial));
  }
  return result;
}

schema::DType toSchema(Type elementType) {
  if (elementType.isF32())
    return schema::DType::F32;
  if (elementType.isF64())
    return schema::DType::F64;
  if (elementType.isInteger(32))
    return schema::DType::I32;
  return elementType.isInteger(64) ? schema::DType::I64 : schema::DType::Bool;
}

std::unique_ptr<schema::TensorT> toSchema(exec::TensorAttr tensor, SizeNames names) {
  auto result = std::make_unique<schema::TensorT>();
  result->name = tensor.getName().str();
  result->dtype = toSchema(tensor.getType().getElementType());
  for (graph::SizeAttr size : tensor.getType().getSizes())
    result->shape.push_back(toSchema(size, names));
  result->doc = tensor.getDoc().str();
  return result;
}

//===----------------------------------------------------------------------===//
// Entries and variables
//===----------------------------------------------------------------------===//

static const char *spelling(exec::Relation relation) {
  switch (relation) {
  case exec::Relation::Equal:
    return "==";
  case exec::Relation::LessEqual:
    return "<=";
  case exec::Relation::Less:
    return "<";
  case exec::Relation::GreaterEqual:
    return ">=";
  case exec::Relation::Greater:
    return ">";
  case exec::Relation::NotEqual:
    return "!=";
  }
  llvm_unreachable("all relations are covered");
}

static std::vector<std::string> toStrings(ArrayAttr list) {
  std::vector<std::string> strings;
  for (StringAttr string : list.getAsRange<StringAttr>())
    strings.push_back(string.str());
  return strings;
}

static std::unique_ptr<schema::EntryT> buildEntry(exec::EntryOp op) {
  auto entry = std::make_unique<schema::EntryT>();
  SizeNames names = op.getSizes().getValue();
  entry->name = op.getSymName().str();
  entry->kind = static_cast<schema::EntryKind>(op.getKind());
  entry->sizes = toStrings(op.getSizes());
  for (exec::TensorAttr input : op.getInputs().getAsRange<exec::TensorAttr>())
    entry->inputs.push_back(toSchema(input, names));
  for (exec::TensorAttr output : op.getOutputs().getAsRange<exec::TensorAttr>())
    entry->outputs.push_back(toSchema(output, names));
  for (exec::RequireAttr attribute : op.getRequires().getAsRange<exec::RequireAttr>()) {
    auto require = std::make_unique<schema::RequireT>();
    require->left = toSchema(attribute.getLeft(), names);
    require->op = spelling(attribute.getRelation());
    require->right = toSchema(attribute.getRight(), names);
    require->message = attribute.getMessage().str();
    require->line = attribute.getLine();
    entry->requires_.push_back(std::move(require));
  }
  entry->doc = op.getDoc().str();
  entry->line = op.getLine();
  return entry;
}

/// A parameter or a state.
template <typename VariableOp>
static std::unique_ptr<schema::ParameterT> buildParameter(VariableOp op) {
  auto type = cast<exec::BufferType>(op.getType());
  auto parameter = std::make_unique<schema::ParameterT>();
  parameter->path = op.getSymName().str();
  parameter->dtype = toSchema(type.getElementType());
  for (graph::SizeAttr size : type.getSizes())
    parameter->shape.push_back(*size.getConstant());
  parameter->init = std::make_unique<schema::InitT>();
  parameter->init->kind = static_cast<schema::InitKind>(op.getInit().getKind());
  parameter->init->a = op.getInit().getA();
  parameter->init->b = op.getInit().getB();
  parameter->nodecay = op.getNodecay();
  parameter->line = op.getLine();
  if (std::optional<exec::LayoutAttr> layout = op.getLayout()) {
    parameter->layout = static_cast<schema::LayoutKind>(layout->getKind());
    parameter->lanes = layout->getLanes();
  }
  return parameter;
}

//===----------------------------------------------------------------------===//
// Data and training
//===----------------------------------------------------------------------===//

/// Positions of the declarations that others refer to, by name.
using Positions = llvm::StringMap<unsigned>;

static std::unique_ptr<schema::SourceT> buildSource(exec::DataOp op) {
  auto source = std::make_unique<schema::SourceT>();
  source->kind = static_cast<schema::SourceKind>(op.getSource());
  source->path = op.getPath().str();
  source->separator = op.getSeparator().str();
  source->decimal = op.getDecimal().str();
  source->missing = toStrings(op.getMissing());
  source->header = op.getHeader();
  return source;
}

static std::unique_ptr<schema::RawGroupT> buildRawGroup(exec::RawGroupAttr attribute) {
  auto group = std::make_unique<schema::RawGroupT>();
  group->name = attribute.getName().str();
  group->line = attribute.getLine();
  if (Type type = attribute.getType())
    group->dtype = toSchema(type);
  for (Attribute reference : attribute.getColumns()) {
    auto column = std::make_unique<schema::ColumnT>();
    if (auto name = dyn_cast<StringAttr>(reference))
      column->name = name.str();
    else
      column->index = cast<IntegerAttr>(reference).getInt();
    group->columns.push_back(std::move(column));
  }
  return group;
}

/// The one size name of data: the batch, size 0 of the fields' shapes.
static SmallVector<Attribute> batchName(exec::DataOp op) {
  if (op.getFields().empty())
    return {};
  exec::BufferType type = cast<exec::TensorAttr>(op.getFields()[0]).getType();
  return {StringAttr::get(op.getContext(), type.getSizes()[0].getName())};
}

static std::unique_ptr<schema::DataT> buildData(exec::DataOp op, const Positions &entries) {
  auto data = std::make_unique<schema::DataT>();
  data->name = op.getName().str();
  data->source = buildSource(op);
  for (exec::RawGroupAttr raw : op.getRaws().getAsRange<exec::RawGroupAttr>())
    data->raws.push_back(buildRawGroup(raw));
  for (exec::FitAttr attribute : op.getFits().getAsRange<exec::FitAttr>()) {
    auto fit = std::make_unique<schema::FitT>();
    fit->name = attribute.getName().str();
    fit->kind = static_cast<schema::FitKind>(attribute.getKind());
    fit->raw = attribute.getRaw();
    fit->line = attribute.getLine();
    data->fits.push_back(std::move(fit));
  }
  for (exec::TensorAttr field : op.getFields().getAsRange<exec::TensorAttr>())
    data->fields.push_back(toSchema(field, batchName(op)));
  for (exec::SplitPartAttr attribute : op.getSplit().getAsRange<exec::SplitPartAttr>()) {
    auto part = std::make_unique<schema::SplitPartT>();
    part->name = attribute.getName().str();
    part->fraction = attribute.getFraction();
    data->split.push_back(std::move(part));
  }
  data->split_seed = op.getSplitSeed();
  data->prepare = op.getPrepare() ? int(entries.at(*op.getPrepare())) : -1;
  data->line = op.getLine();
  return data;
}

static std::unique_ptr<schema::DurationT>
buildDuration(std::optional<graph::DurationAttr> attribute) {
  if (!attribute)
    return nullptr;
  auto duration = std::make_unique<schema::DurationT>();
  duration->value = attribute->getValue();
  duration->unit = static_cast<schema::DurationUnit>(attribute->getUnit());
  return duration;
}

static std::unique_ptr<schema::TrainT> buildTrain(exec::TrainOp op, const Positions &entries,
                                                  const Positions &data) {
  auto train = std::make_unique<schema::TrainT>();
  train->name = op.getName().str();
  train->model = op.getModel().str();
  train->data = data.at(op.getData());
  train->batch = op.getBatch();
  train->run = buildDuration(op.getRun());
  train->seed = op.getSeed();
  train->shuffle = op.getShuffle();
  train->drop_remainder = op.getDropRemainder();
  train->log_every = buildDuration(op.getLogEvery());
  train->evaluate_on = op.getEvaluateOn().str();
  train->evaluate_every = buildDuration(op.getEvaluateEvery());
  train->checkpoint_every = buildDuration(op.getCheckpointEvery());
  train->checkpoint_keep = op.getCheckpointKeep();
  train->start = op.getStart().str();
  train->metrics = toStrings(op.getMetrics());
  for (exec::PredictionAttr attribute : op.getPredictions().getAsRange<exec::PredictionAttr>()) {
    auto prediction = std::make_unique<schema::PredictionT>();
    prediction->name = attribute.getName().str();
    prediction->like_raw = attribute.getLike();
    train->predictions.push_back(std::move(prediction));
  }
  train->step = entries.at(op.getStep());
  train->evaluate = entries.at(op.getEvaluate());
  train->predict = op.getPredict() ? int(entries.at(*op.getPredict())) : -1;
  train->line = op.getLine();
  train->best = op.getBest().str();
  train->micro_batches = op.getMicroBatches();
  train->counts = op.getCounts() ? int(entries.at(*op.getCounts())) : -1;
  train->accumulate = op.getAccumulate() ? int(entries.at(*op.getAccumulate())) : -1;
  train->average = op.getAverage() ? op.getAverage()->convertToDouble() : 0;
  train->stop_after = buildDuration(op.getStopAfter());
  train->stop_best = op.getStopBest().str();
  return train;
}

//===----------------------------------------------------------------------===//
// All of it
//===----------------------------------------------------------------------===//

void addSignatures(ModuleOp module, schema::ArtifactT &artifact) {
  Positions entries, data;
  for (auto op : module.getOps<exec::ParamOp>())
    artifact.parameters.push_back(buildParameter(op));
  for (auto op : module.getOps<exec::StateOp>())
    artifact.states.push_back(buildParameter(op));
  for (auto op : module.getOps<exec::EntryOp>()) {
    entries[op.getSymName()] = artifact.entries.size();
    artifact.entries.push_back(buildEntry(op));
  }
  for (auto op : module.getOps<exec::DataOp>()) {
    data[op.getName()] = artifact.data.size();
    artifact.data.push_back(buildData(op, entries));
  }
  for (auto op : module.getOps<exec::TrainOp>())
    artifact.trains.push_back(buildTrain(op, entries, data));
}

} // namespace tenon::serialize
