// Declarations: parameters, states, data and train blocks as the artifact describes them.
#include "compiler/memory/Lowering.h"

using namespace mlir;
using namespace tenon;
using namespace tenon::memory;

namespace {

/// Reads optional members of a dictionary attribute.
struct Settings {
  DictionaryAttr dictionary;

  StringAttr string(StringRef key) const {
    auto value = dictionary.getAs<StringAttr>(key);
    return value ? value : StringAttr::get(dictionary.getContext(), "");
  }
  int64_t integer(StringRef key, int64_t otherwise) const {
    auto value = dictionary.getAs<IntegerAttr>(key);
    return value ? value.getInt() : otherwise;
  }
  bool flag(StringRef key, bool otherwise) const {
    auto value = dictionary.getAs<BoolAttr>(key);
    return value ? value.getValue() : otherwise;
  }
  graph::DurationAttr duration(StringRef key) const {
    return dictionary.getAs<graph::DurationAttr>(key);
  }
  Type type(StringRef key) const {
    auto value = dictionary.getAs<TypeAttr>(key);
    return value ? value.getValue() : Type();
  }
  ArrayAttr array(StringRef key) const {
    auto value = dictionary.getAs<ArrayAttr>(key);
    return value ? value : ArrayAttr::get(dictionary.getContext(), {});
  }
};

class DeclarationLowering {
public:
  explicit DeclarationLowering(ModuleOp module) : module(module), builder(module.getContext()) {}

  LogicalResult run() {
    for (Operation &op : llvm::make_early_inc_range(*module.getBody())) {
      builder.setInsertionPoint(&op);
      if (auto param = dyn_cast<graph::ParamOp>(op))
        lowerVariable<exec::ParamOp>(param.getSymNameAttr(), param.getType(), param.getInit(),
                                     param.getNodecay(), op);
      else if (auto state = dyn_cast<graph::StateOp>(op))
        lowerVariable<exec::StateOp>(state.getSymNameAttr(), state.getType(), state.getInit(),
                                     /*nodecay=*/false, op);
      else if (auto data = dyn_cast<graph::DataOp>(op))
        lowerData(data);
      else if (auto train = dyn_cast<graph::TrainOp>(op)) {
        if (failed(lowerTrain(train)))
          return failure();
      } else
        continue;
      dead.push_back(&op);
    }
    for (Operation *op : dead)
      op->erase();
    return success();
  }

private:
  template <typename VariableOp>
  void lowerVariable(StringAttr path, Type type, graph::InitAttr init, bool nodecay, Operation &op) {
    exec::InitKind kind = *exec::symbolizeInitKind(init.getKind());
    VariableOp::create(builder, op.getLoc(), path, TypeAttr::get(bufferType(type)),
                       exec::InitAttr::get(builder.getContext(), kind, init.getA(), init.getB()),
                       nodecay ? builder.getUnitAttr() : UnitAttr(),
                       builder.getI64IntegerAttr(lineOf(op.getLoc())),
                       execLayout(op.getAttrOfType<fuse::LayoutAttr>(fuse::kLayoutAttrName)));
  }

  void lowerData(graph::DataOp data) {
    MLIRContext *context = builder.getContext();
    Settings source{data.getSource()};
    SmallVector<Attribute> raws, fits, fields, split;
    for (auto raw : data.getRaws().getAsRange<DictionaryAttr>()) {
      Settings group{raw};
      raws.push_back(exec::RawGroupAttr::get(context, group.string("name"), group.array("columns"),
                                             group.type("type"), group.integer("line", 0)));
    }
    for (auto fit : data.getFits().getAsRange<DictionaryAttr>()) {
      Settings settings{fit};
      fits.push_back(exec::FitAttr::get(context, *exec::symbolizeFitKind(settings.string("kind")),
                                        settings.string("name"), settings.integer("raw", 0),
                                        settings.integer("line", 0)));
    }
    for (auto [name, type] : llvm::zip(data.getFields().getAsValueRange<StringAttr>(),
                                       data.getFieldTypes().getAsValueRange<TypeAttr>()))
      fields.push_back(exec::TensorAttr::get(context, name, bufferType(type), ""));
    for (auto part : data.getSplit().getAsRange<DictionaryAttr>())
      split.push_back(exec::SplitPartAttr::get(
          context, Settings{part}.string("name"),
          part.getAs<FloatAttr>("fraction").getValueAsDouble()));

    bool csv = source.string("kind").getValue() == "csv";
    StringAttr decimal = source.string("decimal");
    auto kind = exec::SourceKindAttr::get(context, csv ? exec::SourceKind::Csv : exec::SourceKind::None);
    exec::DataOp::create(
        builder, data.getLoc(), data.getSymNameAttr(), kind, source.string("path"),
        source.string("separator"), decimal.empty() ? builder.getStringAttr(".") : decimal,
        source.array("missing"), builder.getBoolAttr(source.flag("header", true)),
        builder.getArrayAttr(raws), builder.getArrayAttr(fits), builder.getArrayAttr(fields),
        builder.getArrayAttr(split), data.getSplitSeedAttr(),
        csv ? FlatSymbolRefAttr::get(context, (data.getSymName() + ".prepare").str())
            : FlatSymbolRefAttr(),
        builder.getI64IntegerAttr(lineOf(data.getLoc())));
  }

  /// The raw group that a field is scaled from: that of the fit named after it, or its own.
  int64_t rawOfField(graph::DataOp data, StringRef field) {
    for (auto fit : data.getFits().getAsRange<DictionaryAttr>())
      if (Settings{fit}.string("name").getValue().rsplit('.').first == field)
        return Settings{fit}.integer("raw", -1);
    for (auto [index, raw] : llvm::enumerate(data.getRaws().getAsRange<DictionaryAttr>()))
      if (Settings{raw}.string("name").getValue().rsplit('.').first == field)
        return index;
    return -1;
  }

  LogicalResult lowerTrain(graph::TrainOp train) {
    MLIRContext *context = builder.getContext();
    auto data = SymbolTable::lookupNearestSymbolFrom<graph::DataOp>(train, train.getDataAttr());
    if (!data)
      return train.emitOpError("trains on unknown data ") << train.getDataAttr();
    Settings settings{train.getSettings()};
    SmallVector<Attribute> predictions;
    for (auto prediction : train.getPredictions().getAsRange<DictionaryAttr>()) {
      StringRef like = Settings{prediction}.string("like");
      predictions.push_back(exec::PredictionAttr::get(context, Settings{prediction}.string("name"),
                                                      like.empty() ? -1 : rawOfField(data, like)));
    }
    auto entry = [&](StringRef suffix) {
      return FlatSymbolRefAttr::get(context, (train.getSymName() + "." + suffix).str());
    };
    auto entryIfBuilt = [&](StringRef suffix) {
      FlatSymbolRefAttr symbol = entry(suffix);
      return SymbolTable::lookupSymbolIn(module, symbol) ? symbol : FlatSymbolRefAttr();
    };
    auto log = settings.duration("log");
    exec::TrainOp::create(
        builder, train.getLoc(), train.getSymNameAttr(), train.getModelAttr(),
        train.getDataAttr().getAttr(), builder.getI64IntegerAttr(settings.integer("batch", 1)),
        settings.duration("run"), builder.getI64IntegerAttr(settings.integer("seed", 1)),
        builder.getBoolAttr(settings.flag("shuffle", true)),
        settings.flag("drop_remainder", false) ? builder.getUnitAttr() : UnitAttr(),
        log ? log : graph::DurationAttr::get(context, 10, graph::DurationUnit::Steps),
        settings.string("evaluate_on"), settings.duration("evaluate_every"),
        settings.duration("checkpoint_every"),
        builder.getI64IntegerAttr(settings.integer("checkpoint_keep", 3)), settings.string("start"),
        settings.string("best"), train.getMetricsAttr(), builder.getArrayAttr(predictions),
        entry("step"), entry("evaluate"), predictions.empty() ? FlatSymbolRefAttr() : entry("predict"),
        builder.getI64IntegerAttr(settings.integer("accumulate", 1)), entryIfBuilt("counts"),
        entryIfBuilt("accumulate"), train.getSettings().getAs<FloatAttr>("average"),
        settings.duration("stop_after"), settings.string("stop_best"),
        builder.getI64IntegerAttr(lineOf(train.getLoc())));
    return success();
  }

  ModuleOp module;
  OpBuilder builder;
  SmallVector<Operation *> dead;
};

} // namespace

LogicalResult memory::lowerDeclarations(ModuleOp module) { return DeclarationLowering(module).run(); }
