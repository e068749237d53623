// Random numbers: a function of seed, step, site and position, without state.
#ifndef TENON_GRAPH_OPS_RANDOM
#define TENON_GRAPH_OPS_RANDOM

include "dialects/graph/GraphOpBase.td"

def Graph_RandomBitsOp : Graph_PureOp<"random_bits", "Source"> {
  let summary = "32 random bits in every element: Philox4x32-10 of seed, step, site and element";
  let description = [{
    Philox4x32-10 (Salmon et al., SC'11) with the seed as key and the counter (element / 4 as 64
    bits, low word first; the low 32 bits of the step; site); the element's bits are word
    element % 4. `element` is the row-major position in y plus `example` times the step's
    example_offset: `example` is the number of elements that belong to one example of the batch,
    which stands outermost in y, or 0 if y has no batch axis. So the rows of a batch have the same
    bits however it is cut into micro-batches.
    Two ops of one site and type are equal in all elements: forward, backward and recomputation see
    the same bits, and an op is cheaper to repeat in a kernel (ten rounds of two multiplications for
    four elements) than its result is to store.
    Within a `fuse.func`, `site` is relative to the site of the launch, modulo 2^32.
    (C1) site is in [0, 2^32). (C2) y has i32 elements. (C3) example is 0 or divides the number of
    elements of y.
    Gradient: it has no operand.
    Example: `%y = graph.random_bits 1234 example <10> : !graph.tensor<i32[batch, 10]>`
  }];
  let arguments = (ins I64Attr:$site, Graph_SizeAttr:$example);
  let results = (outs Graph_I32Tensor:$y);
  let assemblyFormat = "$site `example` $example attr-dict `:` qualified(type($y))";
  let hasVerifier = 1;
}

#endif
