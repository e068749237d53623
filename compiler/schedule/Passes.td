// The pass of the schedule phase.
#ifndef TENON_SCHEDULE_PASSES
#define TENON_SCHEDULE_PASSES

include "mlir/Pass/PassBase.td"

def EmitKernels : Pass<"tenon-emit-kernels", "::mlir::ModuleOp"> {
  let summary = "emits the code of every kernel for one processor";
  let description = [{
    Next to each `fuse.func @k0` a `func.func @k0.cpu` appears, a loop nest over memory with the
    interface of runtime/schema/KernelAbi.h. The fuse.func stays as the kernel's meaning and tells
    how to launch it: `fuse.emitted`, `fuse.tiles`, `fuse.grain`, `fuse.scratch`.
    A `multi_tensor` kernel calls the functions of its members, which stand before it; those that
    nothing else launches become private.
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "LLVM's name of the processor">
  ];
  let dependentDialects = ["::mlir::func::FuncDialect"];
}

#endif
