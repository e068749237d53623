// The pass: declarations, then entries, then the kernels take over the names of their functions.
#include "compiler/memory/Lowering.h"
#include "compiler/memory/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

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
    nameKernels(symbols);
  }

  void nameKernels(SymbolTable &symbols) {
    llvm::DenseMap<Attribute, StringAttr> renamed;
    for (auto kernel : llvm::make_early_inc_range(getOperation().getOps<fuse::FuncOp>())) {
      auto emitted = kernel->getAttrOfType<FlatSymbolRefAttr>(fuse::kEmittedAttrName);
      StringAttr name = kernel.getSymNameAttr();
      Operation *function = emitted ? symbols.lookup(emitted.getAttr()) : nullptr;
      kernel.erase();
      if (!function)
        continue;
      SymbolTable::setSymbolName(function, name);
      renamed[emitted] = name;
    }
    getOperation().walk([&](func::CallOp call) { // from a kernel to its members
      if (StringAttr name = renamed.lookup(call.getCalleeAttr()))
        call.setCallee(name);
    });
  }
};

} // namespace
