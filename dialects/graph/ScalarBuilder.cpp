// Constant folding as one implementation of the scalar language.
#include "dialects/graph/ScalarBuilder.h"
#include "dialects/graph/Graph.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "llvm/ADT/APSInt.h"
#include <cmath>
#include <deque>

using namespace mlir;
using namespace tenon::graph;

ScalarBuilder::~ScalarBuilder() = default;

namespace {

/// Holds attributes; a Scalar points to one.
class ConstantFolder final : public ScalarBuilder {
public:
  Scalar hold(TypedAttr attribute) {
    held.push_back(attribute);
    return Scalar(&held.back());
  }
  static TypedAttr attribute(Scalar x) { return *static_cast<const TypedAttr *>(x.get()); }

  Type typeOf(Scalar x) const override { return attribute(x).getType(); }
  Scalar constant(double value, Type type) override {
    if (isa<FloatType>(type))
      return hold(FloatAttr::get(type, value));
    return constantInt(int64_t(value), type);
  }
  Scalar constantInt(int64_t value, Type type) override {
    return hold(IntegerAttr::get(type, APInt(type.getIntOrFloatBitWidth(), uint64_t(value),
                                             /*isSigned=*/true, /*implicitTrunc=*/true)));
  }

  Scalar add(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return x + y; },
                  [](auto x, auto y) { return x + y; });
  }
  Scalar sub(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return x - y; },
                  [](auto x, auto y) { return x - y; });
  }
  Scalar mul(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return x * y; },
                  [](auto x, auto y) { return x * y; });
  }
  Scalar div(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return x / y; }, [](APInt x, APInt) { return x; });
  }
  Scalar max(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return llvm::maximum(x, y); },
                  [](auto x, auto y) { return llvm::APIntOps::smax(x, y); });
  }
  Scalar min(Scalar a, Scalar b) override {
    return binary(a, b, [](auto x, auto y) { return llvm::minimum(x, y); },
                  [](auto x, auto y) { return llvm::APIntOps::smin(x, y); });
  }

  Scalar neg(Scalar x) override {
    return unary(x, [](APFloat v) { v.changeSign(); return v; }, [](APInt v) { return -v; });
  }
  Scalar abs(Scalar x) override {
    return unary(x, [](APFloat v) { v.clearSign(); return v; }, [](APInt v) { return v.abs(); });
  }
  Scalar floor(Scalar x) override { return roundTo(x, APFloat::rmTowardNegative); }
  Scalar ceil(Scalar x) override { return roundTo(x, APFloat::rmTowardPositive); }
  Scalar round(Scalar x) override { return roundTo(x, APFloat::rmNearestTiesToEven); }
  Scalar sqrt(Scalar x) override {
    auto value = x ? dyn_cast<FloatAttr>(attribute(x)) : FloatAttr();
    if (!value)
      return {};
    // IEEE square roots are correctly rounded in both types.
    return hold(FloatAttr::get(value.getType(),
                               value.getType().isF32()
                                   ? double(std::sqrt(float(value.getValueAsDouble())))
                                   : std::sqrt(value.getValueAsDouble())));
  }
  Scalar exp(Scalar) override { return {}; }
  Scalar log(Scalar) override { return {}; }
  Scalar tanh(Scalar) override { return {}; }
  Scalar erf(Scalar) override { return {}; }
  Scalar sin(Scalar) override { return {}; }
  Scalar cos(Scalar) override { return {}; }

  Scalar compare(ComparePredicate predicate, Scalar a, Scalar b) override {
    if (!a || !b)
      return {};
    Type boolean = IntegerType::get(typeOf(a).getContext(), 1);
    APFloat::cmpResult order = APFloat::cmpEqual;
    if (auto x = dyn_cast<FloatAttr>(attribute(a))) {
      order = x.getValue().compare(cast<FloatAttr>(attribute(b)).getValue());
    } else {
      APInt y = cast<IntegerAttr>(attribute(b)).getValue(), z = integer(a);
      order = z.slt(y) ? APFloat::cmpLessThan : z == y ? APFloat::cmpEqual
                                                       : APFloat::cmpGreaterThan;
    }
    bool lt = order == APFloat::cmpLessThan, eq = order == APFloat::cmpEqual,
         gt = order == APFloat::cmpGreaterThan;
    switch (predicate) {
    case ComparePredicate::eq: return constantInt(eq, boolean);
    case ComparePredicate::ne: return constantInt(!eq, boolean);
    case ComparePredicate::lt: return constantInt(lt, boolean);
    case ComparePredicate::le: return constantInt(lt || eq, boolean);
    case ComparePredicate::gt: return constantInt(gt, boolean);
    case ComparePredicate::ge: return constantInt(gt || eq, boolean);
    }
    return {};
  }
  Scalar select(Scalar condition, Scalar a, Scalar b) override {
    if (!condition)
      return {};
    return integer(condition).isZero() ? b : a;
  }
  Scalar logicalAnd(Scalar a, Scalar b) override {
    return a && b ? hold(IntegerAttr::get(typeOf(a), integer(a) & integer(b))) : Scalar();
  }
  Scalar logicalOr(Scalar a, Scalar b) override {
    return a && b ? hold(IntegerAttr::get(typeOf(a), integer(a) | integer(b))) : Scalar();
  }
  Scalar logicalNot(Scalar x) override {
    return x ? hold(IntegerAttr::get(typeOf(x), ~integer(x))) : Scalar();
  }

  Scalar convert(Scalar x, Type type) override {
    if (!x)
      return {};
    auto toFloat = dyn_cast<FloatType>(type);
    if (auto value = dyn_cast<FloatAttr>(attribute(x))) {
      APFloat number = value.getValue();
      if (type.isInteger(1))
        return constantInt(!number.isZero(), type);
      if (!toFloat) {
        llvm::APSInt integer(type.getIntOrFloatBitWidth(), /*isUnsigned=*/false);
        bool exact; // convertToInteger saturates, and gives 0 for NaN
        number.convertToInteger(integer, APFloat::rmTowardZero, &exact);
        return hold(IntegerAttr::get(type, integer));
      }
      bool loses;
      number.convert(toFloat.getFloatSemantics(), APFloat::rmNearestTiesToEven, &loses);
      return hold(FloatAttr::get(type, number));
    }
    APInt number = integer(x);
    bool isBool = typeOf(x).isInteger(1);
    if (type.isInteger(1))
      return constantInt(!number.isZero(), type);
    if (!toFloat)
      return hold(IntegerAttr::get(type, isBool ? number.zext(type.getIntOrFloatBitWidth())
                                                : number.sextOrTrunc(type.getIntOrFloatBitWidth())));
    APFloat result(toFloat.getFloatSemantics());
    result.convertFromAPInt(number, /*IsSigned=*/!isBool, APFloat::rmNearestTiesToEven);
    return hold(FloatAttr::get(type, result));
  }

private:
  static APInt integer(Scalar x) { return cast<IntegerAttr>(attribute(x)).getValue(); }

  template <typename OnFloat, typename OnInt>
  Scalar unary(Scalar x, OnFloat onFloat, OnInt onInt) {
    if (!x)
      return {};
    if (auto value = dyn_cast<FloatAttr>(attribute(x)))
      return hold(FloatAttr::get(value.getType(), onFloat(value.getValue())));
    return hold(IntegerAttr::get(typeOf(x), onInt(integer(x))));
  }
  template <typename OnFloat, typename OnInt>
  Scalar binary(Scalar a, Scalar b, OnFloat onFloat, OnInt onInt) {
    if (!a || !b)
      return {};
    if (auto x = dyn_cast<FloatAttr>(attribute(a)))
      return hold(FloatAttr::get(x.getType(),
                                 onFloat(x.getValue(), cast<FloatAttr>(attribute(b)).getValue())));
    return hold(IntegerAttr::get(typeOf(a), onInt(integer(a), integer(b))));
  }
  Scalar roundTo(Scalar x, APFloat::roundingMode mode) {
    return unary(x, [mode](APFloat v) { v.roundToIntegral(mode); return v; },
                 [](APInt v) { return v; });
  }

  std::deque<TypedAttr> held; // addresses stay
};

} // namespace

std::unique_ptr<ScalarBuilder> tenon::graph::createConstantFolder() {
  return std::make_unique<ConstantFolder>();
}
Scalar tenon::graph::fromAttribute(ScalarBuilder &folder, TypedAttr attribute) {
  return static_cast<ConstantFolder &>(folder).hold(attribute);
}
TypedAttr tenon::graph::toAttribute(ScalarBuilder &, Scalar x) {
  return x ? ConstantFolder::attribute(x) : TypedAttr();
}
