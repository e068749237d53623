// graph.gather: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,positive,sprinkled --gradients apart

graph.func @rows(%x: !graph.tensor<f32[101, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<f32[101, m]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @elements(%x: !graph.tensor<f32[101]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<f32[101]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @matrix_of_ids(%x: !graph.tensor<f32[101, 3]> {graph.name = "x"}, %ids: !graph.tensor<i64[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m, 3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n, m]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<f32[101, 3]>, !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<f32[n, m, 3]>
}

graph.func @one_id(%x: !graph.tensor<f32[101, m]> {graph.name = "x"}, %id: !graph.tensor<i32> {graph.name = "id"})
    -> (!graph.tensor<f32[m]> {graph.name = "y"}) attributes {graph.sizes = ["m"]} {
  %k = graph.abs %id : !graph.tensor<i32>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<f32[101, m]>, !graph.tensor<i32>
  graph.return %y : !graph.tensor<f32[m]>
}

graph.func @in_each_row(%x: !graph.tensor<f32[n, 101]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %y = graph.gather %x, %k axis 1 : !graph.tensor<f32[n, 101]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @some_of_each_row(%x: !graph.tensor<f32[n, 101]> {graph.name = "x"}, %ids: !graph.tensor<i32[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n, m]>
  %y = graph.gather %x, %k axis 1 : !graph.tensor<f32[n, 101]>, !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @batched_rows(%x: !graph.tensor<f32[n, 101, 2]> {graph.name = "x"}, %ids: !graph.tensor<i32[n, m]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m, 2]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n, m]>
  %y = graph.gather %x, %k axis 1 : !graph.tensor<f32[n, 101, 2]>, !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m, 2]>
}

graph.func @one_row_table(%x: !graph.tensor<f32[1, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %z = graph.constant 0 : i32 -> !graph.tensor<i32[n]>
  %y = graph.gather %x, %z axis 0 : !graph.tensor<f32[1, m]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @computed(%x: !graph.tensor<f32[101, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %t = graph.tanh %x : !graph.tensor<f32[101, m]>
  %g = graph.gather %t, %k axis 0 : !graph.tensor<f32[101, m]>, !graph.tensor<i32[n]>
  %y = graph.exp %g : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @of_transpose(%x: !graph.tensor<f32[m, 101]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %t = graph.transpose %x [1, 0] : !graph.tensor<f32[m, 101]>
  %y = graph.gather %t, %k axis 0 : !graph.tensor<f32[101, m]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @elements_of_slice(%x: !graph.tensor<f32[130]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %s = graph.slice %x [7] : !graph.tensor<f32[130]> -> !graph.tensor<f32[101]>
  %y = graph.gather %s, %k axis 0 : !graph.tensor<f32[101]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @largest_of_rows(%x: !graph.tensor<f32[101, m]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"})
    -> (!graph.tensor<f32[m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %g = graph.gather %x, %k axis 0 : !graph.tensor<f32[101, m]>, !graph.tensor<i32[n]>
  %y = graph.reduce_max %g [0] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[m]>
}

graph.func @into_contract(%x: !graph.tensor<f32[101, 1]> {graph.name = "x"}, %ids: !graph.tensor<i32[n]> {graph.name = "ids"}, %w: !graph.tensor<f32[1, 7]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 7]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i32[n]>
  %g = graph.gather %x, %k axis 0 : !graph.tensor<f32[101, 1]>, !graph.tensor<i32[n]>
  %y = graph.contract %g [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 1]>, !graph.tensor<f32[1, 7]>
  graph.return %y : !graph.tensor<f32[n, 7]>
}

graph.func @backwards(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %i = graph.iota 0 : !graph.tensor<i32[n]>
  %r = graph.reverse %i [0] : !graph.tensor<i32[n]>
  %y = graph.gather %x, %r axis 0 : !graph.tensor<f32[n, m]>, !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @f64(%x: !graph.tensor<f64[101]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<f64[101]>, !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @i32(%x: !graph.tensor<i32[101]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<i32[101]>, !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @i64(%x: !graph.tensor<i64[101]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<i64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<i64[101]>, !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i64[n]>
}

graph.func @i1(%x: !graph.tensor<i1[101]> {graph.name = "x"}, %ids: !graph.tensor<i64[n]> {graph.name = "ids"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %k = graph.abs %ids : !graph.tensor<i64[n]>
  %y = graph.gather %x, %k axis 0 : !graph.tensor<i1[101]>, !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i1[n]>
}
