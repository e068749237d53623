// graph.constant: compiled code against the interpreter.
// RUN: tenon-check-ops %s 

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant 0.1 : f32 -> !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant 0.1 : f64 -> !graph.tensor<f64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @i32(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant -7 : i32 -> !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @i64(%x: !graph.tensor<i64[n]> {graph.name = "x"})
    -> (!graph.tensor<i64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant 9007199254740993 : i64 -> !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i64[n]>
}

graph.func @i1(%x: !graph.tensor<i1[n]> {graph.name = "x"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.constant true -> !graph.tensor<i1[n]>
  graph.return %y : !graph.tensor<i1[n]>
}
