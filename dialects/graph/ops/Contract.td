// Contraction: sums of products over labelled axes.
#ifndef TENON_GRAPH_OPS_CONTRACT
#define TENON_GRAPH_OPS_CONTRACT

include "dialects/graph/GraphOpBase.td"

def Graph_ContractOp : Graph_PureOp<"contract", "Contraction", [InferTypeOpAdaptor]> {
  let summary = "y[out] = the sum of a[lhs] * b[rhs] over the labels missing in out";
  let description = [{
    `lhs`, `rhs` and `out` label the axes of a, b and y.
    (C1) one label per axis, no label twice in a list. (C2) a label has one size wherever it
    stands. (C3) every label of out stands in lhs or rhs. (C4) a label missing in out stands in
    both. (C5) a and b have one element type, a float; y has it too.
    Products are accumulated in the element type; the order depends on sizes only.
    Gradient: da = contract(dy, b), db = contract(dy, a) with the labels exchanged.
    Example: `%y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[batch, 10]>, !graph.tensor<f32[100, 10]>`
  }];
  let arguments = (ins Graph_FloatTensor:$a, Graph_FloatTensor:$b, DenseI64ArrayAttr:$lhs,
                       DenseI64ArrayAttr:$rhs, DenseI64ArrayAttr:$out);
  let results = (outs Graph_FloatTensor:$y);
  let assemblyFormat = [{
    $a $lhs `,` $b $rhs `->` $out attr-dict `:` qualified(type($a)) `,` qualified(type($b))
  }];
}

#endif
