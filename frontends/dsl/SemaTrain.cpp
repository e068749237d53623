//===- SemaTrain.cpp - The settings of a train block ----------------------------===//

#include "frontends/dsl/SemaTrain.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

static const StringRef knownSettings[] = {
    "loss",      "optimizer", "batch",   "run",       "accumulate", "clip",
    "precision", "seed",      "shuffle", "evaluate",  "checkpoint", "start",
    "log",       "stop",      "average", "remainder", "l1",         "l2"};

/// What the runtime takes.
static constexpr int64_t largestBatch = int64_t(1) << 40;

/// What a line of metrics.jsonl has besides metrics: a key never changes its meaning.
static const StringRef logKeys[] = {"step", "epoch", "split", "loss",           "lr",
                                    "l1",   "l2",    "grad_norm", "examples_per_s"};

void Sema::emitTrain(const TrainDecl *decl) {
  TrainBuilder train;
  train.decl = decl;
  train.name = decl->name ? *decl->name : decl->model.parts.back();
  SourceRange outer = std::exchange(userRange, train.name.range);
  if (findModel(train) && findData(train)) {
    Frame settings;
    settings.file = &userFile;
    settings.self = train.model;
    settings.leading = LeadingAxes();
    settings.sizes["batch"] = batchSize();
    FrameScope scope(*this, settings);
    collectSettings(train);
    readSettings(train);
    emitTrainOp(train);
  }
  userRange = outer;
}

bool Sema::findModel(TrainBuilder &train) {
  const Path &path = train.decl->model;
  if (path.parts.size() > 1) {
    notSupported(path.range, "training a library's model");
    return false;
  }
  if (train.decl->args && !train.decl->args->list.empty()) {
    notSupported(train.decl->args->range, "hyper-parameters in 'train'");
    return false;
  }
  StringRef name = path.parts.front().text;
  train.model = modelsByName.lookup(name);
  if (train.model)
    return checkHypersOf(train);
  auto declared = userFile.names.find(name);
  auto *decl = declared == userFile.names.end() ? nullptr : dyn_cast<ModuleDecl>(declared->second);
  if (decl && decl->isModel)
    return false; // building it failed and said so
  if (decl) {
    report(diag::NotAModel, path.range, name).note(decl->range.head(6), "write `model` here");
    return false;
  }
  std::vector<std::string> names;
  for (const auto &entry : modelsByName)
    names.push_back(entry.getKey().str());
  llvm::sort(names);
  Diagnostic &d = report(diag::UnknownBlock, path.range, "model", name);
  if (std::string guess = closest(name, names); !guess.empty())
    d.fixIt(path.range, guess);
  else if (names.size() == 1 && !train.decl->name)
    d.note("a block is named in front of its model")
        .fixIt(path.range, (name + ": " + names.front()).str());
  return false;
}

/// `-D a.b` must mean one thing.
bool Sema::checkHypersOf(const TrainBuilder &train) {
  bool ok = true;
  for (const Hyper &hyper : train.model->decl->hypers)
    if (train.model->file == &userFile && is_contained(knownSettings, hyper.name.text)) {
      report(diag::HyperIsSetting, hyper.name.range, hyper.name.text);
      ok = false;
    }
  return ok;
}

bool Sema::findData(TrainBuilder &train) {
  if (!train.decl->data) {
    report(diag::MissingData, train.name.range, train.name.text);
    return false;
  }
  const Path &path = *train.decl->data;
  StringRef name = path.parts.back().text;
  auto it = dataBlocks.find(name.str());
  if (path.parts.size() > 1 || it == dataBlocks.end()) {
    std::vector<std::string> names;
    for (const auto &entry : dataBlocks)
      names.push_back(entry.first);
    Diagnostic &d = report(diag::UnknownBlock, path.range, "data block", path.range.text());
    if (std::string guess = closest(name, names); !guess.empty())
      d.fixIt(path.range, guess);
    return false;
  }
  train.data = &it->second;
  train.dataName = it->first;
  return true;
}

void Sema::collectSettings(TrainBuilder &train) {
  StringMap<SourceRange> names; // of metrics and predictions
  for (const Decl *decl : train.decl->settings) {
    if (auto *params = dyn_cast<ParamsDecl>(decl)) {
      notSupported(params->range.head(6), "'params' in 'train'");
      continue;
    }
    const Name *name = nullptr;
    if (auto *metric = dyn_cast<MetricDecl>(decl)) {
      train.metrics.push_back(metric);
      name = &metric->name;
    } else if (auto *predict = dyn_cast<PredictDecl>(decl)) {
      train.predictions.push_back(predict);
      name = &predict->name;
    } else if (auto *setting = dyn_cast<SettingDecl>(decl)) {
      if (!is_contained(knownSettings, setting->name.text))
        unknownSetting(setting);
      else if (!train.settings.try_emplace(setting->name.text, setting).second)
        report(diag::GivenTwice, setting->name.range, "setting", setting->name.text);
    }
    if (!name)
      continue;
    if (isa<MetricDecl>(decl) && is_contained(logKeys, name->text)) {
      report(diag::MetricName, name->range, name->text);
      continue;
    }
    if (!names.try_emplace(name->text, name->range).second)
      report(diag::GivenTwice, name->range, isa<MetricDecl>(decl) ? "metric" : "prediction",
             name->text);
  }
}

void Sema::unknownSetting(const SettingDecl *setting) {
  StringRef name = setting->name.text, value = setting->value->range.text();
  Diagnostic &d = report(diag::UnknownSetting, setting->name.range, "train", name);
  static const StringMap<StringRef> habits = {
      {"learning_rate", "optimizer = adam(lr: {0})"},
      {"lr", "optimizer = adam(lr: {0})"},
      {"epochs", "run = {0} epochs"},
      {"num_epochs", "run = {0} epochs"},
      {"steps", "run = {0} steps"},
      {"batch_size", "batch = {0}"},
      {"max_grad_norm", "clip = norm({0})"},
      {"resume", "start = {0}"},
      {"weight_decay", "optimizer = adamw(lr: 1e-3, weight_decay: {0})"}};
  if (auto habit = habits.find(name); habit != habits.end()) {
    d.fixIt(setting->range, formatv(habit->second.data(), value).str());
    return;
  }
  ArrayRef<StringRef> known = knownSettings;
  std::vector<std::string> names(known.begin(), known.end());
  if (std::string guess = closest(name, names); !guess.empty())
    d.fixIt(setting->name.range, guess);
  else
    d.note("the settings are " + llvm::join(known, ", "));
}

const Expr *Sema::setting(TrainBuilder &train, StringRef name) {
  if (const Expr *given = define(train.name.text + "." + name))
    return given;
  const SettingDecl *decl = train.settings.lookup(name);
  return decl ? decl->value : nullptr;
}

void Sema::set(TrainBuilder &train, StringRef name, mlir::Attribute value) {
  if (value)
    train.values.push_back(builder.getNamedAttr(name, value));
}

//===----------------------------------------------------------------------===//
// One by one
//===----------------------------------------------------------------------===//

void Sema::readSettings(TrainBuilder &train) {
  for (StringRef name : {"loss", "optimizer", "batch", "run"})
    if (!setting(train, name)) {
      report(diag::MissingSetting, train.name.range, train.name.text, name);
      train.ok = false;
    }
  if (const Expr *value = setting(train, "run"))
    if ((train.run = duration(value, "'run'"))) {
      set(train, "run", durationAttr(*train.run));
      if (train.run->unit == graph::DurationUnit::Fraction) {
        report(diag::WrongKind, value->range, "'run'", "in epochs or steps", value->range.text());
        train.run.reset();
      }
    }
  if (const Expr *value = setting(train, "optimizer"))
    train.optimizer = optimizer(train, value);
  readNumbers(train);
  const Expr *log = setting(train, "log");
  set(train, "log", log ? every(log, "'log'") : durationAttr({10, graph::DurationUnit::Steps}));
  readWords(train);
  evaluateSetting(train, setting(train, "evaluate"));
  checkpointSetting(train, setting(train, "checkpoint"));
  if (const Expr *value = setting(train, "stop"))
    stopSetting(train, value);
  stepNumber(train, "clip", {"norm", {"max"}}, NumberRange::Positive);
  stepNumber(train, "average", {"ema", {"decay"}}, NumberRange::BetweenZeroAndOne);
}

/// A setting that is a call with one number, which the step takes.
void Sema::stepNumber(TrainBuilder &train, StringRef name, const SettingForm &form,
                      NumberRange range) {
  const Expr *value = setting(train, name);
  if (!value)
    return;
  std::optional<SettingCall> call =
      settingCall(value, ("'" + name + "'").str(), form, (train.name.text + "." + name).str());
  if (!call)
    return;
  StringRef argument = form.parameters.front();
  if (call->get(argument))
    set(train, name, builder.getF64FloatAttr(number(*call, {argument, range, 0})));
  else
    report(diag::MissingArgument, call->range, call->name, argument);
}

mlir::Attribute Sema::durationOf(const Expr *expr, StringRef what) {
  std::optional<Duration> value = duration(expr, what);
  if (value && value->unit == graph::DurationUnit::Fraction && value->amount > 1) {
    report(diag::WrongKind, expr->range, what, "at most 100% of the run", expr->range.text());
    return {};
  }
  return value ? durationAttr(*value) : mlir::Attribute();
}

mlir::Attribute Sema::every(const Expr *expr, StringRef what) {
  static const SettingForm forms[] = {{"every", {"interval"}}};
  std::optional<SettingCall> call = settingCall(expr, what, forms);
  if (!call)
    return {};
  const Expr *interval = call->get("interval");
  if (interval)
    return durationOf(interval, "the interval of 'every'");
  report(diag::MissingArgument, call->range, "every", "interval");
  return {};
}

void Sema::readNumbers(TrainBuilder &train) {
  if (const Expr *value = setting(train, "batch"))
    if (std::optional<int64_t> batch = staticInt(value, "'batch'")) {
      if (*batch < 1 || *batch > largestBatch)
        report(diag::WrongKind, value->range, "'batch'",
               *batch < 1 ? "at least 1" : formatv("at most {0}", largestBatch).str(),
               value->range.text());
      set(train, "batch", builder.getI64IntegerAttr(*batch));
      accumulateSetting(train, *batch);
    }
  int64_t seed = 1;
  if (const Expr *value = setting(train, "seed"))
    seed = staticInt(value, "'seed'").value_or(seed);
  set(train, "seed", builder.getI64IntegerAttr(seed));
  for (StringRef name : {"l1", "l2"})
    if (const Expr *value = setting(train, name))
      if (std::optional<double> strength = staticFloat(value, ("'" + name + "'").str())) {
        if (!(*strength >= 0))
          report(diag::WrongKind, value->range, ("'" + name + "'").str(), "at least 0",
                 value->range.text());
        set(train, name, builder.getF64FloatAttr(*strength));
      }
}

/// The micro-batches of a step.
void Sema::accumulateSetting(TrainBuilder &train, int64_t batch) {
  const Expr *value = setting(train, "accumulate");
  std::optional<int64_t> parts = value ? staticInt(value, "'accumulate'") : std::nullopt;
  if (!parts)
    return;
  if (*parts < 1 || *parts > batch)
    report(diag::WrongKind, value->range, "'accumulate'",
           "from 1 to the batch of " + std::to_string(batch), value->range.text());
  set(train, "accumulate", builder.getI64IntegerAttr(*parts));
}

/// A setting that is one of a few words.
std::optional<StringRef> Sema::word(const Expr *expr, StringRef what, ArrayRef<StringRef> words) {
  auto *name = dyn_cast<NameExpr>(ignoreParens(expr));
  auto it = name ? find(words, name->name.text) : words.end();
  if (it != words.end())
    return *it;
  report(diag::WrongKind, expr->range, what, "one of " + llvm::join(words, ", "),
         "'" + expr->range.text().str() + "'");
  return std::nullopt;
}

void Sema::readWords(TrainBuilder &train) {
  bool shuffle = true, drop = false;
  if (const Expr *value = setting(train, "shuffle"))
    shuffle = staticBool(value, "'shuffle'").value_or(true);
  if (const Expr *value = setting(train, "remainder"))
    drop = word(value, "'remainder'", {"keep", "drop"}) == StringRef("drop");
  set(train, "shuffle", builder.getBoolAttr(shuffle));
  set(train, "drop_remainder", builder.getBoolAttr(drop));
  if (const Expr *value = setting(train, "precision")) {
    // f32 is a reserved word: in an expression it is a type.
    auto *type = dyn_cast<TypeExpr>(ignoreParens(value));
    if (!type || type->type->element != ElementType::F32)
      notSupported(value->range, "this 'precision'");
  }
  if (const Expr *value = setting(train, "start")) {
    if (isa<CallExpr>(ignoreParens(value)))
      notSupported(value->range, "'start' through weights rules");
    else if (std::optional<std::string> path = staticString(value, "'start'"))
      set(train, "start", builder.getStringAttr(*path));
  }
}

void Sema::evaluateSetting(TrainBuilder &train, const Expr *expr) {
  std::vector<std::string> splits = train.data->splits;
  if (splits.empty())
    splits = {"train"}; // all rows
  mlir::Attribute interval = durationAttr({1, graph::DurationUnit::Epochs});
  StringRef split;
  if (expr) {
    static const SettingForm forms[] = {{"on", {"split", "every"}}};
    std::optional<SettingCall> call =
        settingCall(expr, "'evaluate'", forms, (train.name.text + ".evaluate").str());
    if (!call)
      return;
    const Expr *which = call->get("split");
    if (!which) {
      report(diag::MissingArgument, call->range, "on", "split");
      return;
    }
    std::optional<StringRef> chosen =
        word(which, "the split of 'evaluate'", {"train", "val", "test"});
    if (!chosen)
      return;
    split = *chosen;
    if (!is_contained(splits, split)) {
      report(diag::NoSplit, which->range, train.dataName, split)
          .note(train.data->decl->name.range,
                train.data->splits.empty() ? "it has no `split`: all rows are in 'train'"
                                           : "its splits are " + llvm::join(splits, ", "));
      return;
    }
    if (const Expr *every = call->get("every"))
      interval = durationOf(every, "'every' of 'evaluate'");
  } else if (is_contained(splits, "val")) {
    split = "val";
  } else {
    return;
  }
  set(train, "evaluate_on", builder.getStringAttr(split));
  set(train, "evaluate_every", interval);
}

void Sema::checkpointSetting(TrainBuilder &train, const Expr *expr) {
  constexpr int64_t keptByDefault = 3;
  int64_t keep = keptByDefault;
  if (expr) {
    static const SettingForm forms[] = {{"save", {"every", "keep", "best"}}};
    std::optional<SettingCall> call =
        settingCall(expr, "'checkpoint'", forms, (train.name.text + ".checkpoint").str());
    if (!call)
      return;
    if (const Expr *every = call->get("every"))
      set(train, "checkpoint_every", durationOf(every, "'every' of 'checkpoint'"));
    if (const Expr *kept = call->get("keep")) {
      keep = staticInt(kept, "'keep' of 'checkpoint'").value_or(keep);
      if (keep < 1)
        report(diag::WrongKind, kept->range, "'keep' of 'checkpoint'", "at least 1",
               kept->range.text());
    }
    if (const Expr *best = call->get("best"))
      set(train, "best", bestOf(train, best, "'best'"));
  }
  set(train, "checkpoint_keep", builder.getI64IntegerAttr(keep));
}

/// `min(NAME)` or `max(NAME)` of what evaluations give, as a string.
mlir::Attribute Sema::bestOf(TrainBuilder &train, const Expr *expr, StringRef where) {
  static const SettingForm forms[] = {{"min", {"value"}}, {"max", {"value"}}};
  std::optional<SettingCall> call = settingCall(expr, where, forms);
  if (!call)
    return {};
  const Expr *what = call->get("value");
  if (!what) {
    report(diag::MissingArgument, call->range, call->name, "value");
    return {};
  }
  SmallVector<StringRef> names{"loss"};
  for (const MetricDecl *metric : train.metrics)
    names.push_back(metric->name.text);
  std::optional<StringRef> chosen = word(what, ("what " + where + " looks at").str(), names);
  if (!chosen)
    return {};
  bool evaluates = any_of(train.values, [](mlir::NamedAttribute value) {
    return value.getName() == "evaluate_on";
  });
  if (!evaluates)
    report(diag::NoEvaluation, call->range, where)
        .note("without a split 'val', `evaluate = on(train)` says what to look at");
  return builder.getStringAttr(call->name + "(" + *chosen + ")");
}

void Sema::stopSetting(TrainBuilder &train, const Expr *expr) {
  static const SettingForm forms[] = {{"patience", {"duration", "best"}}};
  std::optional<SettingCall> call =
      settingCall(expr, "'stop'", forms, (train.name.text + ".stop").str());
  if (!call)
    return;
  for (StringRef argument : {"duration", "best"})
    if (!call->get(argument)) {
      report(diag::MissingArgument, call->range, call->name, argument);
      return;
    }
  set(train, "stop_after", durationOf(call->get("duration"), "'duration' of 'patience'"));
  set(train, "stop_best", bestOf(train, call->get("best"), "'stop'"));
}

} // namespace tenon::dsl::sema
