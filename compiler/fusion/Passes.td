// The passes of the fuse phase.
#ifndef TENON_FUSION_PASSES
#define TENON_FUSION_PASSES

include "mlir/Pass/PassBase.td"

def FormKernels : Pass<"tenon-form-kernels", "::tenon::graph::FuncOp"> {
  let summary = "groups the tensor ops of an entry into kernels";
  let description = [{
    Every op goes into one `fuse.kernel`, around an anchor: the ops that decide a schedule are
    contractions and reductions, the others follow their producer when the table in Legality.cpp
    allows it. Sources, broadcasts and transposes are cheap and cloned into every kernel that uses
    them. Reshapes stay outside: they only rename memory.

    ```mlir
    %a = graph.exp %x : !graph.tensor<f32[n]>
    %b = graph.neg %a : !graph.tensor<f32[n]>
    ```
    becomes
    ```mlir
    %b = fuse.kernel pointwise(%x) : (!graph.tensor<f32[n]>) -> !graph.tensor<f32[n]> {
    ^bb0(%0: !graph.tensor<f32[n]>):
      %a = graph.exp %0 : !graph.tensor<f32[n]>
      %c = graph.neg %a : !graph.tensor<f32[n]>
      fuse.return %c : !graph.tensor<f32[n]>
    }
    ```
  }];
  let options = [
    Option<"fuse", "fuse", "bool", /*default=*/"true", "false: one op per kernel">
  ];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

def OutlineKernels : Pass<"tenon-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "turns kernels into functions that equal kernels share";
  let description = [{
    Each `fuse.kernel` becomes a `fuse.launch` of a `fuse.func`. Size names are renamed to s0, s1,
    ... in order of appearance, so that kernels which differ only in the names of their sizes, or
    in the parameters they are given, are one. Functions are named k0, k1, ... in program order.
    The entry's `graph.size_hints` come along under the new names; kernels that expect other sizes
    are not one.
  }];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

#endif
