// The pass: declarations, then entries, then the kernels take over the names of their functions.
#include "compiler/memory/Lowering.h"
#include "compiler/memory/Passes.h"

namespace tenon::memory {
#define GEN_PASS_DEF_LOWERTOEXEC
#include "compiler/memory/Passes.h.inc"
} // namespace tenon::memory

using namespace mlir;
using namespace tenon;

namespace {

struct LowerToExec : memory::impl::LowerToExecBase<LowerToExec> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    SymbolTable symbols(module);
    for (auto function : llvm::make_early_inc_range(module.getOps<graph::FuncOp>()))
      if (failed(memory::lowerEntry(function, symbols)))
        return signalPassFailure();
    if (failed(memory::lowerDeclarations(module)))
      return signalPassFailure();
    for (auto kernel : llvm::make_early_inc_range(module.getOps<fuse::FuncOp>())) {
      auto emitted = kernel->getAttrOfType<FlatSymbolRefAttr>("fuse.emitted");
      StringAttr name = kernel.getSymNameAttr();
      Operation *function = emitted ? symbols.lookup(emitted.getAttr()) : nullptr;
      kernel.erase();
      if (function)
        SymbolTable::setSymbolName(function, name);
    }
  }
};

} // namespace
