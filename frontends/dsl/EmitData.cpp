//===- EmitData.cpp - The fields of a data block --------------------------------===//
//
// Field expressions are ordinary ones over f64[batch, columns] matrices; four calls are known by
// their place: columns, column, standardize, minmax. What was fitted is read with graph.fit.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/SemaData.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

using Scaling = DataBlock::Field::Scaling;

SizeBinding Sema::batchSize() {
  return {graph::SizeAttr::symbol(&context, "batch"), Axis{"batch"}, userRange};
}

void Sema::emitData(const DataDecl *decl) {
  DataBuilder data;
  data.decl = decl;
  data.block.decl = decl;
  if (decl->from) {
    notSupported(decl->from->range, "'from' of a data block");
    return;
  }
  Frame settings;
  settings.file = &userFile;
  settings.leading = LeadingAxes();
  settings.sizes["batch"] = batchSize();
  FrameScope scope(*this, settings);
  SourceRange outer = std::exchange(userRange, decl->name.range);
  for (const Decl *item : decl->items)
    if (auto *setting = dyn_cast<SettingDecl>(item))
      dataSetting(data, setting);
  if (!data.source)
    data.source =
        builder.getDictionaryAttr(builder.getNamedAttr("kind", builder.getStringAttr("none")));
  auto block = std::make_unique<mlir::Block>();
  data.prepare = block.get();
  {
    RegionScope region(*this, block.get());
    DataBuilder *outerData = std::exchange(currentData, &data);
    for (const Decl *item : decl->items)
      if (auto *field = dyn_cast<FieldDecl>(item))
        dataField(data, field);
    currentData = outerData;
  }
  if (data.block.fields.empty())
    report(diag::NoFields, decl->name.range, decl->name.text);
  finishData(data, std::move(block));
  userRange = outer;
  dataBlocks[decl->name.text.str()] = std::move(data.block);
}

void Sema::finishData(DataBuilder &data, std::unique_ptr<mlir::Block> block) {
  const Name &name = data.decl->name;
  SmallVector<StringRef> names;
  SmallVector<mlir::Attribute> types;
  SmallVector<mlir::Value> values;
  for (const DataBlock::Field &field : data.block.fields) {
    names.push_back(field.name);
    types.push_back(mlir::TypeAttr::get(field.type));
    values.push_back(data.values.lookup(field.name));
  }
  bool complete = !data.block.hasSource || !is_contained(values, mlir::Value());
  if (!claimSymbol(name.text, name.range, "data block") || !complete) {
    block->dropAllDefinedValueUses();
    return;
  }
  mlir::OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(module->getBody());
  auto op = graph::DataOp::create(builder, loc(name.range), name.text, data.source,
                                  builder.getArrayAttr(data.raws), builder.getArrayAttr(data.fits),
                                  builder.getArrayAttr(data.split), data.splitSeed,
                                  builder.getStrArrayAttr(names), builder.getArrayAttr(types));
  op->setAttr(graph::sizesAttrName, builder.getStrArrayAttr({"batch"}));
  if (!data.block.hasSource)
    return;
  builder.setInsertionPointToEnd(block.get());
  graph::YieldOp::create(builder, loc(name.range), values);
  op.getPrepare().push_back(block.release());
}

//===----------------------------------------------------------------------===//
// Fields
//===----------------------------------------------------------------------===//

void Sema::dataField(DataBuilder &data, const FieldDecl *decl) {
  if (decl->groups.size() > 1 || decl->groups.front().names.size() > 1) {
    if (decl->value) {
      notSupported(decl->range, "several fields of one value");
      return;
    }
  }
  for (const FieldGroup &group : decl->groups) {
    Axes axes{Axis{"batch"}};
    if (group.type->leadingAxes) {
      report(diag::NoLeadingAxes, group.type->leadingRange);
      continue;
    }
    graph::SizedTensorType own = resolveType(group.type, &axes);
    if (!own)
      continue;
    SmallVector<graph::SizeAttr> sizes{graph::SizeAttr::symbol(&context, "batch")};
    llvm::append_range(sizes, own.getSizes());
    for (const Name &name : group.names)
      oneField(data, decl, name, own.withSizes(sizes), axes);
  }
}

void Sema::oneField(DataBuilder &data, const FieldDecl *decl, const Name &name,
                    graph::SizedTensorType type, const Axes &axes) {
  // Declared again, the last one counts; its expression still sees the one before.
  auto &fields = data.block.fields;
  auto existing = find_if(fields, [&](const DataBlock::Field &f) { return f.name == name.text; });
  DataBlock::Field field;
  field.name = name.text;
  field.type = type;
  field.axes = axes;
  field.place = name.range;
  mlir::Value value;
  if (decl->value || data.block.hasSource) {
    data.field = &field;
    data.fieldPosition = existing - fields.begin();
    data.rawsOfField = data.fitsOfField = 0;
    data.columns = {};
    value = fieldValue(data, decl, name);
    data.field = nullptr;
  }
  if (existing == fields.end())
    fields.push_back(field);
  else
    *existing = field;
  data.values[name.text] = value;
  frame->scopes.back()[name.text] =
      value ? Value(Tensor{value, axes}) : Value(Poison()); // later fields may use it
}

mlir::Value Sema::fieldValue(DataBuilder &data, const FieldDecl *decl, const Name &name) {
  if (!data.block.hasSource) {
    report(diag::FieldWithoutSource, decl->value->range, data.decl->name.text);
    return {};
  }
  Value value;
  SourceRange range = name.range;
  if (decl->value) {
    range = decl->value->range;
    value = evaluate(decl->value);
  } else {
    // The source's own column of that name.
    value = rawGroup(data, builder.getStringAttr(name.text), name.range);
  }
  if (value.isNumber())
    value = materialize(value, data.field->type.withElementType(builder.getF64Type()), range);
  auto *tensor = value.as<Tensor>();
  if (!tensor) {
    wrongKind(range, "a field", "numbers of the source", value);
    return {};
  }
  if (auto it = data.known.find(tensor->value); it != data.known.end()) {
    data.field->scaling = it->second.scaling;
    data.field->fit = it->second.fit;
    data.field->columns = it->second.columns;
    data.field->low = it->second.low;
    data.field->high = it->second.high;
  } else {
    data.field->scaling = Scaling::Other;
  }
  return toField(data, *tensor, range);
}

mlir::Value Sema::toField(DataBuilder &data, const Tensor &value, SourceRange range) {
  graph::SizedTensorType wanted = data.field->type;
  graph::GraphBuilder b(builder, loc(range));
  graph::SizeAttr got = value.type().numElements(), needed = wanted.numElements();
  if (got != needed) {
    graph::SizeAttr batch = wanted.getSizes().front();
    graph::SizeAttr columns = got ? got.divExact(batch) : graph::SizeAttr();
    graph::SizeAttr cells = needed ? needed.divExact(batch) : graph::SizeAttr();
    if (columns && cells && data.columns) {
      Diagnostic &d = report(diag::ColumnCount, data.columns, columns.str(), cells.str());
      if (data.isRange)
        d.note("a range excludes its end");
      if (data.isRange && data.rangeEnd && cells.getConstant())
        d.fixIt(data.rangeEnd, std::to_string(data.rangeBegin + *cells.getConstant()));
      return {};
    }
    report(diag::DeclaredType, range, data.field->name, describe(wanted), describe(value.type()));
    return {};
  }
  operations += 3;
  // A raw group as it is: cells must be of the field's type, so that an error shows the cell. What
  // is computed from cells is checked when it is computed.
  auto it = data.known.find(value.value);
  if (it != data.known.end() && it->second.scaling == Scaling::None) {
    mlir::Attribute &raw = data.raws[it->second.raw];
    mlir::NamedAttrList group(cast<mlir::DictionaryAttr>(raw));
    group.set("type", mlir::TypeAttr::get(wanted.getElementType()));
    raw = group.getDictionary(&context);
  }
  mlir::Value x = b.reshape(value.value, wanted.getSizes());
  if (value.type().getElementType().isInteger(1))
    return b.convert(x, wanted.getElementType());
  return graph::CheckedConvertOp::create(builder, loc(range), wanted,
                                         b.convert(x, builder.getF64Type()), data.fieldPosition);
}

//===----------------------------------------------------------------------===//
// Columns
//===----------------------------------------------------------------------===//

bool Sema::isDataCall(const CallExpr *expr) const {
  static const StringSet<> known = {
      "columns",     "column",      "standardize",   "minmax",       "fill",  "missing",
      "category",    "time",        "hour",          "weekday",      "month", "cyclic",
      "order",       "history",     "future",        "tokenize",     "text",  "masked_tokens",
      "random_flip", "random_crop", "random_rotate", "random_scale", "jitter"};
  auto *callee = dyn_cast<NameExpr>(expr->callee);
  return currentData && callee && known.contains(callee->name.text);
}

Value Sema::dataCall(const CallExpr *expr) {
  DataBuilder &data = *currentData;
  StringRef name = cast<NameExpr>(expr->callee)->name.text;
  if (name == "standardize" || name == "minmax")
    return scaled(data, expr, name == "minmax");
  if (name != "columns" && name != "column")
    return notSupported(expr->callee->range, "'" + name + "' in 'data'");
  SmallVector<mlir::Attribute> columns;
  data.isRange = false;
  data.rangeEnd = {};
  for (const Arg &arg : expr->args.list)
    if (!appendColumns(data, arg, columns))
      return Poison();
  if (columns.empty() || (name == "column" && columns.size() != 1)) {
    report(diag::ArgumentCount, expr->range, name,
           name == "column" ? "one name or position" : "at least one name or a range",
           columns.size());
    return Poison();
  }
  return rawGroup(data, columns, expr->range);
}

bool Sema::appendColumns(DataBuilder &data, const Arg &arg,
                         SmallVectorImpl<mlir::Attribute> &columns) {
  Value value = evaluate(arg.value);
  std::vector<Value> elements;
  if (auto *list = value.as<List>())
    elements = list->elements;
  else if (auto *range = value.as<Range>()) {
    if (range->end - range->begin > limits::iterations) {
      report(diag::TooManyIterations, arg.range, range->end - range->begin, limits::iterations);
      return false;
    }
    for (int64_t i = range->begin; i < range->end; ++i)
      elements.push_back(i);
    data.isRange = true;
    data.rangeBegin = range->begin;
    if (auto *written = dyn_cast<RangeExpr>(ignoreParens(arg.value)))
      data.rangeEnd = written->end->range;
  } else
    elements.push_back(value);
  for (const Value &element : elements) {
    if (auto *name = element.as<StringRef>()) {
      columns.push_back(builder.getStringAttr(*name));
    } else if (auto *position = element.as<int64_t>(); position && *position >= 0) {
      columns.push_back(builder.getI64IntegerAttr(*position));
    } else {
      wrongKind(arg.range, "a column", "a name or a position from 0", element);
      return false;
    }
  }
  return true;
}

Value Sema::rawGroup(DataBuilder &data, ArrayRef<mlir::Attribute> columns, SourceRange range) {
  data.columns = range;
  std::string name = data.field->name.str();
  if (unsigned ordinal = data.rawsOfField++)
    name += "." + std::to_string(ordinal);
  for (mlir::Attribute raw : data.raws) // a field that is declared again
    if (cast<mlir::DictionaryAttr>(raw).getAs<mlir::StringAttr>("name").getValue() == name)
      return rawGroup(data, columns, range);
  graph::SizeAttr sizes[] = {graph::SizeAttr::symbol(&context, "batch"),
                             graph::SizeAttr::constant(&context, columns.size())};
  auto type = graph::SizedTensorType::get(builder.getF64Type(), sizes);
  mlir::Value argument = data.prepare->addArgument(type, loc(range));
  data.known[argument] = {Scaling::None, unsigned(data.raws.size()), int64_t(columns.size()), {}};
  data.raws.push_back(builder.getDictionaryAttr(
      {builder.getNamedAttr("name", builder.getStringAttr(name)),
       builder.getNamedAttr("columns", builder.getArrayAttr(columns)),
       builder.getNamedAttr("line", builder.getI64IntegerAttr(range.start().line))}));
  return Tensor{argument, {Axis{"batch"}, Axis()}};
}

//===----------------------------------------------------------------------===//
// Scaling
//===----------------------------------------------------------------------===//

Value Sema::scaled(DataBuilder &data, const CallExpr *expr, bool isMinMax) {
  static const SettingForm standardizeForm{"standardize", {"c"}};
  static const SettingForm minmaxForm{"minmax", {"c", "low", "high"}};
  const SettingForm &form = isMinMax ? minmaxForm : standardizeForm;
  std::optional<SettingCall> call = bindSettings(expr, form, {});
  if (!call)
    return Poison();
  if (!call->get("c")) {
    report(diag::MissingArgument, expr->range, form.name, "c");
    return Poison();
  }
  double low = 0, high = 1;
  if (const Expr *given = call->get("low"))
    low = staticFloat(given, "'low' of 'minmax'").value_or(low);
  if (const Expr *given = call->get("high"))
    high = staticFloat(given, "'high' of 'minmax'").value_or(high);
  Value value = evaluate(call->get("c"));
  auto *tensor = value.as<Tensor>();
  if (!tensor) {
    wrongKind(call->get("c")->range, ("what '" + form.name + "' scales").str(), "columns", value);
    return Poison();
  }
  auto it = data.known.find(tensor->value);
  if (it == data.known.end() || it->second.scaling != Scaling::None)
    return notSupported(call->get("c")->range,
                        "'" + form.name + "' of anything but columns of the source");
  DataBuilder::Known raw = it->second;
  std::string fit = (data.field->name + "." + Twine(data.fitsOfField++)).str();
  for (mlir::Attribute known : data.fits)
    if (cast<mlir::DictionaryAttr>(known).getAs<mlir::StringAttr>("name").getValue() == fit)
      return scaled(data, expr, isMinMax); // a field that is declared again: the next ordinal
  data.fits.push_back(builder.getDictionaryAttr(
      {builder.getNamedAttr("name", builder.getStringAttr(fit)),
       builder.getNamedAttr("kind", builder.getStringAttr(form.name)),
       builder.getNamedAttr("raw", builder.getI64IntegerAttr(raw.raw)),
       builder.getNamedAttr("line", builder.getI64IntegerAttr(expr->range.start().line))}));

  graph::GraphBuilder b(builder, loc(expr->range));
  auto vector = graph::SizedTensorType::get(builder.getF64Type(), {tensor->sizes()[1]});
  auto read =
      graph::FitOp::create(builder, loc(expr->range), vector, vector, data.decl->name.text, fit);
  mlir::Value x = tensor->value;
  mlir::Value shift = b.broadcast(read.getShift(), tensor->type(), {1});
  mlir::Value scale = b.broadcast(read.getScale(), tensor->type(), {1});
  mlir::Value ratio = b.div(b.sub(x, shift), scale);
  mlir::Value isConstant = b.compare(graph::ComparePredicate::eq, scale, b.zero(scale));
  mlir::Value y = b.select(isConstant, b.zero(ratio), ratio);
  if (isMinMax && (low != 0 || high != 1))
    y = b.add(b.mul(y, high - low), low);
  operations += 10;
  data.known[y] = {
      isMinMax ? Scaling::MinMax : Scaling::Standardize, raw.raw, raw.columns, fit, low, high};
  return Tensor{y, tensor->axes};
}

} // namespace tenon::dsl::sema
