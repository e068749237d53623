// graph.stop_gradient: compiled code against the interpreter.
// RUN: tenon-check-ops %s --values plain,positive,extreme

graph.func @f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.stop_gradient %x : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.stop_gradient %x : !graph.tensor<f64[n]>
  graph.return %y : !graph.tensor<f64[n]>
}

graph.func @i32(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.stop_gradient %x : !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @i1(%x: !graph.tensor<i1[n]> {graph.name = "x"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.stop_gradient %x : !graph.tensor<i1[n]>
  graph.return %y : !graph.tensor<i1[n]>
}
