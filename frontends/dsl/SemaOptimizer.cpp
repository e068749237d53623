//===- SemaOptimizer.cpp - Optimizers and schedules -----------------------------===//

#include "frontends/dsl/SemaTrain.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

namespace {

struct OptimizerForm {
  StringRef name;
  std::vector<NumberSetting> numbers;
  StringRef flag; // false when it is left out; may be empty
};

} // namespace

/// The defaults are PyTorch's, and those of the paper for Lion (arXiv:2302.06675).
static ArrayRef<OptimizerForm> optimizerForms() {
  static const NumberSetting momentum{"momentum", NumberRange::BelowOne, 0};
  static const NumberSetting decay{"weight_decay", NumberRange::AtLeastZero, 0};
  static const NumberSetting beta1{"beta1", NumberRange::BelowOne, 0.9}, beta2{"beta2", NumberRange::BelowOne, 0.999};
  static const NumberSetting eps{"eps", NumberRange::Positive, 1e-8};
  static const OptimizerForm forms[] = {
      {"sgd", {momentum, decay}, "nesterov"},
      {"adam", {beta1, beta2, eps, decay}, ""},
      {"adamw", {beta1, beta2, eps, {"weight_decay", NumberRange::AtLeastZero, 0.01}}, ""},
      {"adagrad", {{"eps", NumberRange::Positive, 1e-10}, decay}, ""},
      {"rmsprop", {{"alpha", NumberRange::BelowOne, 0.99}, eps, momentum, decay}, "centered"},
      {"lion", {beta1, {"beta2", NumberRange::BelowOne, 0.99}, decay}, ""}};
  return forms;
}

/// Positional arguments are in PyTorch's order as far as it is the same for all: `lr` first.
static std::vector<SettingForm> optimizerCalls() {
  std::vector<SettingForm> calls;
  for (const OptimizerForm &form : optimizerForms()) {
    SettingForm call{form.name, {"lr"}};
    for (const NumberSetting &number : form.numbers) {
      call.parameters.push_back(number.name);
      if (number.name == "momentum" && !form.flag.empty())
        call.parameters.push_back(form.flag);
    }
    calls.push_back(call);
  }
  calls.push_back({"adafactor", {}, true});
  return calls;
}

mlir::DictionaryAttr Sema::optimizer(const TrainBuilder &train, const Expr *expr) {
  std::string prefix = train.name.text.str() + ".optimizer";
  std::optional<SettingCall> call = settingCall(expr, "'optimizer'", optimizerCalls(), prefix);
  if (!call)
    return {};
  const Expr *lr = call->get("lr");
  if (!lr) {
    report(diag::MissingArgument, call->range, call->name, "lr");
    return {};
  }
  SmallVector<mlir::NamedAttribute> entries{
      builder.getNamedAttr("name", builder.getStringAttr(call->name))};
  if (mlir::Attribute rate = schedule(train, lr))
    entries.push_back(builder.getNamedAttr("lr", rate));
  const OptimizerForm *form =
      find_if(optimizerForms(), [&](const OptimizerForm &f) { return f.name == call->name; });
  for (const NumberSetting &argument : form->numbers)
    entries.push_back(builder.getNamedAttr(
        argument.name, builder.getF64FloatAttr(number(*call, argument))));
  if (!form->flag.empty()) {
    bool flag = false;
    if (const Expr *given = call->get(form->flag))
      flag = staticBool(given, ("'" + form->flag + "' of '" + call->name + "'").str())
                 .value_or(false);
    if (form->flag == "nesterov" && flag && !call->get("momentum"))
      report(diag::MissingArgument, call->range, "nesterov", "momentum");
    entries.push_back(builder.getNamedAttr(form->flag, builder.getBoolAttr(flag)));
  }
  return builder.getDictionaryAttr(entries);
}

/// Whether a span is known to be longer than the run. Steps and epochs do not compare.
static bool isLonger(const Duration &span, const Duration &run) {
  if (span.unit == graph::DurationUnit::Fraction)
    return span.amount > 1;
  return span.unit == graph::DurationUnit::Epochs && span.amount > run.amount;
}

/// A learning rate: a number, or a number over time. A step knows no epochs: what is given in them
/// is taken as its part of the run's.
mlir::Attribute Sema::schedule(const TrainBuilder &train, const Expr *expr) {
  if (!isa<CallExpr>(ignoreParens(expr))) {
    std::optional<double> rate = staticFloat(expr, "'lr'");
    if (rate && !(std::isfinite(*rate) && *rate >= 0))
      report(diag::WrongKind, expr->range, "'lr'", "at least 0", expr->range.text());
    return rate ? builder.getF64FloatAttr(*rate) : mlir::Attribute();
  }
  static const SettingForm forms[] = {
      {"constant", {"peak", "warmup"}},
      {"linear", {"peak", "warmup", "floor"}},
      {"cosine", {"peak", "warmup", "floor"}},
      {"step", {"peak", "every", "factor", "warmup", "floor"}},
      {"exponential", {"peak", "every", "factor", "warmup", "floor"}},
      {"inverse_sqrt", {"peak", "warmup", "floor"}}};
  std::optional<SettingCall> call =
      settingCall(expr, "'lr'", forms, train.name.text.str() + ".optimizer.lr");
  if (!call)
    return {};
  bool falls = call->name == "step" || call->name == "exponential";
  std::vector<StringRef> needed{"peak"};
  if (falls)
    needed.push_back("every");
  if (call->name == "exponential")
    needed.push_back("factor");
  for (StringRef name : needed)
    if (!call->get(name)) {
      report(diag::MissingArgument, call->range, call->name, name);
      return {};
    }

  SmallVector<mlir::NamedAttribute> entries{
      builder.getNamedAttr("schedule", builder.getStringAttr(call->name))};
  auto addNumber = [&](const NumberSetting &argument) {
    double value = number(*call, argument);
    entries.push_back(builder.getNamedAttr(argument.name, builder.getF64FloatAttr(value)));
  };
  using Unit = graph::DurationUnit;
  auto addDuration = [&](StringRef name, bool mayBeZero) {
    Duration value{0, graph::DurationUnit::Steps};
    if (const Expr *given = call->get(name)) {
      std::string what = ("'" + name + "'").str();
      value = duration(given, what, mayBeZero).value_or(value);
      if (train.run && value.unit == Unit::Epochs && train.run->unit != Unit::Epochs)
        report(diag::EpochsUnknown, given->range, what)
            .note("give it in steps, or as a part of the run such as 10%");
      else if (train.run && name == "warmup" && isLonger(value, *train.run))
        report(diag::LongerThanRun, given->range, what);
    }
    entries.push_back(builder.getNamedAttr(name, durationAttr(value)));
  };
  addNumber({"peak", NumberRange::AtLeastZero, 0});
  addDuration("warmup", /*mayBeZero=*/true);
  if (falls) {
    addDuration("every", /*mayBeZero=*/false);
    addNumber({"factor", NumberRange::UpToOne, 0.1}); // PyTorch's StepLR
  }
  if (call->name != "constant") // which has no floor to fall to
    addNumber({"floor", NumberRange::PartOfPeak, 0});
  return builder.getDictionaryAttr(entries);
}

} // namespace tenon::dsl::sema
