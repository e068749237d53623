//===- Syntax.cpp - Pieces of the dialect's text --------------------------===//

#include "dialects/exec/Syntax.h"

using namespace mlir;

namespace tenon::exec {

ParseResult parseSize(AsmParser &parser, graph::SizeAttr &size) {
  FailureOr<graph::SizeAttr> parsed = graph::SizeAttr::parseInline(parser);
  if (failed(parsed))
    return failure();
  size = *parsed;
  return success();
}

void printSize(AsmPrinter &printer, graph::SizeAttr size) { size.printInline(printer.getStream()); }

ParseResult parseSizes(OpAsmParser &parser, ArrayAttr &sizes) {
  SmallVector<Attribute> list;
  auto parseOne = [&]() -> ParseResult {
    graph::SizeAttr size;
    if (parseSize(parser, size))
      return failure();
    list.push_back(size);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  sizes = parser.getBuilder().getArrayAttr(list);
  return success();
}

void printSizes(OpAsmPrinter &printer, Operation *, ArrayAttr sizes) {
  printer << '[';
  llvm::interleaveComma(sizes.getAsRange<graph::SizeAttr>(), printer,
                        [&](graph::SizeAttr size) { printSize(printer, size); });
  printer << ']';
}

ParseResult parseDouble(AsmParser &parser, FloatAttr &value) {
  double parsed;
  if (parser.parseFloat(parsed))
    return failure();
  value = parser.getBuilder().getF64FloatAttr(parsed);
  return success();
}

void printDouble(AsmPrinter &printer, FloatAttr value) { printer.printFloat(value.getValue()); }

ParseResult parseNames(OpAsmParser &parser, ArrayAttr &names) {
  SmallVector<Attribute> list;
  auto parseOne = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name))
      return failure();
    list.push_back(parser.getBuilder().getStringAttr(name));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Square, parseOne))
    return failure();
  names = parser.getBuilder().getArrayAttr(list);
  return success();
}

void printNames(OpAsmPrinter &printer, Operation *, ArrayAttr names) {
  printer << '[';
  llvm::interleaveComma(names.getAsRange<StringAttr>(), printer,
                        [&](StringAttr name) { printer.printKeywordOrString(name); });
  printer << ']';
}

ParseResult parseTensors(OpAsmParser &parser, ArrayAttr &tensors) {
  SmallVector<Attribute> list;
  auto parseOne = [&]() -> ParseResult {
    FailureOr<TensorAttr> tensor = TensorAttr::parseInline(parser);
    if (failed(tensor))
      return failure();
    list.push_back(*tensor);
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseOne))
    return failure();
  tensors = parser.getBuilder().getArrayAttr(list);
  return success();
}

void printTensors(OpAsmPrinter &printer, Operation *, ArrayAttr tensors) {
  printer << '(';
  llvm::interleaveComma(tensors.getAsRange<TensorAttr>(), printer,
                        [&](TensorAttr tensor) { tensor.printInline(printer); });
  printer << ')';
}

ParseResult parseInlineBuffer(OpAsmParser &parser, TypeAttr &type) {
  FailureOr<BufferType> parsed = BufferType::parseInline(parser);
  if (failed(parsed))
    return failure();
  type = TypeAttr::get(*parsed);
  return success();
}

void printInlineBuffer(OpAsmPrinter &printer, Operation *, TypeAttr type) {
  cast<BufferType>(type.getValue()).printInline(printer);
}

ParseResult parseInit(OpAsmParser &parser, InitAttr &init) {
  StringRef keyword;
  FloatAttr a, b = parser.getBuilder().getF64FloatAttr(0);
  SMLoc loc = parser.getCurrentLocation();
  if (parser.parseKeyword(&keyword))
    return failure();
  std::optional<InitKind> kind = symbolizeInitKind(keyword);
  if (!kind)
    return parser.emitError(loc, "expected constant, uniform or normal");
  if (parser.parseLParen() || parseDouble(parser, a) ||
      (*kind != InitKind::Constant && (parser.parseComma() || parseDouble(parser, b))) ||
      parser.parseRParen())
    return failure();
  init = parser.getChecked<InitAttr>(loc, parser.getContext(), *kind, a, b);
  return success(bool(init));
}

void printInit(OpAsmPrinter &printer, Operation *, InitAttr init) {
  printer << stringifyInitKind(init.getKind()) << '(';
  printDouble(printer, init.getFirst());
  if (init.getKind() != InitKind::Constant) {
    printer << ", ";
    printDouble(printer, init.getSecond());
  }
  printer << ')';
}

} // namespace tenon::exec
