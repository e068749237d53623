#include "runtime/program/SizeExpr.h"

#include "runtime/base/Checked.h"
#include "runtime/schema/program_generated.h"

#include <algorithm>

namespace tenon::rt {
namespace {

constexpr int deepestNesting = 16; // of floor divisions
constexpr uint64_t mostElements = uint64_t{1} << 48;

/// Rounds towards minus infinity; `den` > 0.
int64_t floorDivide(int64_t num, int64_t den) {
  int64_t quotient = num / den;
  return num % den < 0 ? quotient - 1 : quotient;
}

struct Interval {
  int64_t low, high;
};

bool multiply(Interval a, Interval b, Interval *out) {
  int64_t corners[4];
  if (!checkedMul(a.low, b.low, &corners[0]) || !checkedMul(a.low, b.high, &corners[1]) ||
      !checkedMul(a.high, b.low, &corners[2]) || !checkedMul(a.high, b.high, &corners[3]))
    return false;
  *out = {*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
  return true;
}

Interval floorDivide(Interval num, Interval den) {
  int64_t corners[4] = {floorDivide(num.low, den.low), floorDivide(num.low, den.high),
                        floorDivide(num.high, den.low), floorDivide(num.high, den.high)};
  return {*std::min_element(corners, corners + 4), *std::max_element(corners, corners + 4)};
}

} // namespace

const char *sizeErrorText(SizeError error) {
  switch (error) {
  case SizeError::None:
    return "no error";
  case SizeError::Overflow:
    return "is too large";
  case SizeError::Divisor:
    return "divides by zero or less";
  case SizeError::Negative:
    return "is negative";
  }
  return "?";
}

const char *SizeExpr::decode(const schema::SizeExpr *flat, uint32_t nameCount, SizeExpr *out) {
  return decodeAt(flat, nameCount, 0, out);
}

const char *SizeExpr::decodeAt(const schema::SizeExpr *flat, uint32_t nameCount, int depth,
                               SizeExpr *out) {
  if (!flat)
    return "is missing";
  if (depth > deepestNesting)
    return "nests floor divisions too deeply";
  out->terms.clear();
  if (!flat->terms())
    return nullptr;
  for (const schema::Monomial *monomial : *flat->terms()) {
    Term term;
    term.coefficient = monomial->coefficient();
    if (monomial->atoms()) {
      for (const schema::SizeAtom *flatAtom : *monomial->atoms()) {
        Atom atom;
        atom.name = flatAtom->name();
        if (atom.name < -1 || atom.name >= static_cast<int64_t>(nameCount))
          return "uses a size name that the entry does not have";
        if (atom.name == -1) {
          atom.parts.resize(2);
          if (!flatAtom->num() || !flatAtom->den())
            return "has an atom that is neither a size name nor a division";
          if (const char *reason = decodeAt(flatAtom->num(), nameCount, depth + 1, &atom.parts[0]))
            return reason;
          if (const char *reason = decodeAt(flatAtom->den(), nameCount, depth + 1, &atom.parts[1]))
            return reason;
        } else if (flatAtom->num() || flatAtom->den()) {
          return "has an atom that is both a size name and a division";
        }
        term.atoms.push_back(std::move(atom));
      }
    }
    out->terms.push_back(std::move(term));
  }
  return nullptr;
}

SizeError SizeExpr::evaluate(const int64_t *sizes, int64_t *out) const {
  int64_t sum = 0;
  for (const Term &term : terms) {
    int64_t product = term.coefficient;
    for (const Atom &atom : term.atoms) {
      int64_t value;
      if (atom.name >= 0) {
        value = sizes[atom.name];
      } else {
        int64_t num, den;
        if (SizeError error = atom.parts[0].evaluate(sizes, &num); error != SizeError::None)
          return error;
        if (SizeError error = atom.parts[1].evaluate(sizes, &den); error != SizeError::None)
          return error;
        if (den <= 0)
          return SizeError::Divisor;
        value = floorDivide(num, den);
      }
      if (!checkedMul(product, value, &product))
        return SizeError::Overflow;
    }
    if (!checkedAdd(sum, product, &sum))
      return SizeError::Overflow;
  }
  *out = sum;
  return SizeError::None;
}

SizeError SizeExpr::bounds(const int64_t *max, int64_t *low, int64_t *high) const {
  Interval sum = {0, 0};
  for (const Term &term : terms) {
    Interval product = {term.coefficient, term.coefficient};
    for (const Atom &atom : term.atoms) {
      Interval value;
      if (atom.name >= 0) {
        value = {0, max[atom.name]};
      } else {
        Interval num, den;
        if (SizeError error = atom.parts[0].bounds(max, &num.low, &num.high);
            error != SizeError::None)
          return error;
        if (SizeError error = atom.parts[1].bounds(max, &den.low, &den.high);
            error != SizeError::None)
          return error;
        if (den.high <= 0)
          return SizeError::Divisor;
        den.low = std::max<int64_t>(den.low, 1);
        value = floorDivide(num, den);
      }
      if (!multiply(product, value, &product))
        return SizeError::Overflow;
    }
    if (!checkedAdd(sum.low, product.low, &sum.low) ||
        !checkedAdd(sum.high, product.high, &sum.high))
      return SizeError::Overflow;
  }
  *low = sum.low;
  *high = sum.high;
  return SizeError::None;
}

bool SizeExpr::isName(uint32_t name) const {
  return terms.size() == 1 && terms[0].coefficient == 1 && terms[0].atoms.size() == 1 &&
         terms[0].atoms[0].name == static_cast<int64_t>(name);
}

bool SizeExpr::usesNames() const {
  for (const Term &term : terms)
    for (const Atom &atom : term.atoms)
      if (atom.name >= 0 || atom.parts[0].usesNames() || atom.parts[1].usesNames())
        return true;
  return false;
}

bool SizeExpr::isConstant(int64_t *out) const {
  return !usesNames() && evaluate(nullptr, out) == SizeError::None;
}

std::string SizeExpr::text(const std::vector<std::string> &names) const {
  std::string out;
  for (const Term &term : terms) {
    bool negative = term.coefficient < 0;
    uint64_t magnitude = negative ? 0 - static_cast<uint64_t>(term.coefficient)
                                  : static_cast<uint64_t>(term.coefficient);
    out += out.empty() ? (negative ? "-" : "") : (negative ? " - " : " + ");
    bool first = true;
    if (magnitude != 1 || term.atoms.empty()) {
      out += std::to_string(magnitude);
      first = false;
    }
    for (const Atom &atom : term.atoms) {
      out += first ? "" : "*";
      first = false;
      if (atom.name >= 0)
        out += names[atom.name];
      else
        out += "floor(" + atom.parts[0].text(names) + ", " + atom.parts[1].text(names) + ")";
    }
  }
  return out.empty() ? "0" : out;
}

SizeError elementsOf(const std::vector<SizeExpr> &shape, const int64_t *sizes, uint64_t *out) {
  uint64_t elements = 1;
  for (const SizeExpr &axis : shape) {
    int64_t extent;
    if (SizeError error = axis.evaluate(sizes, &extent); error != SizeError::None)
      return error;
    if (extent < 0)
      return SizeError::Negative;
    if (!checkedMul(elements, static_cast<uint64_t>(extent), &elements))
      return SizeError::Overflow;
  }
  *out = elements;
  return elements > mostElements ? SizeError::Overflow : SizeError::None;
}

SizeError mostElementsOf(const std::vector<SizeExpr> &shape, const int64_t *max, uint64_t *out) {
  uint64_t elements = 1;
  for (const SizeExpr &axis : shape) {
    int64_t low, high;
    if (SizeError error = axis.bounds(max, &low, &high); error != SizeError::None)
      return error;
    if (!checkedMul(elements, static_cast<uint64_t>(std::max<int64_t>(high, 0)), &elements))
      return SizeError::Overflow;
  }
  *out = elements;
  return elements > mostElements ? SizeError::Overflow : SizeError::None;
}

} // namespace tenon::rt
