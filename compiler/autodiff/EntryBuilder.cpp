// Builds an entry from the regions of data and train blocks.
#include "compiler/autodiff/EntryBuilder.h"
#include "dialects/graph/SizeHints.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

using Values = SmallVector<Value>;

EntryBuilder::EntryBuilder(OpBuilder &position, Location loc, StringRef name, StringRef kind) {
  auto none = position.getFunctionType({}, {});
  function = FuncOp::create(position, loc, position.getStringAttr(name), TypeAttr::get(none),
                            /*sym_visibility=*/nullptr, position.getStringAttr(kind),
                            /*arg_attrs=*/nullptr, /*res_attrs=*/nullptr);
  function.getBody().emplaceBlock();
}

// ---- Arguments --------------------------------------------------------------------------------

Value EntryBuilder::addArgument(StringRef name, Type type, Location loc) {
  argumentNames.push_back(name.str());
  return getBody().addArgument(type, loc);
}

FailureOr<Values> EntryBuilder::addArguments(ArrayAttr names, Region &region) {
  if (names.size() != region.getNumArguments())
    return region.getParentOp()->emitOpError("names ")
           << names.size() << " fields for a region with " << region.getNumArguments()
           << " arguments";
  Values arguments;
  for (auto [name, argument] : llvm::zip_equal(names, region.getArguments()))
    arguments.push_back(
        addArgument(cast<StringAttr>(name).getValue(), argument.getType(), argument.getLoc()));
  return arguments;
}

FailureOr<Values> EntryBuilder::addSourceArguments(DataOp data) {
  auto nameOf = [](Attribute entry) {
    auto dictionary = dyn_cast<DictionaryAttr>(entry);
    return dictionary ? dictionary.getAs<StringAttr>("name") : StringAttr();
  };
  Values raws;
  for (auto [raw, argument] : llvm::zip_equal(data.getRaws(), data.getPrepare().getArguments())) {
    StringAttr name = nameOf(raw);
    if (!name)
      return data.emitOpError("'raws': entry ") << raws.size() << " has no name";
    raws.push_back(addArgument(name.getValue(), argument.getType(), argument.getLoc()));
  }
  for (auto [position, fit] : llvm::enumerate(data.getFits())) {
    StringAttr name = nameOf(fit);
    auto raw = name ? cast<DictionaryAttr>(fit).getAs<IntegerAttr>("raw") : IntegerAttr();
    if (!raw || raw.getValue().uge(raws.size()))
      return data.emitOpError("'fits': entry ") << position << " needs a name and a raw group";
    SizedTensorType group = tensorType(raws[raw.getInt()]);
    SizedTensorType vector = group.withSizes(group.getSizes().drop_front());
    Value shift = addArgument((name.getValue() + ".shift").str(), vector, data.getLoc());
    Value scale = addArgument((name.getValue() + ".scale").str(), vector, data.getLoc());
    fits[name.getValue()] = {shift, scale};
  }
  return raws;
}

void EntryBuilder::dropUnusedArguments() {
  Block &body = getBody();
  for (unsigned i = body.getNumArguments(); i-- > 0;) {
    if (!body.getArgument(i).use_empty() || (i == 0 && body.getNumArguments() == 1))
      continue;
    body.eraseArgument(i);
    argumentNames.erase(argumentNames.begin() + i);
  }
}

// ---- Body -------------------------------------------------------------------------------------

FailureOr<Values> EntryBuilder::inlineRegion(Region &region, ArrayRef<Value> arguments) {
  IRMapping mapping;
  return inlineRegion(region, arguments, mapping);
}

FailureOr<Values> EntryBuilder::inlineRegion(Region &region, ArrayRef<Value> arguments,
                                             IRMapping &mapping) {
  Operation *owner = region.getParentOp();
  if (TypeRange(arguments) != TypeRange(region.getArgumentTypes()))
    return owner->emitOpError("has a region whose arguments are not of the fields' types");
  mapping.map(region.getArguments(), arguments);
  OpBuilder builder = getBuilder();
  for (Operation &op : region.front().without_terminator()) {
    if (isa<WriteOp>(op))
      return op.emitOpError("cannot stand in a region; a train block writes parameters only, "
                            "through its optimizer");
    auto fit = dyn_cast<FitOp>(op);
    if (!fit) {
      builder.clone(op, mapping);
      continue;
    }
    auto known = fits.find(fit.getFit());
    if (known == fits.end() || known->second.first.getType() != fit.getShift().getType())
      return fit.emitOpError("no fit \"")
             << fit.getFit() << "\" of " << fit.getShift().getType() << " is known here";
    mapping.map(fit.getShift(), known->second.first);
    mapping.map(fit.getScale(), known->second.second);
  }
  return llvm::map_to_vector(region.front().getTerminator()->getOperands(),
                             [&](Value y) { return mapping.lookupOrDefault(y); });
}

FailureOr<Values> EntryBuilder::addObjective(TrainOp train, IRMapping &mapping) {
  FailureOr<Values> fields = addArguments(train.getFields(), train.getObjective());
  if (failed(fields))
    return failure();
  return inlineRegion(train.getObjective(), *fields, mapping);
}

FailureOr<Values> EntryBuilder::addObjective(TrainOp train) {
  IRMapping mapping;
  return addObjective(train, mapping);
}

void EntryBuilder::addSizeHints() {
  if (!expectedBatch || getBody().getNumArguments() == 0)
    return;
  SizedTensorType first = tensorType(getBody().getArgument(0));
  if (first.rank() == 0 || first.getSizes().front().getName().empty())
    return;
  Builder builder(function.getContext());
  NamedAttribute batch(builder.getStringAttr(first.getSizes().front().getName()),
                       builder.getI64IntegerAttr(*expectedBatch));
  function->setAttr(sizeHintsAttrName, builder.getDictionaryAttr(batch));
}

/// [{graph.name = n}, ...]
template <typename Names> static ArrayAttr nameAttributes(Builder &builder, const Names &names) {
  SmallVector<Attribute> attributes;
  for (const auto &name : names)
    attributes.push_back(
        builder.getDictionaryAttr(builder.getNamedAttr("graph.name", builder.getStringAttr(name))));
  return builder.getArrayAttr(attributes);
}

void EntryBuilder::finish(ArrayRef<Attribute> names, ArrayRef<Value> results,
                          UnusedArguments unused) {
  OpBuilder builder = getBuilder();
  ReturnOp::create(builder, function.getLoc(), results);
  IRRewriter rewriter(builder);
  (void)runRegionDCE(rewriter, function->getRegions());
  if (unused == UnusedArguments::Drop)
    dropUnusedArguments();

  SetVector<StringAttr> sizes;
  for (BlockArgument argument : getBody().getArguments())
    for (SizeAttr size : tensorType(argument).getSizes())
      size.collectNames(sizes);
  function->setAttr(sizesAttrName,
                    builder.getArrayAttr(SmallVector<Attribute>(sizes.begin(), sizes.end())));
  addSizeHints();
  function.setFunctionType(
      builder.getFunctionType(getBody().getArgumentTypes(), TypeRange(results)));
  function.setArgAttrsAttr(nameAttributes(builder, argumentNames));
  auto strings = llvm::map_range(names, [](Attribute a) { return cast<StringAttr>(a).getValue(); });
  function.setResAttrsAttr(nameAttributes(builder, strings));
}
