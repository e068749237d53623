// Results may take the memory of what they are computed from only where no element is read after it
// was overwritten. Between two contractions, so that everything lives in the arena.
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=5
// RUN: tenon-check-ops %s --values plain --gradients apart --tolerance tensor --size n=37

// An element of y reads another element of t.
graph.func @transposed(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %m = graph.neg %t : !graph.tensor<f32[n, n]>
  %turned = graph.transpose %m [1, 0] : !graph.tensor<f32[n, n]>
  %y = graph.add %turned, %t : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// Every element of a row of y reads all of the row of t.
graph.func @rows(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %e = graph.tanh %t : !graph.tensor<f32[n, n]>
  %s = graph.sum %e [1] : !graph.tensor<f32[n, n]>
  %ss = graph.broadcast %s [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %y = graph.sub %t, %ss : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

graph.func @columns(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %e = graph.tanh %t : !graph.tensor<f32[n, n]>
  %s = graph.sum %e [0] : !graph.tensor<f32[n, n]>
  %ss = graph.broadcast %s [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %y = graph.sub %t, %ss : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// The sum along the rows is read along the columns.
graph.func @rows_across(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %s = graph.sum %t [1] : !graph.tensor<f32[n, n]>
  %ss = graph.broadcast %s [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %y = graph.sub %t, %ss : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// t is read again after something took its place.
graph.func @read_later(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %m = graph.neg %t : !graph.tensor<f32[n, n]>
  %e = graph.tanh %m : !graph.tensor<f32[n, n]>
  %turned = graph.transpose %t [1, 0] : !graph.tensor<f32[n, n]>
  %y = graph.mul %e, %turned : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// One kernel with several results over the same operand.
graph.func @several(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %p = graph.neg %t : !graph.tensor<f32[n, n]>
  %q = graph.abs %t : !graph.tensor<f32[n, n]>
  %r = graph.reduce_max %p [1] : !graph.tensor<f32[n, n]>
  %rr = graph.broadcast %r [0] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %u = graph.mul %p, %q : !graph.tensor<f32[n, n]>
  %y = graph.add %u, %rr : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// A contraction of a temporary with itself.
graph.func @squared(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %e = graph.tanh %t : !graph.tensor<f32[n, n]>
  %y = graph.contract %e [0, 1], %e [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// The same memory under another shape.
graph.func @reshaped(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %m = graph.neg %t : !graph.tensor<f32[n, n]>
  %flat = graph.reshape %m : !graph.tensor<f32[n, n]> -> !graph.tensor<f32[n*n]>
  %e = graph.tanh %flat : !graph.tensor<f32[n*n]>
  %square = graph.reshape %e : !graph.tensor<f32[n*n]> -> !graph.tensor<f32[n, n]>
  %y = graph.add %square, %m : !graph.tensor<f32[n, n]>
  %z = graph.contract %y [0, 1], %a [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}

// Kernels of one launch that read the same memory: neither result may take it.
graph.func @members(%a: !graph.tensor<f32[n, n]> {graph.name = "a"}, %b: !graph.tensor<f32[n, n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, n]> {graph.name = "z"}) attributes {graph.sizes = ["n"]} {
  %t = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %s = graph.sum %t [0] : !graph.tensor<f32[n, n]>
  %y = graph.tanh %t : !graph.tensor<f32[n, n]>
  %r = graph.reshape %y : !graph.tensor<f32[n, n]> -> !graph.tensor<f32[n*n]>
  %m = graph.neg %r : !graph.tensor<f32[n*n]>
  %k = graph.reshape %m : !graph.tensor<f32[n*n]> -> !graph.tensor<f32[n, n]>
  %c = graph.contract %b [0, 1], %k [1, 2] -> [0, 2] : !graph.tensor<f32[n, n]>, !graph.tensor<f32[n, n]>
  %ss = graph.broadcast %s [1] : !graph.tensor<f32[n]> -> !graph.tensor<f32[n, n]>
  %z = graph.add %c, %ss : !graph.tensor<f32[n, n]>
  graph.return %z : !graph.tensor<f32[n, n]>
}
