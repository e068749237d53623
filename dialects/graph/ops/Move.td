// Moves: elements taken from elsewhere, by computed indices or by indices that are data.
#ifndef TENON_GRAPH_OPS_MOVE
#define TENON_GRAPH_OPS_MOVE

include "dialects/graph/GraphOpBase.td"

def Graph_SizeList : TypedArrayAttrBase<Graph_SizeAttr, "sizes">;

class Graph_MoveOp<string mnemonic, list<Trait> traits = []>
    : Graph_PureOp<mnemonic, "Move", !listconcat([DeclareOpInterfaceMethods<Graph_MoveInterface>], traits)>;

def Graph_SliceOp : Graph_MoveOp<"slice"> {
  let summary = "y is the block of x that begins at some index";
  let description = [{
    y[i, j, …] = x[i + starts[0], j + starts[1], …].
    (C1) one start per axis, x and y have one rank and element type. (C2) no start is negative.
    (C3) start plus the size of y is at most the size of x. C2 and C3 are verified where these are
    numbers; for sizes known at run time the program says so by graph.require.
    Gradient: dx = dy padded with 0 to the size of x.
    Example: `%y = graph.slice %x [0, 2*n] : !graph.tensor<f32[4, 3*n]> -> !graph.tensor<f32[2, n]>`
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_SizeList:$starts);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = [{
    $x custom<SizeList>($starts) attr-dict `:` qualified(type($x)) `->` qualified(type($y))
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_PadOp : Graph_MoveOp<"pad"> {
  let summary = "y holds x from some index on, and 0 around it";
  let description = [{
    y[i + low[0], j + low[1], …] = x[i, j, …]; every other element is 0, or false.
    (C1) one low per axis, x and y have one rank and element type. (C2) no low is negative. (C3) low
    plus the size of x is at most the size of y. C2 and C3 are verified where these are numbers; for
    sizes known at run time the program says so by graph.require.
    Gradient: dx = the block of dy where x is.
    Example: `%y = graph.pad %x [0, 1] : !graph.tensor<f32[n, 4]> -> !graph.tensor<f32[n, 6]>`
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_SizeList:$low);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = [{
    $x custom<SizeList>($low) attr-dict `:` qualified(type($x)) `->` qualified(type($y))
  }];
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Graph_ConcatOp : Graph_MoveOp<"concat", [InferTypeOpAdaptor]> {
  let summary = "y is the operands one after the other along an axis";
  let description = [{
    (C1) at least one operand, all of one element type and rank. (C2) axis is an axis of them.
    (C3) their sizes agree on every other axis; on axis, that of y is the sum.
    Gradient: dx of each operand is its block of dy.
    Example: `%y = graph.concat %a, %b axis 1 : !graph.tensor<f32[n, 4]>, !graph.tensor<f32[n, 2]>`
  }];
  let arguments = (ins Variadic<Graph_Tensor>:$inputs, I64Attr:$axis);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$inputs `axis` $axis attr-dict `:` qualified(type($inputs))";
  let hasFolder = 1;
}

def Graph_ReverseOp : Graph_MoveOp<"reverse", [InferTypeOpAdaptor]> {
  let summary = "y is x backwards along some axes";
  let description = [{
    (C1) axes are axes of x, ascending, at least one.
    Gradient: dx = dy backwards along the axes.
    Example: `%y = graph.reverse %x [0] : !graph.tensor<f32[n, 4]>`
  }];
  let arguments = (ins Graph_Tensor:$x, DenseI64ArrayAttr:$axes);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x $axes attr-dict `:` qualified(type($x))";
  let hasFolder = 1;
}

def Graph_GatherOp : Graph_MoveOp<"gather", [InferTypeOpAdaptor]> {
  let summary = "y holds the elements of x, or the blocks of them, that ids names along an axis";
  let description = [{
    y[b…, k…, d…] = x[b…, ids[b…, k…], d…]: ids has the axes of x before `axis`, then any others;
    these replace the axis, and the axes of x after it follow.
    (C1) axis is an axis of x. (C2) the first `axis` sizes of ids are those of x. (C3) ids has i32 or
    i64 elements.
    An index below 0, or not below the size of the axis, reads 0, and the call of the entry fails
    with an error that names it. Nothing outside x is ever read.
    Gradient: dx = graph.scatter_add of dy; ids has none, it is an integer.
    Example: `%y = graph.gather %x, %ids axis 0 : !graph.tensor<f32[100, 8]>, !graph.tensor<i32[n]>`
  }];
  let arguments = (ins Graph_Tensor:$x, Graph_IndexTensor:$ids, I64Attr:$axis);
  let results = (outs Graph_Tensor:$y);
  let assemblyFormat = "$x `,` $ids `axis` $axis attr-dict `:` qualified(type($x)) `,` qualified(type($ids))";
}

def Graph_ScatterAddOp : Graph_PureOp<"scatter_add", "Scatter",
    [DeclareOpInterfaceMethods<Graph_ScatterInterface>]> {
  let summary = "y adds up the elements of x, or the blocks of them, that ids sends to each place of an axis";
  let description = [{
    y[b…, v, d…] = the sum of x[b…, k…, d…] over all k… with ids[b…, k…] = v; 0 where there is none.
    The adjoint of graph.gather.
    (C1) axis is an axis of y. (C2) ids has the sizes of y before `axis`, then others; x has those of
    ids, then those of y after the axis. (C3) x and y have one element type, numbers. (C4) ids has
    i32 or i64 elements.
    The terms of a place are added in the row-major order of k…, at any number of threads. An index
    out of range is left out, and the call of the entry fails with an error that names it.
    Gradient: dx = graph.gather of dy by ids; ids has none, it is an integer.
    Example: `%y = graph.scatter_add %x, %ids axis 0 : !graph.tensor<f32[n, 8]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[100, 8]>`
  }];
  let arguments = (ins Graph_NumberTensor:$x, Graph_IndexTensor:$ids, I64Attr:$axis);
  let results = (outs Graph_NumberTensor:$y);
  let assemblyFormat = [{
    $x `,` $ids `axis` $axis attr-dict `:` qualified(type($x)) `,` qualified(type($ids)) `->`
    qualified(type($y))
  }];
  let hasVerifier = 1;
}

#endif
