// graph.iota: compiled code against the interpreter.
// RUN: tenon-check-ops %s 

graph.func @axis0_i32(%x: !graph.tensor<i32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 0 : !graph.tensor<i32[n, m, k]>
  graph.return %y : !graph.tensor<i32[n, m, k]>
}

graph.func @axis1_i32(%x: !graph.tensor<i32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 1 : !graph.tensor<i32[n, m, k]>
  graph.return %y : !graph.tensor<i32[n, m, k]>
}

graph.func @axis2_i32(%x: !graph.tensor<i32[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 2 : !graph.tensor<i32[n, m, k]>
  graph.return %y : !graph.tensor<i32[n, m, k]>
}

graph.func @axis0_i64(%x: !graph.tensor<i64[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 0 : !graph.tensor<i64[n, m, k]>
  graph.return %y : !graph.tensor<i64[n, m, k]>
}

graph.func @axis1_i64(%x: !graph.tensor<i64[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 1 : !graph.tensor<i64[n, m, k]>
  graph.return %y : !graph.tensor<i64[n, m, k]>
}

graph.func @axis2_i64(%x: !graph.tensor<i64[n, m, k]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, m, k]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m", "k"]} {
  %y = graph.iota 2 : !graph.tensor<i64[n, m, k]>
  graph.return %y : !graph.tensor<i64[n, m, k]>
}
