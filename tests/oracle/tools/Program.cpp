#include "tests/oracle/tools/Program.h"
#include "frontends/dsl/Compile.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace tenon::oracle {

mlir::OwningOpRef<mlir::ModuleOp> readProgram(StringRef path, mlir::MLIRContext &context) {
  if (path.ends_with(".mlir"))
    return readModule(path, context);
  auto text = MemoryBuffer::getFile(path);
  if (!text) {
    errs() << path << ": " << text.getError().message() << '\n';
    return {};
  }
  dsl::DiagnosticEngine diagnostics;
  const dsl::SourceFile &source =
      diagnostics.addSource(path.str(), (*text)->getBuffer().str());
  auto module = dsl::compileToGraph(context, source, {}, diagnostics);
  diagnostics.render(errs());
  return module;
}

} // namespace tenon::oracle
