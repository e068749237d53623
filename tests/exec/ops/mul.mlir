// graph.mul: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,extreme --gradients apart

graph.func @f32(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[n]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.mul %a, %b : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%a: !graph.tensor<f64[n]> {graph.name = "a"}, %b: !graph.tensor<f64[n]> {graph.name = "b"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.mul %a, %b : !graph.tensor<f64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @i32(%a: !graph.tensor<i32[n]> {graph.name = "a"}, %b: !graph.tensor<i32[n]> {graph.name = "b"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.mul %a, %b : !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @i64(%a: !graph.tensor<i64[n]> {graph.name = "a"}, %b: !graph.tensor<i64[n]> {graph.name = "b"})
    -> (!graph.tensor<i64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.mul %a, %b : !graph.tensor<i64[n]>
  graph.return %y : !graph.tensor<i64[n]>
}
