// The attributes of the dialect: the size algebra, durations. Order is by text, never by pointer, so that output is deterministic.
#include "dialects/graph/Size.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace mlir;
using namespace tenon::graph;

#include "dialects/graph/GraphEnums.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/graph/GraphAttrs.cpp.inc"

void GraphDialect::registerAttributes() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/graph/GraphAttrs.cpp.inc"
      >();
}

namespace {

int compareAtoms(Attribute a, Attribute b);

int compareProducts(ArrayRef<Attribute> a, ArrayRef<Attribute> b) {
  if (a.size() != b.size())
    return a.size() > b.size() ? -1 : 1; // higher degree first
  for (auto [x, y] : llvm::zip(a, b))
    if (int order = compareAtoms(x, y))
      return order;
  return 0;
}

int compareSizes(SizeAttr a, SizeAttr b) {
  if (a == b)
    return 0;
  for (auto [x, y] : llvm::zip(a.getTerms(), b.getTerms())) {
    if (int order = compareProducts(x.getAtoms(), y.getAtoms()))
      return order;
    if (x.getCoefficient() != y.getCoefficient())
      return x.getCoefficient() < y.getCoefficient() ? -1 : 1;
  }
  return a.getTerms().size() < b.getTerms().size() ? -1 : 1;
}

int compareAtoms(Attribute a, Attribute b) {
  if (a == b)
    return 0;
  auto nameA = dyn_cast<StringAttr>(a), nameB = dyn_cast<StringAttr>(b);
  if (nameA && nameB)
    return nameA.getValue().compare(nameB.getValue());
  if (nameA || nameB)
    return nameA ? -1 : 1;
  auto divA = cast<FloorDivAttr>(a), divB = cast<FloorDivAttr>(b);
  if (int order = compareSizes(divA.getNum(), divB.getNum()))
    return order;
  return compareSizes(divA.getDen(), divB.getDen());
}

struct ProductLess {
  bool operator()(ArrayRef<Attribute> a, ArrayRef<Attribute> b) const {
    return compareProducts(a, b) < 0;
  }
};

/// Sums monomials of equal atoms. Fails on overflow.
class Sum {
public:
  bool add(int64_t coefficient, SmallVector<Attribute> atoms) {
    llvm::sort(atoms, [](Attribute a, Attribute b) { return compareAtoms(a, b) < 0; });
    int64_t &total = terms[std::move(atoms)];
    std::optional<int64_t> sum = llvm::checkedAdd(total, coefficient);
    if (sum)
      total = *sum;
    return sum.has_value();
  }
  SizeAttr get(MLIRContext *context) const {
    SmallVector<MonomialAttr> monomials;
    for (const auto &[atoms, coefficient] : terms)
      if (coefficient != 0)
        monomials.push_back(MonomialAttr::get(context, coefficient, atoms));
    return SizeAttr::get(context, monomials);
  }

private:
  std::map<SmallVector<Attribute>, int64_t, ProductLess> terms;
};

} // namespace

SizeAttr SizeAttr::get(MLIRContext *context, ArrayRef<MonomialAttr> terms) {
  return Base::get(context, terms);
}

SizeAttr SizeAttr::constant(MLIRContext *context, int64_t value) {
  if (value == 0)
    return get(context, {});
  return get(context, MonomialAttr::get(context, value, {}));
}

SizeAttr SizeAttr::symbol(MLIRContext *context, StringRef name) {
  return get(context, MonomialAttr::get(context, 1, {StringAttr::get(context, name)}));
}

SizeAttr SizeAttr::product(MLIRContext *context, ArrayRef<SizeAttr> sizes) {
  SizeAttr result = constant(context, 1);
  for (SizeAttr size : sizes)
    result = result.mul(size);
  return result;
}

SizeAttr SizeAttr::add(SizeAttr other) const {
  if (!*this || !other)
    return {};
  Sum sum;
  for (SizeAttr side : {*this, other})
    for (MonomialAttr term : side.getTerms())
      if (!sum.add(term.getCoefficient(), llvm::to_vector(term.getAtoms())))
        return {};
  return sum.get(getContext());
}

SizeAttr SizeAttr::sub(SizeAttr other) const {
  if (!*this || !other)
    return {};
  return add(other.mul(constant(getContext(), -1)));
}

SizeAttr SizeAttr::mul(SizeAttr other) const {
  if (!*this || !other)
    return {};
  Sum sum;
  for (MonomialAttr a : getTerms())
    for (MonomialAttr b : other.getTerms()) {
      std::optional<int64_t> coefficient =
          llvm::checkedMul(a.getCoefficient(), b.getCoefficient());
      SmallVector<Attribute> atoms = llvm::to_vector(a.getAtoms());
      llvm::append_range(atoms, b.getAtoms());
      if (!coefficient || !sum.add(*coefficient, std::move(atoms)))
        return {};
    }
  return sum.get(getContext());
}

/// a / b; null where that is no monomial with an integer coefficient.
static SizeAttr divide(MonomialAttr a, MonomialAttr b) {
  SmallVector<Attribute> atoms = llvm::to_vector(a.getAtoms());
  for (Attribute atom : b.getAtoms()) {
    auto *it = llvm::find(atoms, atom);
    if (it == atoms.end())
      return {};
    atoms.erase(it);
  }
  // INT64_MIN / -1 is the one division that overflows.
  if ((b.getCoefficient() == -1 && a.getCoefficient() == INT64_MIN) ||
      a.getCoefficient() % b.getCoefficient() != 0)
    return {};
  return SizeAttr::get(a.getContext(),
                       MonomialAttr::get(a.getContext(), a.getCoefficient() / b.getCoefficient(), atoms));
}

/// Long division of polynomials. The order of terms is one that products keep, so first terms divide.
SizeAttr SizeAttr::divExact(SizeAttr other) const {
  if (!*this || !other || other.getTerms().empty())
    return {};
  SizeAttr quotient = constant(getContext(), 0), rest = *this;
  while (rest && !rest.getTerms().empty()) {
    SizeAttr term = divide(rest.getTerms().front(), other.getTerms().front());
    quotient = quotient.add(term);
    rest = rest.sub(term.mul(other));
  }
  return rest ? quotient : SizeAttr();
}

SizeAttr SizeAttr::divFloor(SizeAttr other) const {
  if (!*this || !other)
    return {};
  std::optional<int64_t> num = getConstant(), den = other.getConstant();
  if (den && *den < 1)
    return {};
  if (num && den)
    return constant(getContext(), *num / *den - (*num % *den < 0 ? 1 : 0));
  if (SizeAttr exact = divExact(other))
    return exact;
  return get(getContext(),
             MonomialAttr::get(getContext(), 1, {FloorDivAttr::get(getContext(), *this, other)}));
}

SizeAttr SizeAttr::divCeil(int64_t k) const {
  MLIRContext *context = getContext();
  return add(constant(context, k - 1)).divFloor(constant(context, k));
}

std::optional<int64_t> SizeAttr::getConstant() const {
  if (getTerms().empty())
    return 0;
  if (getTerms().size() == 1 && getTerms().front().getAtoms().empty())
    return getTerms().front().getCoefficient();
  return std::nullopt;
}

StringRef SizeAttr::getName() const {
  if (getTerms().size() != 1 || getTerms().front().getCoefficient() != 1 ||
      getTerms().front().getAtoms().size() != 1)
    return {};
  auto name = dyn_cast<StringAttr>(getTerms().front().getAtoms().front());
  return name ? name.getValue() : StringRef();
}

void SizeAttr::collectNames(SetVector<StringAttr> &names) const {
  for (MonomialAttr term : getTerms())
    for (Attribute atom : term.getAtoms()) {
      if (auto name = dyn_cast<StringAttr>(atom)) {
        names.insert(name);
        continue;
      }
      cast<FloorDivAttr>(atom).getNum().collectNames(names);
      cast<FloorDivAttr>(atom).getDen().collectNames(names);
    }
}

SizeAttr SizeAttr::substitute(function_ref<SizeAttr(StringAttr)> f) const {
  SizeAttr result = constant(getContext(), 0);
  for (MonomialAttr term : getTerms()) {
    SizeAttr product = constant(getContext(), term.getCoefficient());
    for (Attribute atom : term.getAtoms()) {
      if (auto name = dyn_cast<StringAttr>(atom)) {
        SizeAttr value = f(name);
        product = product.mul(value ? value : SizeAttr::symbol(getContext(), name));
        continue;
      }
      auto div = cast<FloorDivAttr>(atom);
      product = product.mul(div.getNum().substitute(f).divFloor(div.getDen().substitute(f)));
    }
    result = result.add(product);
  }
  return result;
}

std::optional<int64_t>
SizeAttr::evaluate(function_ref<std::optional<int64_t>(StringRef)> valueOf) const {
  int64_t total = 0;
  for (MonomialAttr term : getTerms()) {
    std::optional<int64_t> product = term.getCoefficient();
    for (Attribute atom : term.getAtoms()) {
      std::optional<int64_t> value;
      if (auto name = dyn_cast<StringAttr>(atom)) {
        value = valueOf(name.getValue());
      } else {
        auto div = cast<FloorDivAttr>(atom);
        std::optional<int64_t> num = div.getNum().evaluate(valueOf);
        std::optional<int64_t> den = div.getDen().evaluate(valueOf);
        if (num && den && *den >= 1)
          value = *num / *den - (*num % *den < 0 ? 1 : 0);
      }
      if (!value || !(product = llvm::checkedMul(*product, *value)))
        return std::nullopt;
    }
    std::optional<int64_t> sum = llvm::checkedAdd(total, *product);
    if (!sum)
      return std::nullopt;
    total = *sum;
  }
  return total;
}

// ---- Text -------------------------------------------------------------------------------------

void SizeAttr::printInline(raw_ostream &os) const {
  if (getTerms().empty()) {
    os << '0';
    return;
  }
  bool first = true;
  for (MonomialAttr term : getTerms()) {
    int64_t coefficient = term.getCoefficient();
    uint64_t magnitude = coefficient < 0 ? 0 - uint64_t(coefficient) : uint64_t(coefficient);
    if (coefficient < 0)
      os << '-';
    else if (!first)
      os << '+';
    first = false;
    if (magnitude != 1 || term.getAtoms().empty())
      os << magnitude << (term.getAtoms().empty() ? "" : "*");
    llvm::interleave(
        term.getAtoms(),
        [&](Attribute atom) {
          if (auto name = dyn_cast<StringAttr>(atom)) {
            os << name.getValue();
            return;
          }
          auto div = cast<FloorDivAttr>(atom);
          os << "floor(";
          div.getNum().printInline(os);
          os << ", ";
          div.getDen().printInline(os);
          os << ')';
        },
        [&] { os << '*'; });
  }
}

std::string SizeAttr::str() const {
  std::string text;
  llvm::raw_string_ostream os(text);
  printInline(os);
  return text;
}

namespace {

FailureOr<SizeAttr> checked(AsmParser &parser, SMLoc loc, SizeAttr size) {
  if (!size)
    return parser.emitError(loc, "size arithmetic overflows or divides by less than one");
  return size;
}

FailureOr<SizeAttr> parseAtom(AsmParser &parser) {
  MLIRContext *context = parser.getContext();
  SMLoc loc = parser.getCurrentLocation();
  int64_t value = 0;
  OptionalParseResult integer = parser.parseOptionalInteger(value);
  if (integer.has_value()) {
    if (failed(*integer))
      return failure();
    return SizeAttr::constant(context, value);
  }
  if (succeeded(parser.parseOptionalLParen())) {
    FailureOr<SizeAttr> inner = SizeAttr::parseInline(parser);
    if (failed(inner) || parser.parseRParen())
      return failure();
    return inner;
  }
  StringRef name;
  if (parser.parseOptionalKeyword(&name))
    return parser.emitError(loc, "expected a size");
  if (name != "floor" || failed(parser.parseOptionalLParen()))
    return SizeAttr::symbol(context, name);
  FailureOr<SizeAttr> num = SizeAttr::parseInline(parser);
  if (failed(num) || parser.parseComma())
    return failure();
  FailureOr<SizeAttr> den = SizeAttr::parseInline(parser);
  if (failed(den) || parser.parseRParen())
    return failure();
  return checked(parser, loc, num->divFloor(*den));
}

FailureOr<SizeAttr> parseTerm(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  FailureOr<SizeAttr> product = parseAtom(parser);
  while (succeeded(product) && succeeded(parser.parseOptionalStar())) {
    FailureOr<SizeAttr> factor = parseAtom(parser);
    if (failed(factor))
      return failure();
    product = checked(parser, loc, product->mul(*factor));
  }
  return product;
}

} // namespace

FailureOr<SizeAttr> SizeAttr::parseInline(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  bool negative = succeeded(parser.parseOptionalMinus());
  FailureOr<SizeAttr> sum = parseTerm(parser);
  if (failed(sum))
    return failure();
  if (negative)
    sum = checked(parser, loc, sum->mul(constant(parser.getContext(), -1)));
  while (succeeded(sum)) {
    bool plus = succeeded(parser.parseOptionalPlus());
    if (!plus && failed(parser.parseOptionalMinus()))
      return sum;
    FailureOr<SizeAttr> term = parseTerm(parser);
    if (failed(term))
      return failure();
    sum = checked(parser, loc, plus ? sum->add(*term) : sum->sub(*term));
  }
  return sum;
}

Attribute SizeAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  FailureOr<SizeAttr> size = parseInline(parser);
  if (failed(size) || parser.parseGreater())
    return {};
  return *size;
}

void SizeAttr::print(AsmPrinter &printer) const {
  printer << '<' << str() << '>';
}

Attribute DurationAttr::parse(AsmParser &parser, Type) {
  double value = 0;
  StringRef unit;
  SMLoc loc;
  if (parser.parseLess() || parser.parseFloat(value) || parser.getCurrentLocation(&loc) ||
      parser.parseKeyword(&unit) || parser.parseGreater())
    return {};
  std::optional<DurationUnit> parsed = symbolizeDurationUnit(unit);
  if (!parsed)
    return parser.emitError(loc, "expected steps, epochs or fraction"), Attribute();
  return DurationAttr::get(parser.getContext(), value, *parsed);
}

void DurationAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printer.printFloat(APFloat(getValue()));
  printer << ' ' << stringifyDurationUnit(getUnit()) << '>';
}
