//===- ExecDialect.cpp - The dialect, its types and attributes ------------===//

#include "dialects/exec/Exec.h"
#include "dialects/exec/Syntax.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/MathExtras.h"
#include <cmath>

using namespace mlir;
using namespace tenon;
using namespace tenon::exec;

#include "dialects/exec/ExecDialect.cpp.inc"
#include "dialects/exec/ExecEnums.cpp.inc"

#define GET_TYPEDEF_CLASSES
#include "dialects/exec/ExecTypes.cpp.inc"

#define GET_ATTRDEF_CLASSES
#include "dialects/exec/ExecAttrs.cpp.inc"

void ExecDialect::initialize() {
  getContext()->getOrLoadDialect("graph"); // sizes are attributes of it
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/exec/ExecTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/exec/ExecAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/exec/ExecOps.cpp.inc"
      >();
}

LogicalResult ExecDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  if (attribute.getName() == kLabelAttrName) {
    if (!isa<FunctionOpInterface>(op) || !isa<StringAttr>(attribute.getValue()))
      return op->emitError("'exec.label' must be a string on a function");
    return success();
  }
  if (attribute.getName() != kWritesAttrName)
    return op->emitError("unknown attribute '") << attribute.getName().getValue() << "'";
  if (!isa<FunctionOpInterface>(op) || !isa<DenseBoolArrayAttr>(attribute.getValue()))
    return op->emitError("'exec.writes' must be an array of booleans on a function");
  return success();
}

//===----------------------------------------------------------------------===//
// The buffer type
//===----------------------------------------------------------------------===//

LogicalResult BufferType::verify(function_ref<InFlightDiagnostic()> emitError, Type elementType,
                                 ArrayRef<graph::SizeAttr> sizes) {
  if (!elementType.isF32() && !elementType.isF64() && !elementType.isInteger(32) &&
      !elementType.isInteger(64) && !elementType.isInteger(1) && !elementType.isInteger(8)) // (C1)
    return emitError() << "buffers hold f32, f64, i32, i64, i1 or i8, not " << elementType;
  for (graph::SizeAttr size : sizes) // (C2)
    if (size.getConstant().value_or(0) < 0)
      return emitError() << "size " << size.str() << " is negative";
  if (!graph::SizeAttr::product(elementType.getContext(), sizes)
           .mul(graph::SizeAttr::constant(elementType.getContext(), 8)))
    return emitError() << "the number of bytes overflows";
  return success();
}

graph::SizeAttr BufferType::getBytes() const {
  int64_t elementBytes = (getElementType().getIntOrFloatBitWidth() + 7) / 8;
  return graph::SizeAttr::product(getContext(), getSizes())
      .mul(graph::SizeAttr::constant(getContext(), elementBytes));
}

bool BufferType::isStatic() const {
  return llvm::all_of(getSizes(), [](graph::SizeAttr s) { return s.getConstant().has_value(); });
}

void BufferType::printInline(AsmPrinter &printer) const {
  printer << getElementType();
  if (getSizes().empty())
    return;
  printer << '[';
  llvm::interleaveComma(getSizes(), printer,
                        [&](graph::SizeAttr s) { s.printInline(printer.getStream()); });
  printer << ']';
}

FailureOr<BufferType> BufferType::parseInline(AsmParser &parser) {
  Type elementType;
  SmallVector<graph::SizeAttr> sizes;
  SMLoc loc = parser.getCurrentLocation();
  auto parseSize = [&]() -> ParseResult {
    FailureOr<graph::SizeAttr> size = graph::SizeAttr::parseInline(parser);
    if (failed(size))
      return failure();
    sizes.push_back(*size);
    return success();
  };
  if (parser.parseType(elementType) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::OptionalSquare, parseSize))
    return failure();
  BufferType type = parser.getChecked<BufferType>(loc, elementType, sizes);
  if (!type)
    return failure();
  return type;
}

void BufferType::print(AsmPrinter &printer) const {
  printer << '<';
  printInline(printer);
  printer << '>';
}

Type BufferType::parse(AsmParser &parser) {
  if (parser.parseLess())
    return {};
  FailureOr<BufferType> type = parseInline(parser);
  if (failed(type) || parser.parseGreater())
    return {};
  return *type;
}

//===----------------------------------------------------------------------===//
// Attributes
//===----------------------------------------------------------------------===//

void TensorAttr::printInline(AsmPrinter &printer) const {
  printer.printKeywordOrString(getName());
  printer << " : ";
  getType().printInline(printer);
  if (!getDoc().empty()) {
    printer << ' ';
    printer.printString(getDoc());
  }
}

FailureOr<TensorAttr> TensorAttr::parseInline(AsmParser &parser) {
  std::string name, doc;
  if (parser.parseKeywordOrString(&name) || parser.parseColon())
    return failure();
  FailureOr<BufferType> type = BufferType::parseInline(parser);
  if (failed(type))
    return failure();
  (void)parser.parseOptionalString(&doc);
  return TensorAttr::get(parser.getContext(), name, *type, doc);
}

void TensorAttr::print(AsmPrinter &printer) const {
  printer << '<';
  printInline(printer);
  printer << '>';
}

Attribute TensorAttr::parse(AsmParser &parser, Type) {
  if (parser.parseLess())
    return {};
  FailureOr<TensorAttr> tensor = parseInline(parser);
  if (failed(tensor) || parser.parseGreater())
    return {};
  return *tensor;
}

LogicalResult InitAttr::verify(function_ref<InFlightDiagnostic()> emitError, InitKind kind,
                               FloatAttr first, FloatAttr second) {
  double a = first.getValueAsDouble(), b = second.getValueAsDouble();
  if (!std::isfinite(a) || !std::isfinite(b)) // (C1)
    return emitError() << "initial values must be finite";
  bool valid = kind == InitKind::Constant  ? b == 0 // (C2)
               : kind == InitKind::Uniform ? b >= a
                                           : b >= 0;
  if (!valid)
    return emitError() << "invalid second number of '" << stringifyInitKind(kind) << "'";
  return success();
}

LogicalResult LayoutAttr::verify(function_ref<InFlightDiagnostic()> emitError, LayoutKind kind,
                                 unsigned lanes) {
  if (lanes < 4 || lanes > 64 || !llvm::isPowerOf2_32(lanes))
    return emitError() << "(C1) " << lanes << " lanes are no power of two from 4 to 64";
  return success();
}

BufferType LayoutAttr::getStorageType(BufferType type) const {
  graph::SizeAttr cut = type.getSizes()[0], other = type.getSizes()[1];
  if (getKind() == LayoutKind::PackedTransposed)
    std::swap(cut, other);
  graph::SizeAttr lanes = graph::SizeAttr::constant(getContext(), getLanes());
  return BufferType::get(type.getElementType(), {cut.divCeil(getLanes()), other, lanes});
}

LogicalResult RawGroupAttr::verify(function_ref<InFlightDiagnostic()> emitError, StringRef name,
                                   ArrayAttr columns, Type type, int64_t line) {
  auto isColumn = [](Attribute column) {
    auto position = dyn_cast<IntegerAttr>(column);
    return isa<StringAttr>(column) ||
           (position && position.getType().isSignlessInteger(64) && position.getInt() >= 0);
  };
  if (columns.empty() || !llvm::all_of(columns, isColumn)) // (C1)
    return emitError() << "columns of '" << name << "' must be names or positions from 0";
  if (type && !type.isF32() && !type.isF64() && !type.isSignlessInteger(32) &&
      !type.isSignlessInteger(64) && !type.isSignlessInteger(1)) // (C2)
    return emitError() << "(C2) no cell of '" << name << "' is a " << type;
  return success();
}
