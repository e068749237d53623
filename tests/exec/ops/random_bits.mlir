// graph.random_bits: compiled code against the oracle's own Philox, at every place in vectors.
// RUN: tenon-check-ops %s --gradients apart --tolerance tensor

// Neighbours, aligned wherever a row is a multiple of four.
graph.func @linear(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %bits = graph.random_bits 3735928559 example <m> : !graph.tensor<i32[n, m]>
  %y = graph.max %x, %bits : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[n, m]>
}

// Row by row.
graph.func @rows(%x: !graph.tensor<i32[m]> {graph.name = "x"}, %z: !graph.tensor<f32[n]> {graph.name = "z"})
    -> (!graph.tensor<i32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %bits = graph.random_bits 5 example <0> : !graph.tensor<i32[n, m]>
  %xs = graph.broadcast %x [1] : !graph.tensor<i32[m]> -> !graph.tensor<i32[n, m]>
  %y = graph.max %xs, %bits : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[n, m]>
}

// Along an axis that is not the innermost, and through a reduction.
graph.func @transposed(%x: !graph.tensor<i32[m, n]> {graph.name = "x"})
    -> (!graph.tensor<i32[m, n]> {graph.name = "y"}, !graph.tensor<i32[n]> {graph.name = "top"}, !graph.tensor<i32[m]> {graph.name = "side"})
    attributes {graph.sizes = ["n", "m"]} {
  %bits = graph.random_bits 5 example <m> : !graph.tensor<i32[n, m]>
  %t = graph.transpose %bits [1, 0] : !graph.tensor<i32[n, m]>
  %y = graph.max %x, %t : !graph.tensor<i32[m, n]>
  %top = graph.reduce_max %y [0] : !graph.tensor<i32[m, n]>
  %side = graph.reduce_max %y [1] : !graph.tensor<i32[m, n]>
  graph.return %y, %top, %side : !graph.tensor<i32[m, n]>, !graph.tensor<i32[n]>, !graph.tensor<i32[m]>
}

// The same site twice is the same bits; another site is not.
graph.func @sites(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "zero"}, !graph.tensor<i32[n]> {graph.name = "other"}) attributes {graph.sizes = ["n"]} {
  %a = graph.random_bits 4294967295 example <1> : !graph.tensor<i32[n]>
  %b = graph.random_bits 4294967295 example <1> : !graph.tensor<i32[n]>
  %c = graph.random_bits 0 example <1> : !graph.tensor<i32[n]>
  %zero = graph.sub %a, %b : !graph.tensor<i32[n]>
  %other = graph.sub %a, %c : !graph.tensor<i32[n]>
  graph.return %zero, %other : !graph.tensor<i32[n]>, !graph.tensor<i32[n]>
}

// In the epilogue of a contraction, and under another shape.
graph.func @epilogue(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"}, %w: !graph.tensor<f32[m, 3]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %p = graph.contract %x [0, 1], %w [2, 1] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[m, 3]>
  %bits = graph.random_bits 5 example <0> : !graph.tensor<i32[m*n]>
  %square = graph.reshape %bits : !graph.tensor<i32[m*n]> -> !graph.tensor<i32[n, m]>
  %zero = graph.constant 0 : i32 -> !graph.tensor<i32[n, m]>
  %keep = graph.compare lt %square, %zero : !graph.tensor<i32[n, m]>
  %none = graph.constant 0.0 : f32 -> !graph.tensor<f32[n, m]>
  %y = graph.select %keep, %p, %none : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

// One number.
graph.func @scalar(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %bits = graph.random_bits 5 example <0> : !graph.tensor<i32>
  %all = graph.broadcast %bits [] : !graph.tensor<i32> -> !graph.tensor<i32[n]>
  %y = graph.max %x, %all : !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}
