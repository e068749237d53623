//===- SemaData.cpp - The settings of a data block ------------------------------===//

#include "frontends/dsl/SemaData.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

const DataBlock::Field *DataBlock::field(StringRef name) const {
  for (const Field &field : fields)
    if (field.name == name)
      return &field;
  return nullptr;
}

void Sema::dataSetting(DataBuilder &data, const SettingDecl *setting) {
  StringRef name = setting->name.text;
  if (!data.seen.insert(name).second) {
    report(diag::GivenTwice, setting->name.range, "setting", name);
    return;
  }
  static const StringRef planned[] = {"keep", "missing", "series"};
  if (name == "source") {
    dataSource(data, setting->value);
  } else if (name == "split") {
    dataSplit(data, setting->value);
  } else if (name == "split_seed") {
    if (std::optional<int64_t> seed = staticInt(setting->value, "'split_seed'"))
      data.splitSeed = *seed;
  } else if (is_contained(planned, name)) {
    notSupported(setting->name.range, "'" + name + "' in 'data'");
  } else {
    std::vector<std::string> names = {"source", "keep", "missing", "split", "split_seed", "series"};
    Diagnostic &d = report(diag::UnknownSetting, setting->name.range, "data", name);
    if (std::string guess = closest(name, names); !guess.empty())
      d.fixIt(setting->name.range, guess);
    else
      d.note("a field has a type: `" + name.str() + ": f32[n] = ...`");
  }
}

void Sema::dataSource(DataBuilder &data, const Expr *expr) {
  static const SettingForm forms[] = {
      {"csv", {"path", "separator", "decimal", "missing", "header"}},
      {"npy", {}, true},
      {"npz", {}, true},
      {"safetensors", {}, true},
      {"text", {}, true},
      {"tokens", {}, true},
      {"images", {}, true},
      {"audio", {}, true},
  };
  data.block.hasSource = true; // also after an error: fields are then not said to lack one
  std::optional<SettingCall> call = settingCall(expr, "a source", forms);
  if (!call)
    return;
  SmallVector<mlir::NamedAttribute> entries{
      builder.getNamedAttr("kind", builder.getStringAttr("csv"))};
  const Expr *path = call->get("path");
  if (!path) {
    report(diag::MissingArgument, call->range, "csv", "path");
    return;
  }
  for (StringRef name : {"path", "separator", "decimal"})
    if (const Expr *value = call->get(name))
      if (std::optional<std::string> text = staticString(value, ("'" + name + "' of 'csv'").str()))
        entries.push_back(builder.getNamedAttr(name, builder.getStringAttr(*text)));
  if (const Expr *header = call->get("header"))
    if (std::optional<bool> flag = staticBool(header, "'header' of 'csv'"))
      entries.push_back(builder.getNamedAttr("header", builder.getBoolAttr(*flag)));
  if (const Expr *missing = call->get("missing")) {
    Value value = evaluate(missing);
    auto *list = value.as<List>();
    SmallVector<mlir::Attribute> texts;
    bool ok = list;
    for (size_t i = 0; ok && i < list->elements.size(); ++i) {
      auto *text = list->elements[i].as<StringRef>();
      ok = text;
      if (text)
        texts.push_back(builder.getStringAttr(*text));
    }
    if (ok)
      entries.push_back(builder.getNamedAttr("missing", builder.getArrayAttr(texts)));
    else
      wrongKind(missing->range, "'missing' of 'csv'", "a list of strings", value);
  }
  data.source = builder.getDictionaryAttr(entries);
}

void Sema::dataSplit(DataBuilder &data, const Expr *expr) {
  static const SettingForm forms[] = {
      {"random", {"train", "val", "test"}},
      {"stratified", {}, true},
      {"group", {}, true},
      {"ordered", {}, true},
      {"by", {}, true},
      {"files", {}, true},
  };
  std::optional<SettingCall> call = settingCall(expr, "a split", forms);
  if (!call)
    return;
  double total = 0;
  for (StringRef name : {"train", "val", "test"}) {
    const Expr *share = call->get(name);
    if (!share)
      continue;
    std::optional<double> fraction = staticFloat(share, ("the share of '" + name + "'").str());
    if (!fraction)
      return;
    if (!(*fraction > 0 && *fraction <= 1)) {
      Diagnostic &d = report(diag::WrongKind, share->range, ("the share of '" + name + "'").str(),
                             "above 0% and at most 100%", share->range.text());
      if (*fraction == 0)
        d.note("a part without rows is left out");
      return;
    }
    total += *fraction;
    data.split.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("name", builder.getStringAttr(name)),
         builder.getNamedAttr("fraction", builder.getF64FloatAttr(*fraction))}));
    data.block.splits.push_back(name.str());
  }
  constexpr double tolerance = 1e-9; // percentages such as 33.3% are not exact
  if (std::abs(total - 1) > tolerance)
    report(diag::SplitTotal, call->range, formatv("{0:f1}", total * 100).str());
  else if (!is_contained(data.block.splits, "train"))
    report(diag::MissingArgument, call->range, "random", "train");
}

} // namespace tenon::dsl::sema
