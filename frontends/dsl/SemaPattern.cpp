//===- SemaPattern.cpp - einsum and rearrange -----------------------------------===//
//
// Both split the axes of their operands into labelled factors, move the labels, and join factors
// into the axes of the result. einsum multiplies several operands in between.
//
//===----------------------------------------------------------------------===//

#include "frontends/dsl/SemaPattern.h"

using namespace llvm;
using namespace tenon::dsl::ast;

namespace tenon::dsl::sema {

Value Sema::evaluatePattern(const ContractionExpr *expr) {
  StringRef what = expr->isEinsum ? "einsum" : "rearrange";
  PatternScope scope;
  std::vector<Labelled> operands;
  bool ok = true;
  for (const PatternOperand &operand : expr->operands) {
    std::optional<Labelled> split = splitOperand(operand, scope, what);
    ok &= split.has_value();
    if (split)
      operands.push_back(std::move(*split));
  }
  if (!ok)
    return Poison();
  if (!expr->isEinsum && operands.size() != 1) {
    report(diag::RearrangeOperands, expr->keyword);
    return Poison();
  }
  std::optional<SmallVector<int64_t>> result = resultLabels(expr, scope, operands);
  if (!result)
    return Poison();
  if (operands.size() > 1 && !checkFactors(operands, what))
    return Poison();
  Labelled product = operands.front();
  for (size_t i = 1; i < operands.size(); ++i) {
    // A label stays as long as somebody needs it.
    SmallVector<int64_t> keep;
    bool isLast = i + 1 == operands.size();
    if (isLast) {
      keep = *result;
    } else {
      for (const Labelled *side : {&product, &operands[i]})
        for (int64_t label : side->labels) {
          bool isNeeded = is_contained(*result, label);
          for (size_t later = i + 1; later < operands.size(); ++later)
            isNeeded |= is_contained(operands[later].labels, label);
          if (isNeeded && !is_contained(keep, label))
            keep.push_back(label);
        }
    }
    product = contract(product, operands[i], keep);
    if (!checkBytes(graph::tensorType(product.value), expr->range))
      return Poison();
  }
  return joinResult(expr->result, scope, product, *result);
}

std::optional<Sema::Labelled> Sema::splitOperand(const PatternOperand &operand, PatternScope &scope,
                                                 StringRef what) {
  Value value = evaluate(operand.value);
  if (value.isPoison())
    return std::nullopt;
  auto *tensor = value.as<Tensor>();
  if (!tensor) {
    wrongKind(operand.value->range, ("an operand of '" + what + "'").str(), "a tensor", value);
    return std::nullopt;
  }
  const Pattern &pattern = operand.pattern;
  int64_t items = pattern.items.size(), leading = tensor->rank() - items;
  if (leading < 0 || (leading > 0 && !pattern.leadingAxes)) {
    report(diag::PatternAxes, pattern.range, describe(tensor->type()), tensor->rank(), items);
    return std::nullopt;
  }
  Labelled out{tensor->value, {}, operand.range};
  SmallVector<graph::SizeAttr> sizes;
  if (pattern.leadingAxes && !splitLeading(*tensor, leading, pattern, scope, out, sizes))
    return std::nullopt;
  for (auto [index, item] : enumerate(pattern.items))
    if (!splitAxis(item, tensor->sizes()[leading + index], tensor->axes[leading + index], scope,
                   out, sizes))
      return std::nullopt;
  operations += 2;
  out.value = graph::GraphBuilder(builder, loc()).reshape(out.value, sizes);
  return out;
}

bool Sema::splitLeading(const Tensor &tensor, int64_t count, const Pattern &pattern,
                        PatternScope &scope, Labelled &out,
                        SmallVectorImpl<graph::SizeAttr> &sizes) {
  ArrayRef<graph::SizeAttr> own = tensor.sizes().take_front(count);
  if (!scope.leading) {
    scope.leading.emplace();
    for (int64_t i = 0; i < count; ++i)
      scope.leading->push_back(scope.add({StringRef(), own[i], tensor.axes[i], pattern.range}));
  }
  bool fits = int64_t(scope.leading->size()) == count;
  for (int64_t i = 0; fits && i < count; ++i)
    fits = sameSize(scope.labels[(*scope.leading)[i]].size, own[i]);
  if (!fits) {
    report(diag::LeadingDiffers, pattern.range);
    return false;
  }
  llvm::append_range(out.labels, *scope.leading);
  llvm::append_range(sizes, own);
  return true;
}

graph::SizeAttr Sema::factorSize(const PatternFactor &factor) {
  if (!factor.name)
    return graph::SizeAttr::constant(&context, factor.integer);
  if (factor.name->text == "training")
    return {};
  // A word that names a size in scope is that size.
  std::optional<Value> value = lookup(factor.name->text, factor.range);
  return value ? value->asSize(&context) : graph::SizeAttr();
}

bool Sema::splitAxis(const PatternItem &item, graph::SizeAttr size, const Axis &axis,
                     PatternScope &scope, Labelled &out, SmallVectorImpl<graph::SizeAttr> &sizes) {
  bool isSingle = item.factors.size() == 1;
  graph::SizeAttr known = graph::SizeAttr::constant(&context, 1);
  const PatternFactor *open = nullptr, *divisor = nullptr;
  SmallVector<std::pair<const PatternFactor *, graph::SizeAttr>> named;
  for (const PatternFactor &factor : item.factors) {
    if (!factor.name && (!isSingle || factor.integer != 1)) {
      report(diag::PatternNumber, factor.range, factor.integer);
      return false;
    }
    graph::SizeAttr factorsSize;
    if (factor.name)
      if (std::optional<int64_t> label = scope.find(factor.name->text))
        factorsSize = scope.labels[*label].size;
    if (!factorsSize)
      factorsSize = factorSize(factor);
    if (factor.name)
      named.push_back({&factor, factorsSize});
    if (factorsSize) {
      known = known.mul(factorsSize);
      divisor = &factor;
    } else if (open) {
      report(diag::TwoUnknownFactors, item.range, open->name->text, factor.name->text);
      return false;
    } else {
      open = &factor;
    }
  }
  graph::SizeAttr rest = size.divExact(known);
  if (open && !rest && symbolic && known)
    rest = size.divFloor(known);
  if (open && !rest) {
    reportNotAMultiple(item, size, known, divisor);
    return false;
  }
  if (!open && !(known && sameSize(known, size))) {
    Diagnostic &d = report(diag::PatternSize, item.range, item.range.text(), size.str(),
                           known ? known.str() : "too large");
    if (std::optional<int64_t> label = isSingle && item.factors.front().name
                                           ? scope.find(item.factors.front().name->text)
                                           : std::nullopt)
      d.note(visible(scope.labels[*label].place), "the other size is from here");
    return false;
  }
  for (auto [factor, factorsSize] : named) {
    graph::SizeAttr own = factorsSize ? factorsSize : rest;
    std::optional<int64_t> label = scope.find(factor->name->text);
    if (!label) {
      Axis named{factor->name->text, isSingle ? axis.origin : nullptr};
      if (isSingle && !axis.name.empty())
        named.name = axis.name;
      label = scope.add({factor->name->text, own, named, factor->range});
    }
    if (is_contained(out.labels, *label)) {
      notSupported(factor->range, "an axis that stands twice in one operand");
      return false;
    }
    out.labels.push_back(*label);
    sizes.push_back(own);
  }
  return true;
}

void Sema::reportNotAMultiple(const PatternItem &item, graph::SizeAttr size, graph::SizeAttr known,
                              const PatternFactor *divisor) {
  std::optional<int64_t> whole = size.getConstant(),
                         part = known ? known.getConstant() : std::nullopt;
  std::string word = divisor && divisor->name ? divisor->name->text.str()
                     : known                  ? known.str()
                                              : "?";
  Diagnostic &d =
      report(diag::NotAMultiple, item.range, size.str(), word, known ? known.str() : "?");
  const Bound *hyper =
      frame->self && divisor && divisor->name ? frame->self->hyper(divisor->name->text) : nullptr;
  if (hyper)
    d.note(visible(hyper->place),
           formatv("'{0}' set at {1}", word, place(visible(hyper->place))).str());
  if (!whole || !part || *part < 1 || *whole < 1)
    return;
  int64_t below = std::min(*part, *whole), above = *part;
  while (*whole % below != 0)
    --below;
  while (above < *whole && *whole % above != 0)
    ++above;
  if (above > *whole)
    above = *whole;
  d.note(formatv("nearest divisors {0}, {1}", below, above).str());
}

//===----------------------------------------------------------------------===//
// The result
//===----------------------------------------------------------------------===//

std::optional<SmallVector<int64_t>>
Sema::resultLabels(const ContractionExpr *expr, PatternScope &scope, ArrayRef<Labelled> operands) {
  SmallVector<int64_t> result;
  const Pattern &pattern = expr->result;
  if (pattern.leadingAxes) {
    if (!scope.leading) {
      report(diag::LeadingDiffers, pattern.range);
      return std::nullopt;
    }
    llvm::append_range(result, *scope.leading);
  }
  bool ok = true;
  for (const PatternItem &item : pattern.items)
    for (const PatternFactor &factor : item.factors) {
      if (!factor.name) {
        if (factor.integer == 1 && item.factors.size() == 1)
          continue;
        report(diag::PatternNumber, factor.range, factor.integer);
        ok = false;
        continue;
      }
      std::optional<int64_t> label = scope.find(factor.name->text);
      if (!label) {
        Diagnostic &d = report(diag::NewAxis, factor.range, factor.name->text);
        if (std::string guess = closest(factor.name->text, scope.names()); !guess.empty())
          d.fixIt(factor.range, guess);
        ok = false;
      } else if (is_contained(result, *label)) {
        report(diag::GivenTwice, factor.range, "axis", factor.name->text);
        ok = false;
      } else {
        result.push_back(*label);
      }
    }
  if (ok && !checkSummed(expr, scope, operands, result))
    ok = false;
  if (!ok)
    return std::nullopt;
  return result;
}

/// How a reader would name an axis of a pattern's operand: "-1" for the last one.
static std::string axisNumber(const ContractionExpr *expr, SourceRange place) {
  for (const PatternOperand &operand : expr->operands)
    for (auto [index, item] : enumerate(operand.pattern.items))
      if (item.range.begin <= place.begin && place.end <= item.range.end)
        return std::to_string(int64_t(index) - int64_t(operand.pattern.items.size()));
  return "...";
}

template <typename Operands> static unsigned uses(const Operands &operands, int64_t label) {
  return count_if(operands, [&](const auto &o) { return is_contained(o.labels, label); });
}

bool Sema::checkSummed(const ContractionExpr *expr, PatternScope &scope,
                       ArrayRef<Labelled> operands, ArrayRef<int64_t> result) {
  bool ok = true;
  SmallVector<int64_t> once; // summed, but in one operand only
  for (auto [index, label] : enumerate(scope.labels)) {
    if (is_contained(result, int64_t(index)))
      continue;
    if (expr->isEinsum && uses(operands, index) < 2)
      once.push_back(index);
    if (expr->isEinsum)
      continue;
    ok = false;
    StringRef operand = expr->operands.front().value->range.text();
    std::string name = label.name.empty() ? "..." : label.name.str();
    report(diag::DroppedAxis, label.place, name, label.size.str())
        .note(formatv("reduce it, `mean({0}, over: {1})`, or select one element, `{0}[{2}: 0]`",
                      operand, axisNumber(expr, label.place), name)
                  .str());
  }
  // Of two words for one axis the later one is the slip.
  for (int64_t label : once) {
    std::string guess = summedGuess(scope, operands, label);
    std::optional<int64_t> other = scope.find(guess);
    if (!other || *other < label || !is_contained(once, *other))
      reportSummedOnce(expr, scope.labels[label].name, scope.labels[label].place, guess);
  }
  return ok && once.empty();
}

/// The axis of another operand that was probably meant, or empty: of the same size under a
/// similar name, such as `d` for `dd`.
std::string Sema::summedGuess(PatternScope &scope, ArrayRef<Labelled> operands, int64_t label) {
  const PatternScope::Label &own = scope.labels[label];
  for (const Labelled &operand : operands) {
    if (is_contained(operand.labels, label))
      continue;
    for (int64_t index : operand.labels) {
      const PatternScope::Label &other = scope.labels[index];
      bool isSimilar = !other.name.empty() && !own.name.empty() &&
                       (own.name.contains(other.name) || other.name.contains(own.name) ||
                        own.name.edit_distance(other.name) <= 1);
      if (isSimilar && sameSize(own.size, other.size))
        return other.name.str();
    }
  }
  return {};
}

void Sema::reportSummedOnce(const ContractionExpr *expr, StringRef label, SourceRange range,
                            StringRef guess) {
  StringRef name = label.empty() ? "..." : label, operandText;
  for (const PatternOperand &operand : expr->operands)
    if (operand.range.begin <= range.begin && range.end <= operand.range.end)
      operandText = operand.value->range.text();
  Diagnostic &d = guess.empty() ? report(diag::SummedOnce, range, name)
                                : report(diag::SummedOnceGuess, range, name, guess);
  if (!guess.empty())
    d.fixIt(range, guess.str());
  d.note(
      formatv("to sum one tensor write `sum({0}, over: {1})`", operandText, axisNumber(expr, range))
          .str());
}

} // namespace tenon::dsl::sema
