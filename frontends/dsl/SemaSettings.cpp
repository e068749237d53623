//===- SemaSettings.cpp - Settings written as calls -----------------------------===//
//
// `csv("a.csv", header: false)`, `adam(lr: 1e-3)`: known by their place, not functions. Arguments
// stay expressions; -D may replace any of them by its dotted name.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/Sema.h"

#include <cmath>

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

static std::string formNames(ArrayRef<SettingForm> forms) {
  std::string text;
  ListSeparator comma;
  for (const SettingForm &form : forms)
    if (!form.isPlanned)
      text += std::string(StringRef(comma)) + form.name.str();
  return text;
}

std::optional<SettingCall> Sema::settingCall(const Expr *written, StringRef what,
                                             ArrayRef<SettingForm> forms, StringRef prefix) {
  auto *expr = dyn_cast<CallExpr>(ignoreParens(written));
  auto *callee = expr ? dyn_cast<NameExpr>(expr->callee) : nullptr;
  if (!callee) {
    report(diag::SettingForm, written->range, what, formNames(forms));
    return std::nullopt;
  }
  StringRef name = callee->name.text;
  const SettingForm *form = find_if(forms, [&](const SettingForm &f) { return f.name == name; });
  if (form == forms.end()) {
    std::vector<std::string> names;
    for (const SettingForm &known : forms)
      names.push_back(known.name.str());
    Diagnostic &d = report(diag::SettingForm, callee->range, what, formNames(forms));
    if (std::string guess = closest(name, names); !guess.empty())
      d.fixIt(callee->range, guess);
    return std::nullopt;
  }
  if (form->isPlanned) {
    notSupported(callee->range, "'" + name + "'");
    return std::nullopt;
  }
  return bindSettings(expr, *form, prefix);
}

std::optional<SettingCall> Sema::bindSettings(const CallExpr *expr, const SettingForm &form,
                                              StringRef prefix) {
  SettingCall call{form.name, expr->range, {}};
  size_t next = 0;
  bool ok = true;
  for (const Arg &arg : expr->args.list) {
    StringRef name;
    if (arg.name) {
      name = arg.name->text;
      if (!is_contained(form.parameters, name)) {
        std::vector<std::string> names(form.parameters.begin(), form.parameters.end());
        Diagnostic &d = report(diag::UnknownSetting, arg.name->range, form.name, name);
        if (std::string guess = closest(name, names); !guess.empty())
          d.fixIt(arg.name->range, guess);
        d.note(form.name.str() + "(" + llvm::join(form.parameters, ", ") + ")");
        ok = false;
        continue;
      }
    } else if (next < form.parameters.size()) {
      name = form.parameters[next++];
    } else {
      report(
          diag::ArgumentCount, arg.range, form.name,
          formatv("{0} argument{1}", form.parameters.size(), form.parameters.size() == 1 ? "" : "s")
              .str(),
          expr->args.list.size());
      return std::nullopt;
    }
    if (!call.arguments.emplace(name, arg.value).second) {
      report(diag::GivenTwice, arg.range, "argument", name);
      ok = false;
    }
  }
  if (!prefix.empty())
    for (StringRef parameter : form.parameters)
      if (const Expr *given = define(prefix + "." + parameter))
        call.arguments[parameter] = given;
  if (!ok)
    return std::nullopt;
  return call;
}

static bool contains(NumberRange range, double value) {
  switch (range) {
  case NumberRange::AtLeastZero:
    return std::isfinite(value) && value >= 0;
  case NumberRange::BelowOne:
    return value >= 0 && value < 1;
  case NumberRange::BetweenZeroAndOne:
    return value > 0 && value < 1;
  case NumberRange::Positive:
    return std::isfinite(value) && value > 0;
  case NumberRange::UpToOne:
    return value > 0 && value <= 1;
  case NumberRange::PartOfPeak:
    return value >= 0 && value <= 1;
  }
  llvm_unreachable("an unknown range");
}

static StringRef inWords(NumberRange range) {
  switch (range) {
  case NumberRange::AtLeastZero:
    return "at least 0";
  case NumberRange::BelowOne:
    return "at least 0 and below 1";
  case NumberRange::BetweenZeroAndOne:
    return "above 0 and below 1";
  case NumberRange::Positive:
    return "above 0";
  case NumberRange::UpToOne:
    return "above 0 and at most 1";
  case NumberRange::PartOfPeak:
    return "between 0% and 100% of the peak";
  }
  llvm_unreachable("an unknown range");
}

double Sema::number(const SettingCall &call, const NumberSetting &setting) {
  const Expr *given = call.get(setting.name);
  if (!given)
    return setting.value;
  std::string what = ("'" + setting.name + "' of '" + call.name + "'").str();
  std::optional<double> value = staticFloat(given, what);
  if (value && !contains(setting.range, *value))
    report(diag::WrongKind, given->range, what, inWords(setting.range), given->range.text());
  return value.value_or(setting.value);
}

std::optional<Duration> Sema::duration(const Expr *expr, StringRef what, bool mayBeZero) {
  Value value = evaluate(expr);
  Duration result{0, graph::DurationUnit::Steps};
  if (auto *given = value.as<Duration>()) {
    result = *given;
  } else if (auto *percent = value.as<Percent>()) {
    result = {percent->value / 100, graph::DurationUnit::Fraction};
  } else {
    if (!value.isPoison()) {
      Diagnostic &d = report(diag::WrongKind, expr->range, what,
                             "a duration such as 20 epochs, 500 steps or 1%", value.describe());
      if (value.is<int64_t>() && isUsers(expr->range))
        d.note("say what it counts").fixIt(expr->range.after(), " epochs");
    }
    return std::nullopt;
  }
  if (!(mayBeZero ? result.amount >= 0 : result.amount > 0) || !std::isfinite(result.amount)) {
    report(diag::WrongKind, expr->range, what, "more than nothing", expr->range.text());
    return std::nullopt;
  }
  return result;
}

mlir::Attribute Sema::durationAttr(const Duration &duration) {
  return graph::DurationAttr::get(&context, duration.amount, duration.unit);
}

} // namespace tenon::dsl::sema
