// The tensor type. `getShape` must return memory that lives as long as the type, so the integer
// shape is kept in the storage, outside its key.
#include "dialects/graph/Graph.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace tenon::graph;

namespace tenon::graph::detail {

struct SizedTensorStorage : TypeStorage {
  // A std::pair would make AttrTypeReplacer skip the sub-elements silently.
  using KeyTy = std::tuple<Type, ArrayRef<SizeAttr>>;

  SizedTensorStorage(Type elementType, ArrayRef<SizeAttr> sizes, ArrayRef<int64_t> shape)
      : elementType(elementType), sizes(sizes), shape(shape) {}

  bool operator==(const KeyTy &key) const { return key == getAsKey(); }
  KeyTy getAsKey() const { return {elementType, sizes}; }
  static llvm::hash_code hashKey(const KeyTy &key) { return llvm::hash_value(key); }

  static SizedTensorStorage *construct(TypeStorageAllocator &allocator, KeyTy &&key) {
    SmallVector<int64_t> shape;
    for (SizeAttr size : std::get<1>(key))
      shape.push_back(size.getConstant().value_or(ShapedType::kDynamic));
    return new (allocator.allocate<SizedTensorStorage>())
        SizedTensorStorage(std::get<0>(key), allocator.copyInto(std::get<1>(key)),
                           allocator.copyInto(ArrayRef<int64_t>(shape)));
  }

  Type elementType;
  ArrayRef<SizeAttr> sizes;
  ArrayRef<int64_t> shape;
};

} // namespace tenon::graph::detail

#define GET_TYPEDEF_CLASSES
#include "dialects/graph/GraphTypes.cpp.inc"

void GraphDialect::registerTypes() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/graph/GraphTypes.cpp.inc"
      >();
}

Type SizedTensorType::getElementType() const { return getImpl()->elementType; }
ArrayRef<SizeAttr> SizedTensorType::getSizes() const { return getImpl()->sizes; }
ArrayRef<int64_t> SizedTensorType::getShape() const { return getImpl()->shape; }
bool SizedTensorType::hasRank() const { return true; }

SizeAttr SizedTensorType::numElements() const {
  return SizeAttr::product(getContext(), getSizes());
}
SizedTensorType SizedTensorType::withElementType(Type elementType) const {
  return get(elementType, getSizes());
}
SizedTensorType SizedTensorType::withSizes(ArrayRef<SizeAttr> sizes) const {
  return get(getElementType(), sizes);
}

ShapedType SizedTensorType::cloneWith(std::optional<ArrayRef<int64_t>> shape,
                                      Type elementType) const {
  if (!shape)
    return get(elementType, getSizes());
  SmallVector<SizeAttr> sizes;
  for (auto [axis, extent] : llvm::enumerate(*shape)) {
    bool symbolic = ShapedType::isDynamic(extent);
    // An integer shape cannot carry a symbolic size; upstream only asks for shapes of our rank.
    if (symbolic && shape->size() != getSizes().size())
      llvm::report_fatal_error("a symbolic size got lost in cloneWith");
    sizes.push_back(symbolic ? getSizes()[axis] : SizeAttr::constant(getContext(), extent));
  }
  return get(elementType, sizes);
}

LogicalResult SizedTensorType::verify(function_ref<InFlightDiagnostic()> emitError,
                                      Type elementType, ArrayRef<SizeAttr> sizes) {
  if (!elementType.isF32() && !elementType.isF64() && !elementType.isInteger(32) &&
      !elementType.isInteger(64) && !elementType.isInteger(1))
    return emitError() << "(C1) element type " << elementType << " is not f32, f64, i32, i64 or i1";
  for (SizeAttr size : sizes) {
    if (!size)
      return emitError() << "(C2) a size overflows";
    if (std::optional<int64_t> constant = size.getConstant(); constant && *constant < 0)
      return emitError() << "(C2) negative size " << *constant;
  }
  return success();
}

Type SizedTensorType::parse(AsmParser &parser) {
  SMLoc loc = parser.getCurrentLocation();
  Type elementType;
  SmallVector<SizeAttr> sizes;
  auto parseSize = [&]() -> ParseResult {
    FailureOr<SizeAttr> size = SizeAttr::parseInline(parser);
    if (failed(size))
      return failure();
    sizes.push_back(*size);
    return success();
  };
  if (parser.parseLess() || parser.parseType(elementType) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalSquare, parseSize) ||
      parser.parseGreater())
    return {};
  return parser.getChecked<SizedTensorType>(loc, elementType, ArrayRef<SizeAttr>(sizes));
}

void SizedTensorType::print(AsmPrinter &printer) const {
  printer << '<' << getElementType();
  if (!getSizes().empty()) {
    printer << '[';
    llvm::interleaveComma(getSizes(), printer, [&](SizeAttr size) { printer << size.str(); });
    printer << ']';
  }
  printer << '>';
}
