// graph.slice: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %p = graph.pad %x [1, 0] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n+3, m]>
  %y = graph.slice %p [2, 0] : !graph.tensor<f32[n+3, m]> -> !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @columns(%x: !graph.tensor<f32[n, 37]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 20]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 11] : !graph.tensor<f32[n, 37]> -> !graph.tensor<f32[n, 20]>
  graph.return %y : !graph.tensor<f32[n, 20]>
}

graph.func @one_column(%x: !graph.tensor<f32[n, 5]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 1]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 3] : !graph.tensor<f32[n, 5]> -> !graph.tensor<f32[n, 1]>
  graph.return %y : !graph.tensor<f32[n, 1]>
}

graph.func @nothing(%x: !graph.tensor<f32[n, 5]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 0]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 5] : !graph.tensor<f32[n, 5]> -> !graph.tensor<f32[n, 0]>
  graph.return %y : !graph.tensor<f32[n, 0]>
}

graph.func @half(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, floor(m, 2)]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.slice %x [0, m-floor(m, 2)] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, floor(m, 2)]>
  graph.return %y : !graph.tensor<f32[n, floor(m, 2)]>
}

graph.func @middle(%x: !graph.tensor<f32[n, 9, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.slice %x [0, 3, 0] : !graph.tensor<f32[n, 9, m]> -> !graph.tensor<f32[n, 4, m]>
  graph.return %y : !graph.tensor<f32[n, 4, m]>
}

graph.func @between(%x: !graph.tensor<f32[n, 24]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 8]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.tanh %x : !graph.tensor<f32[n, 24]>
  %a = graph.slice %t [0, 0] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 8]>
  %b = graph.slice %t [0, 16] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 8]>
  %y = graph.mul %a, %b : !graph.tensor<f32[n, 8]>
  graph.return %y : !graph.tensor<f32[n, 8]>
}

graph.func @of_slice(%x: !graph.tensor<f32[n, 24]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 5]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.slice %x [0, 4] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 17]>
  %y = graph.slice %a [0, 9] : !graph.tensor<f32[n, 17]> -> !graph.tensor<f32[n, 5]>
  graph.return %y : !graph.tensor<f32[n, 5]>
}

graph.func @largest(%x: !graph.tensor<f32[n, 24]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.slice %x [0, 3] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 17]>
  %y = graph.reduce_max %a [1] : !graph.tensor<f32[n, 17]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @largest_of_rows(%x: !graph.tensor<f32[n, 24]> {graph.name = "x"})
    -> (!graph.tensor<f32[17]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.slice %x [0, 3] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 17]>
  %y = graph.reduce_max %a [0] : !graph.tensor<f32[n, 17]>
  graph.return %y : !graph.tensor<f32[17]>
}

graph.func @into_contract(%x: !graph.tensor<f32[n, 24]> {graph.name = "x"}, %w: !graph.tensor<f32[1, 7]> {graph.name = "w"})
    -> (!graph.tensor<f32[n, 7]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.slice %x [0, 3] : !graph.tensor<f32[n, 24]> -> !graph.tensor<f32[n, 1]>
  %y = graph.contract %a [0, 1], %w [1, 2] -> [0, 2] : !graph.tensor<f32[n, 1]>, !graph.tensor<f32[1, 7]>
  graph.return %y : !graph.tensor<f32[n, 7]>
}

graph.func @of_transpose(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m, floor(n, 2)]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %a = graph.transpose %x [1, 0] : !graph.tensor<f32[n, m]>
  %y = graph.slice %a [0, 0] : !graph.tensor<f32[m, n]> -> !graph.tensor<f32[m, floor(n, 2)]>
  graph.return %y : !graph.tensor<f32[m, floor(n, 2)]>
}

graph.func @transposed(%x: !graph.tensor<f32[n, 9]> {graph.name = "x"})
    -> (!graph.tensor<f32[4, n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %a = graph.slice %x [0, 5] : !graph.tensor<f32[n, 9]> -> !graph.tensor<f32[n, 4]>
  %y = graph.transpose %a [1, 0] : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[4, n]>
}

graph.func @scalar(%x: !graph.tensor<f32[n]> {graph.name = "x"}, %s: !graph.tensor<f32> {graph.name = "s"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %s [] : !graph.tensor<f32> -> !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

graph.func @f64(%x: !graph.tensor<f64[n, 37]> {graph.name = "x"})
    -> (!graph.tensor<f64[n, 20]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 11] : !graph.tensor<f64[n, 37]> -> !graph.tensor<f64[n, 20]>
  graph.return %y : !graph.tensor<f64[n, 20]>
}

graph.func @i32(%x: !graph.tensor<i32[n, 37]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, 20]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 11] : !graph.tensor<i32[n, 37]> -> !graph.tensor<i32[n, 20]>
  graph.return %y : !graph.tensor<i32[n, 20]>
}

graph.func @i64(%x: !graph.tensor<i64[n, 37]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, 20]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 11] : !graph.tensor<i64[n, 37]> -> !graph.tensor<i64[n, 20]>
  graph.return %y : !graph.tensor<i64[n, 20]>
}

graph.func @i1(%x: !graph.tensor<i1[n, 37]> {graph.name = "x"})
    -> (!graph.tensor<i1[n, 20]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.slice %x [0, 11] : !graph.tensor<i1[n, 37]> -> !graph.tensor<i1[n, 20]>
  graph.return %y : !graph.tensor<i1[n, 20]>
}
