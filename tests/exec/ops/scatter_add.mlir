// graph.scatter_add: compiled code against the interpreter, gradients against finite differences.
// Sums are of whole tensors, so that terms which cancel do not count against them.
// RUN: tenon-check-ops %s --values plain,positive --tolerance tensor --gradients apart

graph.func @rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[101, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[101, m]>
  graph.return %y : !graph.tensor<f32[101, m]>
}

graph.func @elements(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[101]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[n]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[101]>
  graph.return %y : !graph.tensor<f32[101]>
}

graph.func @matrix_of_ids(%x: !graph.tensor<f32[n, m, 5]> {graph.name = "x"}, %ids: !graph.tensor<i64[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[101, 5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n, m]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[n, m, 5]>, !graph.tensor<i64[n, m]> -> !graph.tensor<f32[101, 5]>
  graph.return %y : !graph.tensor<f32[101, 5]>
}

graph.func @one_id(%x: !graph.tensor<f32[m]> {graph.name = "x"}, %id: !graph.tensor<i32> {graph.name = "id"})
    -> (!graph.tensor<f32[101, m]> {graph.name = "y"}) attributes {graph.sizes = ["m"]} {
  %k = graph.abs %id : !graph.tensor<i32>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[m]>, !graph.tensor<i32> -> !graph.tensor<f32[101, m]>
  graph.return %y : !graph.tensor<f32[101, m]>
}

graph.func @in_each_row(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 101]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %k axis 1 : !graph.tensor<f32[n]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[n, 101]>
  graph.return %y : !graph.tensor<f32[n, 101]>
}

graph.func @batched_rows(%x: !graph.tensor<f32[n, m, 3]> {graph.name = "x"}, %ids: !graph.tensor<i32[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, 101, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n, m]>
  %y = graph.scatter_add %x, %k axis 1 : !graph.tensor<f32[n, m, 3]>, !graph.tensor<i32[n, m]> -> !graph.tensor<f32[n, 101, 3]>
  graph.return %y : !graph.tensor<f32[n, 101, 3]>
}

graph.func @blocks(%x: !graph.tensor<f32[n, 3, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[101, 3, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[n, 3, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[101, 3, m]>
  graph.return %y : !graph.tensor<f32[101, 3, m]>
}

graph.func @all_to_one(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[1, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %z = graph.constant 0 : i32 -> !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %z axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[1, m]>
  graph.return %y : !graph.tensor<f32[1, m]>
}

graph.func @two_rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[2, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %i = graph.iota 0 : !graph.tensor<i32[n]>
  %o = graph.constant 1 : i32 -> !graph.tensor<i32[n]>
  %k = graph.min %i, %o : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[2, m]>
  graph.return %y : !graph.tensor<f32[2, m]>
}

graph.func @backwards(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %i = graph.iota 0 : !graph.tensor<i32[n]>
  %r = graph.reverse %i [0] : !graph.tensor<i32[n]>
  %y = graph.scatter_add %x, %r axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @between(%x: !graph.tensor<f32[n, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[101, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %t = graph.tanh %x : !graph.tensor<f32[n, m]>
  %s = graph.scatter_add %t, %k axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]> -> !graph.tensor<f32[101, m]>
  %y = graph.mul %s, %s : !graph.tensor<f32[101, m]>
  graph.return %y : !graph.tensor<f32[101, m]>
}

graph.func @f64(%x: !graph.tensor<f64[n, 3]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<f64[101, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<f64[n, 3]>, !graph.tensor<i64[n]> -> !graph.tensor<f64[101, 3]>
  graph.return %y : !graph.tensor<f64[101, 3]>
}

graph.func @i32(%x: !graph.tensor<i32[n, 3]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<i32[101, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<i32[n, 3]>, !graph.tensor<i64[n]> -> !graph.tensor<i32[101, 3]>
  graph.return %y : !graph.tensor<i32[101, 3]>
}

graph.func @i64(%x: !graph.tensor<i64[n, 3]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<i64[101, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.scatter_add %x, %k axis 0 : !graph.tensor<i64[n, 3]>, !graph.tensor<i64[n]> -> !graph.tensor<i64[101, 3]>
  graph.return %y : !graph.tensor<i64[101, 3]>
}
