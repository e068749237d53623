// The fuse dialect: one region, one kernel.
#ifndef TENON_FUSE_OPS
#define TENON_FUSE_OPS

include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

def Fuse_Dialect : Dialect {
  let name = "fuse";
  let cppNamespace = "::tenon::fuse";
  let summary = "Groups of tensor operations that run as one kernel";
  let description = [{
    Fusion puts ops that run together into `fuse.kernel` regions; outlining turns each into a
    `fuse.func` that equal kernels share, called by `fuse.launch`. The bodies hold the same tensor
    ops as before: what a kernel computes is always readable, and can be interpreted.

    The attribute `fuse.layout`, a `#fuse.layout`, says how a matrix lies in memory: of a
    declaration (`graph.param`, `graph.state`), and of an argument or result of a `fuse.func`. What
    has none is row-major.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

def Fuse_LayoutKind : I32EnumAttr<"LayoutKind", "how a matrix is cut into panels", [
    I32EnumAttrCase<"packed", 1>, I32EnumAttrCase<"packed_transposed", 2>]> {
  let cppNamespace = "::tenon::fuse";
  let genSpecializedAttr = 0;
}

def Fuse_LayoutAttr : AttrDef<Fuse_Dialect, "Layout"> {
  let mnemonic = "layout";
  let summary = "a matrix in panels: `#fuse.layout<packed 16>`";
  let description = [{
    A matrix [N, K] as panels of `lanes` rows, each column by column, `[ceil(N / lanes)][K][lanes]`:
    element (n, k) at `((n / lanes) * K + k) * lanes + n % lanes`. `packed_transposed` is the same
    of the transpose: panels of columns, `[ceil(K / lanes)][N][lanes]`. What the last panel has
    beyond the matrix is padding, which no result may depend on.

    (C1) `lanes` is a power of two from 4 to 64.
    As `fuse.layout` (C2) it belongs to a declaration or to an argument or result of a kernel, of
    two axes.
  }];
  let parameters = (ins EnumParameter<Fuse_LayoutKind>:$kind, "unsigned":$lanes);
  let assemblyFormat = "`<` $kind $lanes `>`";
  let genVerifyDecl = 1;
  let extraClassDeclaration = [{
    /// The axis that is cut into panels, along which `lanes` elements are neighbours.
    int64_t getCutAxis() const { return getKind() == LayoutKind::packed ? 0 : 1; }
  }];
}

def Fuse_Anchor : I32EnumAttr<"Anchor", "the schedule a kernel is built around", [
    I32EnumAttrCase<"pointwise", 0>, I32EnumAttrCase<"rows", 1>, I32EnumAttrCase<"columns", 2>,
    I32EnumAttrCase<"contract", 3>, I32EnumAttrCase<"multi_tensor", 4>,
    I32EnumAttrCase<"scatter", 5>]> {
  let cppNamespace = "::tenon::fuse";
}

class Fuse_Op<string mnemonic, list<Trait> traits = []> : Op<Fuse_Dialect, mnemonic, traits>;

def Fuse_KernelOp : Fuse_Op<"kernel", [IsolatedFromAbove, SingleBlock, Pure]> {
  let summary = "tensor operations that run as one kernel";
  let description = [{
    `pointwise`: elementwise ops over one shape. `rows`: reductions over trailing axes with what
    comes before and after. `columns`: reductions over leading axes. `contract`: one contraction
    with what follows it. `multi_tensor`: kernels of their own that do not read each other; their
    tiles are dealt out together, so that all of them cost one launch. `scatter`: one sum over
    places that are data.
    (C1) the block arguments have the operands' types. (C2) fuse.return gives the results.
    (C3) the body of `multi_tensor` has kernels and launches only, whose operands are block
    arguments; the bodies of the other anchors have neither.
    Example:
    ```mlir
    %y = fuse.kernel pointwise(%x) : (!graph.tensor<f32[batch]>) -> !graph.tensor<f32[batch]> {
    ^bb0(%a: !graph.tensor<f32[batch]>):
      %e = graph.exp %a : !graph.tensor<f32[batch]>
      fuse.return %e : !graph.tensor<f32[batch]>
    }
    ```
  }];
  let arguments = (ins EnumProp<Fuse_Anchor>:$anchor, Variadic<AnyType>:$inputs);
  let results = (outs Variadic<AnyType>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $anchor `` `(` $inputs `)` attr-dict `:` functional-type($inputs, $outputs) $body
  }];
  let hasVerifier = 1;
}

def Fuse_FuncOp : Fuse_Op<"func", [IsolatedFromAbove, SingleBlock, FunctionOpInterface]> {
  let summary = "a kernel shared by launches";
  let description = [{
    A kernel's memory arguments are its arguments, then its results; its sizes are the names that
    `graph.sizes` lists, in that order.
    Once it is emitted for a target, `fuse.emitted` names the function with its code, and
    `fuse.tiles`, `fuse.grain` and `fuse.scratch` (sizes over the kernel's names) say how to launch
    it: independent tiles, the least of them worth a thread, bytes of scratch per thread.
    `fuse.flops` and `fuse.bytes` (sizes too) are its work as profiles count it, `fuse.tile_bytes`
    says per memory argument that tile i touches only the bytes [n*i, n*i + n) of it, 0 if not.
    `fuse.layout` of an argument or result says how it lies in memory, row-major if absent.
    (C1) `graph.sizes` is set. (C2) fuse.return gives the results. (C3) as in fuse.kernel.
    Example:
    ```mlir
    fuse.func @k0(%x: !graph.tensor<f32[s0]>) -> !graph.tensor<f32[s0]>
        attributes {anchor = 0 : i32, graph.sizes = ["s0"]} {
      %y = graph.exp %x : !graph.tensor<f32[s0]>
      fuse.return %y : !graph.tensor<f32[s0]>
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       Fuse_Anchor:$anchor, OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    ::mlir::Region *getCallableRegion() { return &getBody(); }
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
  }];
}

def Fuse_ReturnOp : Fuse_Op<"return", [Pure, Terminator, ParentOneOf<["KernelOp", "FuncOp"]>]> {
  let summary = "the results of a kernel";
  let description = [{
    Example: `fuse.return %y : !graph.tensor<f32[batch]>`
  }];
  let arguments = (ins Variadic<AnyType>:$values);
  let assemblyFormat = "($values^ `:` qualified(type($values)))? attr-dict";
}

def Fuse_LaunchOp : Fuse_Op<"launch", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "runs a kernel";
  let description = [{
    `sizes` gives the kernel's size names their values over the caller's names. The kernel's random
    numbers are of sites relative to `site`, 32 bits.
    (C1) the kernel exists. (C2) there is one size per name. (C3) the types are the kernel's with
    the sizes put in.
    Example: `%y = fuse.launch @k0(%x) [#graph.size<batch>] : (!graph.tensor<f32[batch]>) -> !graph.tensor<f32[batch]>`
  }];
  let arguments = (ins FlatSymbolRefAttr:$kernel, ArrayAttr:$sizes, Variadic<AnyType>:$inputs,
                       DefaultValuedAttr<I32Attr, "0">:$site);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = [{
    $kernel `(` $inputs `)` $sizes attr-dict `:` functional-type($inputs, $outputs)
  }];
  let extraClassDeclaration = [{
    /// A size over the names of `kernel`, the function that is launched, as one over the caller's.
    /// Null stays null.
    ::tenon::graph::SizeAttr atLaunch(FuncOp kernel, ::tenon::graph::SizeAttr size);
  }];
}

#endif
