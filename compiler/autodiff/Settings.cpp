// Reads the dictionaries of graph.train, in which hand-written IR may say anything.
#include "compiler/autodiff/Settings.h"
#include "llvm/Support/Format.h"
#include <limits>

using namespace mlir;
using namespace tenon::autodiff;
using namespace tenon::graph;

InFlightDiagnostic Settings::error(StringRef key) {
  failed = true;
  return op->emitOpError(what) << ": '" << key << "' ";
}

Attribute Settings::get(StringRef key) {
  asked.insert(key);
  return dictionary.get(key);
}

static std::optional<double> toNumber(Attribute attribute) {
  if (auto number = dyn_cast_or_null<FloatAttr>(attribute))
    return number.getValueAsDouble();
  if (auto number = dyn_cast_or_null<IntegerAttr>(attribute))
    return double(number.getValue().getSExtValue());
  return std::nullopt;
}

static std::string shortest(double value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format("%g", value);
  return text;
}

double Settings::number(StringRef key, double low, double high, std::optional<double> fallback) {
  Attribute attribute = get(key);
  if (!attribute && fallback)
    return *fallback;
  std::optional<double> value = toNumber(attribute);
  if (!value)
    error(key) << (attribute ? "must be a number" : "is missing");
  else if (*value >= low && *value < high)
    return *value;
  else if (high == std::numeric_limits<double>::infinity())
    error(key) << "must be finite and at least " << shortest(low) << ", not " << shortest(*value);
  else
    error(key) << "must be at least " << shortest(low) << " and below " << shortest(high)
               << ", not " << shortest(*value);
  return low;
}

bool Settings::flag(StringRef key, bool fallback) {
  Attribute attribute = get(key);
  if (!attribute)
    return fallback;
  auto value = dyn_cast<BoolAttr>(attribute);
  if (!value)
    error(key) << "must be true or false";
  return value && value.getValue();
}

StringRef Settings::choice(StringRef key, ArrayRef<StringRef> choices) {
  auto value = dyn_cast_or_null<StringAttr>(get(key));
  if (value && llvm::is_contained(choices, value.getValue()))
    return value.getValue();
  InFlightDiagnostic diagnostic = error(key) << "must be one of ";
  llvm::interleaveComma(choices, diagnostic, [&](StringRef c) { diagnostic << '"' << c << '"'; });
  return choices.front();
}

DurationAttr Settings::duration(StringRef key) {
  Attribute attribute = get(key);
  auto value = dyn_cast_or_null<DurationAttr>(attribute);
  if (attribute && !value)
    error(key) << "must be a duration";
  else if (value &&
           !(value.getValue() >= 0 && value.getValue() < std::numeric_limits<double>::infinity()))
    error(key) << "must be finite and not negative";
  return value;
}

LogicalResult Settings::finish() {
  for (NamedAttribute entry : dictionary)
    if (!asked.contains(entry.getName().getValue()))
      error(entry.getName().getValue()) << "is not known";
  return result();
}
