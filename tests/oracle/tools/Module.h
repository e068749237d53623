// What the tools of the oracle share: the command line, reading a module and writing tensors as text.
#ifndef TENON_TESTS_ORACLE_TOOLS_MODULE_H
#define TENON_TESTS_ORACLE_TOOLS_MODULE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "tests/oracle/Interpreter.h"

namespace mlir {
class DialectRegistry;
}

namespace tenon::oracle {

/// From now on --help shows no options of LLVM's libraries; to be called before the tool's own are
/// made.
void hideLibraryOptions();

/// Parses and verifies the module of a .mlir file; complains on stderr and returns null.
mlir::OwningOpRef<mlir::ModuleOp> readModule(llvm::StringRef path, mlir::MLIRContext &context);

/// Values of size names from texts `name=value`; an error for anything else.
llvm::Expected<Sizes> parseSizes(llvm::ArrayRef<std::string> texts);

/// Elements from `1,-0.0,inf,nan`; as many as the shape has, or one for all.
llvm::Expected<Tensor> parseTensor(llvm::StringRef text, Element element, Shape shape);

/// `f32[2, 2] = 1, -0, inf, nan`.
std::string toText(const Tensor &tensor);

} // namespace tenon::oracle

#endif
