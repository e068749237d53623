// graph.size: compiled code against the interpreter.
// RUN: tenon-check-ops %s 

graph.func @f32(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.size <2*n*m+n+3> : !graph.tensor<f32>
  graph.return %y : !graph.tensor<f32>
}

graph.func @f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.size <2*n*m+n+3> : !graph.tensor<f64>
  graph.return %y : !graph.tensor<f64>
}

graph.func @i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.size <2*n*m+n+3> : !graph.tensor<i32>
  graph.return %y : !graph.tensor<i32>
}

graph.func @i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.size <2*n*m+n+3> : !graph.tensor<i64>
  graph.return %y : !graph.tensor<i64>
}
