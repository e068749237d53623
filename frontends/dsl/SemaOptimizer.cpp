//===- SemaOptimizer.cpp - Optimizers and schedules -----------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

namespace {

/// What an argument is when it is left out.
struct Default {
  StringRef name;
  double value;
};

} // namespace

/// The defaults are PyTorch's.
static ArrayRef<Default> defaultsOf(StringRef optimizer) {
  static const Default sgd[] = {{"momentum", 0}, {"weight_decay", 0}};
  static const Default adam[] = {
      {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"weight_decay", 0}};
  static const Default adamw[] = {
      {"beta1", 0.9}, {"beta2", 0.999}, {"eps", 1e-8}, {"weight_decay", 0.01}};
  if (optimizer == "sgd")
    return sgd;
  return optimizer == "adam" ? ArrayRef<Default>(adam) : ArrayRef<Default>(adamw);
}

/// Whether a value makes sense: a momentum of 1 or an eps of 0 never ends well.
static bool isSensible(StringRef name, double value) {
  if (!std::isfinite(value) || value < 0)
    return false;
  if (name == "momentum" || name.starts_with("beta"))
    return value < 1;
  return name != "eps" || value > 0;
}

mlir::DictionaryAttr Sema::optimizer(const Expr *expr, StringRef prefix) {
  static const SettingForm forms[] = {{"sgd", {"lr", "momentum", "nesterov", "weight_decay"}},
                                      {"adam", {"lr", "beta1", "beta2", "eps", "weight_decay"}},
                                      {"adamw", {"lr", "beta1", "beta2", "eps", "weight_decay"}},
                                      {"adagrad", {}, true},
                                      {"rmsprop", {}, true},
                                      {"lion", {}, true},
                                      {"adafactor", {}, true}};
  std::optional<SettingCall> call = settingCall(expr, "'optimizer'", forms, prefix);
  if (!call)
    return {};
  std::string of = "' of '" + call->name.str() + "'";
  SmallVector<mlir::NamedAttribute> entries{
      builder.getNamedAttr("name", builder.getStringAttr(call->name))};
  const Expr *lr = call->get("lr");
  if (!lr) {
    report(diag::MissingArgument, call->range, call->name, "lr");
    return {};
  }
  if (mlir::Attribute rate = schedule(lr, prefix.str() + ".lr"))
    entries.push_back(builder.getNamedAttr("lr", rate));
  for (auto [name, value] : defaultsOf(call->name)) {
    if (const Expr *given = call->get(name)) {
      value = staticFloat(given, "'" + name.str() + of).value_or(value);
      if (!isSensible(name, value))
        report(diag::WrongKind, given->range, "'" + name.str() + of,
               name == "momentum" || name.starts_with("beta") ? "at least 0 and below 1"
               : name == "eps"                                ? "above 0"
                                                              : "at least 0",
               given->range.text());
    }
    entries.push_back(builder.getNamedAttr(name, builder.getF64FloatAttr(value)));
  }
  if (call->name == "sgd") {
    bool nesterov = false;
    if (const Expr *given = call->get("nesterov"))
      nesterov = staticBool(given, "'nesterov" + of).value_or(false);
    if (nesterov && !call->get("momentum"))
      report(diag::MissingArgument, call->range, "nesterov", "momentum");
    entries.push_back(builder.getNamedAttr("nesterov", builder.getBoolAttr(nesterov)));
  }
  return builder.getDictionaryAttr(entries);
}

/// A learning rate: a number, or a number over time.
mlir::Attribute Sema::schedule(const Expr *expr, StringRef prefix) {
  if (!isa<CallExpr>(ignoreParens(expr))) {
    std::optional<double> rate = staticFloat(expr, "'lr'");
    if (rate && !isSensible("lr", *rate))
      report(diag::WrongKind, expr->range, "'lr'", "at least 0", expr->range.text());
    return rate ? builder.getF64FloatAttr(*rate) : mlir::Attribute();
  }
  static const SettingForm forms[] = {{"constant", {"peak", "warmup"}},
                                      {"linear", {"peak", "warmup", "floor"}},
                                      {"cosine", {"peak", "warmup", "floor"}},
                                      {"step", {}, true},
                                      {"exponential", {}, true},
                                      {"inverse_sqrt", {}, true}};
  std::optional<SettingCall> call = settingCall(expr, "'lr'", forms, prefix);
  if (!call)
    return {};
  const Expr *peak = call->get("peak");
  if (!peak) {
    report(diag::MissingArgument, call->range, call->name, "peak");
    return {};
  }
  std::optional<double> rate = staticFloat(peak, "'peak'");
  if (rate && !isSensible("lr", *rate))
    report(diag::WrongKind, peak->range, "'peak'", "at least 0", peak->range.text());
  Duration warmup{0, graph::DurationUnit::Steps};
  if (const Expr *given = call->get("warmup"))
    warmup = duration(given, "'warmup'", /*mayBeZero=*/true).value_or(warmup);
  double floor = 0;
  if (const Expr *given = call->get("floor")) {
    floor = staticFloat(given, "'floor'").value_or(floor);
    if (!(floor >= 0 && floor <= 1))
      report(diag::WrongKind, given->range, "'floor'", "between 0% and 100% of the peak",
             given->range.text());
  }
  if (!rate)
    return {};
  SmallVector<mlir::NamedAttribute> entries{
      builder.getNamedAttr("schedule", builder.getStringAttr(call->name)),
      builder.getNamedAttr("peak", builder.getF64FloatAttr(*rate)),
      builder.getNamedAttr("warmup", durationAttr(warmup))};
  if (call->name != "constant") // which has no floor to fall to
    entries.push_back(builder.getNamedAttr("floor", builder.getF64FloatAttr(floor)));
  return builder.getDictionaryAttr(entries);
}

} // namespace tenon::dsl::sema
