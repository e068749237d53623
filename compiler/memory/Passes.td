// The passes of the exec phase.
#ifndef TENON_MEMORY_PASSES
#define TENON_MEMORY_PASSES

include "mlir/Pass/PassBase.td"

def OrderKernels : Pass<"tenon-order-kernels", "::mlir::ModuleOp"> {
  let summary = "orders launches so that little memory lives at once";
  let description = [{
    List scheduling: the kernel that frees most bytes, less those it takes, comes next; the earlier
    one in the program among equals. If the most bytes that live at once are fewer than in the
    order of the program, for the sizes in `graph.size_hints`, that is the new order; else nothing
    changes. A kernel that updates a parameter stays behind the readers of the old value.

    ```mlir
    %a = fuse.launch @k0(%x) ... // both large
    %b = fuse.launch @k0(%y) ...
    %s = fuse.launch @sum(%a) ... // small
    %t = fuse.launch @sum(%b) ...
    ```
    becomes
    ```mlir
    %a = fuse.launch @k0(%x) ...
    %s = fuse.launch @sum(%a) ...
    %b = fuse.launch @k0(%y) ...
    %t = fuse.launch @sum(%b) ...
    ```
  }];
}

def LowerToExec : Pass<"tenon-lower-to-exec", "::mlir::ModuleOp"> {
  let summary = "gives values memory: entries become lists of launches and copies over buffers";
  let description = [{
    Every result of a launch gets a buffer: the output it is returned as, the parameter it is
    written to, an operand's memory that dies there, or a place in the arena. A parameter is
    updated in place when nothing reads its old value later and the kernel reads each element only
    to write the same one; otherwise the new value is copied at the end of the entry.

    Kernels must have been emitted: their `fuse.func` carries `fuse.emitted` (the function),
    `fuse.tiles`, `fuse.grain` and `fuse.scratch` (sizes). The fuse.funcs are gone afterwards, and
    the emitted functions take their names.

    ```mlir
    graph.func @f(%x: !graph.tensor<f32[n]> {graph.name = "x"}) -> (!graph.tensor<f32[n]> {graph.name = "y"}) ... {
      %y = fuse.launch @k0(%x) [#graph.size<n>] : ...
      graph.return %y : !graph.tensor<f32[n]>
    }
    ```
    becomes
    ```mlir
    exec.entry function @f sizes [n] (x : f32[n]) -> (y : f32[n]) {
      %x = exec.input 0 : !exec.buffer<f32[n]>
      %y = exec.output 0 : !exec.buffer<f32[n]>
      exec.launch @k0(%x, %y) sizes [n] ...
    }
    ```
  }];
  let dependentDialects = ["::tenon::exec::ExecDialect"];
}

#endif
