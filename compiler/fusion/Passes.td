// The passes of the fuse phase.
#ifndef TENON_FUSION_PASSES
#define TENON_FUSION_PASSES

include "mlir/Pass/PassBase.td"

def SplitReductions : Pass<"tenon-split-reductions", "::tenon::graph::FuncOp"> {
  let summary = "reduces large tensors to one number in two steps";
  let description = [{
    A kernel that reduces to one number has one tile, so one thread. A sum, largest or smallest
    element over all axes of a tensor with long rows is taken of each row first, then of the rows'
    results. Only shapes decide, and at every level of optimisation, since the order of a sum must
    depend on sizes only.

    ```mlir
    %s = graph.sum %x [0, 1] : !graph.tensor<f32[n, 784]>
    ```
    becomes
    ```mlir
    %r = graph.sum %x [1] : !graph.tensor<f32[n, 784]>
    %s = graph.sum %r [0] : !graph.tensor<f32[n]>
    ```
  }];
}

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

def SplitKernels : Pass<"tenon-split-kernels", "::tenon::graph::FuncOp"> {
  let summary = "undoes joins that the cost model finds slower than two kernels";
  let description = [{
    What a reduction folds is computed in the reduction, in lanes along the innermost axis. Where that
    is short and the arithmetic costs much, a kernel of its own, which has no empty lanes, is faster
    although its result goes through memory. The elementwise ops of the whole shape that depend on
    no reduction are split off if the model finds that both kernels take less than nine tenths of the one.

    ```mlir
    %s = fuse.kernel rows(%x) : (!graph.tensor<f32[4096, 3]>) -> !graph.tensor<f32[4096]> { tanh, sum }
    ```
    becomes
    ```mlir
    %t = fuse.kernel pointwise(%x) : ... { tanh }
    %s = fuse.kernel rows(%t) : ... { sum }
    ```
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "LLVM's name of the processor">
  ];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

def InlineProducers : Pass<"tenon-inline-producers", "::tenon::graph::FuncOp"> {
  let summary = "computes pointwise kernels again where they are read, if that is faster";
  let description = [{
    A pointwise kernel whose results only other kernels read, element by element, is copied into all
    of them and disappears, if the cost model finds that what it moves and its launch take longer
    than the arithmetic done more often. The kernel that saves most goes first. What costs more than
    16 operations an element is not computed twice; nothing is kept in memory longer for it.

    A contraction computes an operand while it packs it, once for each block of rows or columns that
    meets it, if the number of its rows is expected to be more than one.

    ```mlir
    %a = fuse.kernel pointwise() : () -> !graph.tensor<f32> { ... 1 / batch ... }
    %b = fuse.kernel pointwise(%x, %a) : ... { ... }
    ```
    becomes
    ```mlir
    %b = fuse.kernel pointwise(%x) : ... { ... 1 / batch ... }
    ```
  }];
  let options = [
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "LLVM's name of the processor">
  ];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

def MergeKernels : Pass<"tenon-merge-kernels", "::tenon::graph::FuncOp"> {
  let summary = "puts small kernels that do not depend on each other into one launch";
  let description = [{
    Kernels that the cost model finds small are put into one `multi_tensor` kernel where no path
    leads from one to the other: the scalars of a step, the updates of an optimizer, what the
    backward pass computes from one value. A kernel that updates a parameter or state stays after
    those that read the old value, so that it works in place. Merging is given up where it would
    raise the peak of the entry's temporaries.

    ```mlir
    %a = fuse.kernel pointwise(%x) : ... { ... }
    %b = fuse.kernel rows(%y) : ... { ... }
    ```
    becomes
    ```mlir
    %m:2 = fuse.kernel multi_tensor(%x, %y) : ... {
    ^bb0(%0: !graph.tensor<f32[n]>, %1: !graph.tensor<f32[n, 4]>):
      %a = fuse.kernel pointwise(%0) : ... { ... }
      %b = fuse.kernel rows(%1) : ... { ... }
      fuse.return %a, %b : ...
    }
    ```
  }];
  let options = [
    Option<"merge", "merge", "bool", /*default=*/"true", "false: leave kernels alone">,
    Option<"cpu", "cpu", "std::string", /*default=*/"\"x86-64-v3\"", "LLVM's name of the processor">
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
    are not one. Pointwise kernels of vectors and reductions of columns that differ in numbers only are
    one too: the numbers become sizes that the launch gives.
  }];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

def ChooseLayouts : Pass<"tenon-choose-layouts", "::mlir::ModuleOp"> {
  let summary = "decides which parameters lie in panels";
  let description = [{
    A parameter that contractions read as a matrix of weights gets the attribute `fuse.layout`, and
    so do the states that belong to it: those of its type named `SLOT.PATH`, as the optimizer's
    are. Runs before kernels are formed, and looks at no target, so that all variants of an artifact
    agree. `ChooseLayouts.cpp` says what is weighed.

    ```mlir
    graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)>
    ```
    becomes
    ```mlir
    graph.param @w : !graph.tensor<f32[128, 64]> = <uniform(-0.1, 0.1)> {fuse.layout = #fuse.layout<packed 16>}
    ```
  }];
  let options = [
    Option<"layouts", "layouts", "std::string", /*default=*/"\"auto\"",
           "auto: what pays; packed or packed-transposed: whatever can be; row-major: nothing">,
    Option<"lanes", "lanes", "unsigned", /*default=*/"16", "of a panel">
  ];
  let dependentDialects = ["::tenon::fuse::FuseDialect"];
}

def AssignLayouts : Pass<"tenon-assign-layouts", "::mlir::ModuleOp"> {
  let summary = "tells kernels the layouts of their arguments and results";
  let description = [{
    Arguments that are the value of a declaration with a `fuse.layout`, and results that are written
    to one, get the same attribute. A kernel that launches give different layouts is copied.

    ```mlir
    %w = graph.read @w : !graph.tensor<f32[128, 64]>
    %y = fuse.launch @k0(%w) [] : (!graph.tensor<f32[128, 64]>) -> !graph.tensor<f32[128, 64]>
    ```
    makes `@k0` a function of
    ```mlir
    %w: !graph.tensor<f32[128, 64]> {fuse.layout = #fuse.layout<packed 16>}
    ```
  }];
}

#endif
