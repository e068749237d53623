//===- EmitTrain.cpp - Objective and predictions --------------------------------===//

#include "frontends/dsl/SemaTrain.h"
#include "llvm/ADT/SetVector.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

using Scaling = DataBlock::Field::Scaling;

void Sema::emitTrainOp(TrainBuilder &train) {
  mlir::Region objective, predict;
  emitObjective(train, objective);
  emitPredict(train, predict);
  bool named = claimSymbol(train.name.text, train.name.range, "train block");
  if (!train.ok || !named || !train.optimizer || diags.hasErrors())
    return;
  mlir::OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module->getBody());
  auto op = graph::TrainOp::create(
      builder, loc(train.name.range), train.name.text, train.decl->model.parts.back().text,
      train.dataName, builder.getStrArrayAttr(train.fields),
      builder.getStrArrayAttr(train.metricNames), builder.getStrArrayAttr(train.predictFields),
      builder.getArrayAttr(train.predictionList), train.optimizer,
      builder.getDictionaryAttr(train.values));
  op->setAttr(graph::sizesAttrName, builder.getStrArrayAttr({"batch"}));
  op.getObjective().takeBody(objective);
  op.getPredict().takeBody(predict);
}

/// Binds every field to an argument of a new block; those nobody used go in `finishRegion`.
mlir::Block *Sema::beginRegion(TrainBuilder &train, mlir::Region &region) {
  mlir::Block *block = &region.emplaceBlock();
  for (const DataBlock::Field &field : train.data->fields) {
    if (std::optional<Value> member = lookupMember(train.model, field.name))
      report(diag::HidesName, field.place, "field", field.name, "a name", train.model->name)
          .note(train.name.range, "both are in scope in this 'train' block");
    mlir::Value argument = block->addArgument(field.type, loc(field.place));
    frame->scopes.back()[field.name] = Tensor{argument, field.axes};
  }
  return block;
}

void Sema::finishRegion(TrainBuilder &train, mlir::Block *block, ArrayRef<mlir::Value> values,
                        SmallVectorImpl<StringRef> &used) {
  graph::YieldOp::create(builder, loc(train.name.range), values);
  BitVector unused(block->getNumArguments());
  for (auto [index, argument] : enumerate(block->getArguments())) {
    if (argument.use_empty())
      unused.set(index);
    else
      used.push_back(train.data->fields[index].name);
  }
  block->eraseArguments(unused);
}

/// Is a parameter, or a state, among what `value` is computed from?
static bool readsParameter(mlir::Value value) {
  SetVector<mlir::Operation *> slice;
  if (mlir::Operation *op = value.getDefiningOp())
    slice.insert(op);
  for (size_t i = 0; i < slice.size(); ++i) {
    if (isa<graph::ReadOp>(slice[i]))
      return true;
    for (mlir::Value operand : slice[i]->getOperands())
      if (mlir::Operation *op = operand.getDefiningOp())
        slice.insert(op);
  }
  return false;
}

/// The loss, a scalar f32; null after an error.
mlir::Value Sema::lossValue(const Expr *loss) {
  draws.clear();
  Value value = evaluate(loss);
  auto scalar = graph::SizedTensorType::get(builder.getF32Type(), {});
  if (value.isNumber())
    value = materialize(value, scalar, loss->range);
  auto *tensor = value.as<Tensor>();
  if (tensor && tensor->type() == scalar) {
    if (!readsParameter(tensor->value))
      report(diag::NothingToTrain, loss->range);
    return tensor->value;
  }
  if (!value.isPoison()) {
    Diagnostic &d = report(diag::LossNotScalar, loss->range, value.describe());
    if (tensor && isUsers(loss->range) && tensor->elementType().isF32())
      d.fixIt(loss->range, ("mean(" + loss->range.text() + ")").str());
  }
  return {};
}

void Sema::emitObjective(TrainBuilder &train, mlir::Region &region) {
  mlir::Block *block = beginRegion(train, region);
  RegionScope scope(*this, block);
  SmallVector<mlir::Value> values;
  auto append = [&](mlir::Value value) {
    train.ok &= bool(value);
    if (value)
      values.push_back(value);
  };
  const Expr *loss = setting(train, "loss");
  training = true;
  sawTraining = false;
  if (loss)
    append(lossValue(loss));
  training = false;
  bool isAnotherLater = std::exchange(sawTraining, false);
  for (const MetricDecl *metric : train.metrics) {
    append(metricValue(metric));
    train.metricNames.push_back(metric->name.text);
  }
  if (loss && isAnotherLater && train.ok)
    append(lossValue(loss));
  finishRegion(train, block, values, train.fields);
}

mlir::Value Sema::metricValue(const MetricDecl *metric) {
  static const StringRef planned[] = {"precision", "recall", "f1", "auc", "confusion"};
  auto *call = dyn_cast<CallExpr>(ignoreParens(metric->value));
  auto *callee = call ? dyn_cast<NameExpr>(call->callee) : nullptr;
  if (callee && is_contained(planned, callee->name.text)) {
    notSupported(callee->range, "the metric '" + callee->name.text + "'");
    return {};
  }
  draws.clear();
  Value value = evaluate(metric->value);
  auto scalar = graph::SizedTensorType::get(builder.getF32Type(), {});
  if (value.isNumber())
    value = materialize(value, scalar, metric->value->range);
  auto *tensor = value.as<Tensor>();
  if (tensor && tensor->type() == scalar)
    return tensor->value;
  wrongKind(metric->value->range, ("the metric '" + metric->name.text + "'").str(), "a scalar f32",
            value);
  return {};
}

//===----------------------------------------------------------------------===//
// Predictions
//===----------------------------------------------------------------------===//

void Sema::emitPredict(TrainBuilder &train, mlir::Region &region) {
  if (train.predictions.empty())
    return;
  mlir::Block *block = beginRegion(train, region);
  RegionScope scope(*this, block);
  SmallVector<mlir::Value> values;
  for (const PredictDecl *predict : train.predictions) {
    draws.clear();
    Value value = evaluate(predict->value);
    auto *tensor = value.as<Tensor>();
    const DataBlock::Field *like = nullptr;
    if (predict->like && !(like = train.data->field(predict->like->text))) {
      report(diag::UnknownField, predict->like->range, train.dataName, predict->like->text);
      train.ok = false;
      continue;
    }
    if (!tensor) {
      wrongKind(predict->value->range, ("'" + predict->name.text + "'").str(), "a tensor", value);
      train.ok = false;
      continue;
    }
    if (tensor->rank() == 0 || tensor->sizes().front().getName() != "batch") {
      wrongKind(predict->value->range, ("'" + predict->name.text + "'").str(),
                "one row for each example, [batch, ...]", value);
      train.ok = false;
      continue;
    }
    mlir::Value result =
        like ? unscale(train, *like, *tensor, predict->value->range) : tensor->value;
    train.ok &= bool(result);
    if (!result)
      continue;
    values.push_back(result);
    SmallVector<mlir::NamedAttribute> entries{
        builder.getNamedAttr("name", builder.getStringAttr(predict->name.text))};
    if (like)
      entries.push_back(builder.getNamedAttr("like", builder.getStringAttr(like->name)));
    train.predictionList.push_back(builder.getDictionaryAttr(entries));
  }
  finishRegion(train, block, values, train.predictFields);
}

/// A prediction in the units of a field's own columns, in f64.
mlir::Value Sema::unscale(TrainBuilder &train, const DataBlock::Field &field, const Tensor &value,
                          SourceRange range) {
  bool fits = value.rank() == field.type.rank() && isa<mlir::FloatType>(value.elementType());
  for (int64_t i = 0; fits && i < value.rank(); ++i)
    fits = value.sizes()[i] == field.type.getSizes()[i];
  if (!fits) {
    report(diag::PredictLike, range, field.name, describe(field.type), describe(value.type()))
        .note(field.place, "declared here");
    return {};
  }
  if (train.data->hasSource && field.scaling == Scaling::Other) {
    notSupported(range, "'like' a field that is computed");
    return {};
  }
  graph::GraphBuilder b(builder, loc(range));
  mlir::Value x = b.convert(value.value, builder.getF64Type());
  if (!train.data->hasSource || field.scaling == Scaling::None)
    return x;
  ArrayRef<graph::SizeAttr> sizes = value.sizes();
  graph::SizeAttr columns = graph::SizeAttr::constant(&context, field.columns);
  auto vector = graph::SizedTensorType::get(builder.getF64Type(), {columns});
  auto matrix = graph::SizedTensorType::get(builder.getF64Type(), {sizes.front(), columns});
  auto fit = graph::FitOp::create(builder, loc(range), vector, vector, train.dataName, field.fit);
  x = b.reshape(x, matrix.getSizes());
  if (field.scaling == Scaling::MinMax && (field.low != 0 || field.high != 1))
    x = b.div(b.sub(x, field.low), field.high - field.low);
  mlir::Value y = b.add(b.mul(x, b.broadcast(fit.getScale(), matrix, {1})),
                        b.broadcast(fit.getShift(), matrix, {1}));
  return b.reshape(y, sizes);
}

} // namespace tenon::dsl::sema
