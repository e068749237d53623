//===- Syntax.h - Pieces of the dialect's text ------------------*- C++ -*-===//
//
// The `custom<…>` directives of the .td files, as parse and print functions: sizes, numbers, names
// and types as they read best inside an operation. Private to the dialect.
//
//===----------------------------------------------------------------------===//
#ifndef TENON_DIALECTS_EXEC_SYNTAX_H
#define TENON_DIALECTS_EXEC_SYNTAX_H

#include "dialects/exec/Exec.h"

namespace tenon::exec {

// A size, `2*batch+1`.
mlir::ParseResult parseSize(mlir::AsmParser &parser, graph::SizeAttr &size);
void printSize(mlir::AsmPrinter &printer, graph::SizeAttr size);
inline void printSize(mlir::OpAsmPrinter &printer, mlir::Operation *, graph::SizeAttr size) {
  printSize(printer, size);
}

// Sizes in brackets, `[batch, 10]`.
mlir::ParseResult parseSizes(mlir::OpAsmParser &parser, mlir::ArrayAttr &sizes);
void printSizes(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr sizes);

// A number that is read back as the same one.
mlir::ParseResult parseDouble(mlir::AsmParser &parser, mlir::FloatAttr &value);
void printDouble(mlir::AsmPrinter &printer, mlir::FloatAttr value);

// Names in brackets, `[batch, seq]`.
mlir::ParseResult parseNames(mlir::OpAsmParser &parser, mlir::ArrayAttr &names);
void printNames(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr names);

// Named tensors in parentheses, `(x : f32[batch, 10] "features")`.
mlir::ParseResult parseTensors(mlir::OpAsmParser &parser, mlir::ArrayAttr &tensors);
void printTensors(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::ArrayAttr tensors);

// A buffer type without its mnemonic, `f32[64, 10]`.
mlir::ParseResult parseInlineBuffer(mlir::OpAsmParser &parser, mlir::TypeAttr &type);
void printInlineBuffer(mlir::OpAsmPrinter &printer, mlir::Operation *op, mlir::TypeAttr type);

// Initial values, `uniform(-1.0, 1.0)`, `constant(0.0)`.
mlir::ParseResult parseInit(mlir::OpAsmParser &parser, InitAttr &init);
void printInit(mlir::OpAsmPrinter &printer, mlir::Operation *op, InitAttr init);

} // namespace tenon::exec

#endif // TENON_DIALECTS_EXEC_SYNTAX_H
