// Reductions: some axes folded by a monoid.
#ifndef TENON_GRAPH_OPS_REDUCE
#define TENON_GRAPH_OPS_REDUCE

include "dialects/graph/GraphOpBase.td"

class Graph_ReductionOp<string mnemonic, Type type, string function>
    : Graph_PureOp<mnemonic, "Reduction", !listconcat(
        [DeclareOpInterfaceMethods<Graph_ReductionInterface>, InferTypeOpAdaptor],
        Graph_Function<function, ["x", "over"]>.traits)> {
  let arguments = (ins type:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x $axes attr-dict `:` qualified(type($x))";
  let hasVerifier = 1;
  let extraClassDefinition = fusionDefinition # [{
    ::llvm::ArrayRef<int64_t> $cppClass::getReducedAxes() { return getAxes(); }
  }] # Graph_Function<function, ["x", "over"]>.definition;
}

def Graph_SumOp : Graph_ReductionOp<"sum", Graph_NumberTensor, "sum"> {
  let summary = "y = the sum over some axes";
  let description = [{
    (C1) axes are axes of x, ascending, at least one. (C2) y is x without them.
    The order of summation depends on sizes only. Nothing sums to 0.
    Gradient: dx = dy broadcast along the axes.
    Example: `%y = graph.sum %x [0] : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_ReduceMaxOp : Graph_ReductionOp<"reduce_max", Graph_NumberTensor, "max"> {
  let summary = "y = the largest element over some axes";
  let description = [{
    (C1) axes are axes of x, ascending, at least one. (C2) y is x without them.
    NaN if any element is NaN; nothing gives -inf (the least integer).
    Gradient: dy goes to the first largest element in row-major order of the axes; a NaN takes it.
    Example: `%y = graph.reduce_max %x [1] : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_ReduceMinOp : Graph_ReductionOp<"reduce_min", Graph_NumberTensor, "min"> {
  let summary = "y = the smallest element over some axes";
  let description = [{
    (C1) axes are axes of x, ascending, at least one. (C2) y is x without them.
    NaN if any element is NaN; nothing gives inf (the largest integer).
    Gradient: dy goes to the first smallest element in row-major order of the axes; a NaN takes it.
    Example: `%y = graph.reduce_min %x [1] : !graph.tensor<f32[batch, 4]>`
  }];
}

def Graph_ArgmaxOp : Graph_ReductionOp<"argmax", Graph_NumberTensor, "argmax"> {
  let summary = "y = the i32 position of the largest element over some axes";
  let description = [{
    (C1) axes are axes of x, ascending, at least one. (C2) y is x without them, of i32: the
    row-major position within the axes. The first of equal elements; the first NaN counts as
    largest. Nothing gives 2147483647.
    Gradient: none, the result is an integer.
    Example: `%y = graph.argmax %x [1] : !graph.tensor<f32[batch, 4]>`
  }];
}

#endif
