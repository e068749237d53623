// Sources and changes of shape.
#ifndef TENON_GRAPH_OPS_SHAPE
#define TENON_GRAPH_OPS_SHAPE

include "dialects/graph/GraphOpBase.td"

// ---- Sources --------------------------------------------------------------------------------

def Graph_ConstantOp : Graph_PureOp<"constant", "Source", [ConstantLike]> {
  let summary = "a constant: one number in every element";
  let description = [{
    (C1) the value has the element type of y.
    Gradient: it has no operand.
    Example: `%y = graph.constant 1.0 : f32 -> !graph.tensor<f32[batch]>`
  }];
  let arguments = (ins TypedAttrInterface:$value);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$value attr-dict `->` qualified(type($y))";
  let hasFolder = 1;
  let hasVerifier = 1;
}

def Graph_IotaOp : Graph_PureOp<"iota", "Source"> {
  let summary = "y = the index along one axis";
  let description = [{
    (C1) axis is an axis of y. (C2) y has i32 or i64 elements.
    Gradient: it has no operand.
    Example: `%y = graph.iota 1 : !graph.tensor<i32[batch, 4]>`
  }];
  let arguments = (ins I64Attr:$axis);
  let results = (outs Graph_IndexTensor:$y);
  let assemblyFormat = "$axis attr-dict `:` qualified(type($y))";
  let hasVerifier = 1;
}

def Graph_SizeOp : Graph_PureOp<"size", "Source"> {
  let summary = "a size as a scalar";
  let description = [{
    (C1) y has rank 0 and a numeric element type; the size is converted to it.
    Gradient: it has no operand.
    Example: `%n = graph.size <4*batch> : !graph.tensor<f32>`
  }];
  let arguments = (ins Graph_SizeAttr:$size);
  let results = (outs Graph_NumberTensor:$y);
  let assemblyFormat = "$size attr-dict `:` qualified(type($y))";
  let hasVerifier = 1;
}

// ---- Shape ----------------------------------------------------------------------------------

def Graph_BroadcastOp : Graph_PureOp<"broadcast", "IndexMap",
    [DeclareOpInterfaceMethods<Graph_IndexMapInterface>]> {
  let summary = "y repeats x along new axes";
  let description = [{
    (C1) axes, ascending, gives for each axis of x the axis of y it becomes. (C2) these have equal
    sizes. (C3) x and y have one element type.
    Gradient: dx = dy summed over the new axes.
    Example: `%y = graph.broadcast %x [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[batch, 4]>`
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x $axes attr-dict `:` qualified(type($x)) `->` qualified(type($y))";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_ReshapeOp : Graph_PureOp<"reshape", "View"> {
  let summary = "y has the elements of x, in row-major order, under another shape";
  let description = [{
    (C1) x and y have provably the same number of elements. (C2) and one element type.
    Gradient: dx = dy reshaped back.
    Example: `%y = graph.reshape %x : !graph.tensor<f32[batch, 1]> -> !graph.tensor<f32[batch]>`
  }];
  let arguments = (ins Graph_Tensor:$x);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x attr-dict `:` qualified(type($x)) `->` qualified(type($y))";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_TransposeOp : Graph_PureOp<"transpose", "IndexMap",
    [DeclareOpInterfaceMethods<Graph_IndexMapInterface>, InferTypeOpAdaptor]> {
  let summary = "y has the axes of x in another order";
  let description = [{
    (C1) permutation is one of the axes of x: axis i of y is axis permutation[i] of x.
    Gradient: dx = dy transposed by the inverse.
    Example: `%y = graph.transpose %x [1, 0] : !graph.tensor<f32[batch, 4]>`
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$permutation);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x $permutation attr-dict `:` qualified(type($x))";
  let hasFolder = 1;
}

#endif
