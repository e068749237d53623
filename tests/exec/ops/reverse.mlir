// graph.reverse: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @vector(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.reverse %x [0] : !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @columns(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [1] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @rows(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [0] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @both(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [0, 1] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @computed(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %t = graph.tanh %x : !graph.tensor<f32[n, m]>
  %r = graph.reverse %t [1] : !graph.tensor<f32[n, m]>
  %y = graph.mul %r, %x : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @of_pad(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %p = graph.pad %x [0, 1] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+5]>
  %y = graph.reverse %p [1] : !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[n, m+5]>
}

graph.func @padded(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %r = graph.reverse %x [1] : !graph.tensor<f32[n, m]>
  %y = graph.pad %r [0, 1] : !graph.tensor<f32[n, m]> -> !graph.tensor<f32[n, m+5]>
  graph.return %y : !graph.tensor<f32[n, m+5]>
}

graph.func @of_transpose(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %t = graph.transpose %x [1, 0] : !graph.tensor<f32[n, m]>
  %y = graph.reverse %t [1] : !graph.tensor<f32[m, n]>
  graph.return %y : !graph.tensor<f32[m, n]>
}

graph.func @of_iota(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %i = graph.iota 0 : !graph.tensor<i32[n]>
  %y = graph.reverse %i [0] : !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}

graph.func @largest(%x: !graph.tensor<f32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %r = graph.reverse %x [1] : !graph.tensor<f32[n, m]>
  %e = graph.mul %r, %x : !graph.tensor<f32[n, m]>
  %y = graph.reduce_max %e [1] : !graph.tensor<f32[n, m]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @f64(%x: !graph.tensor<f64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<f64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [1] : !graph.tensor<f64[n, m]>
  graph.return %y : !graph.tensor<f64[n, m]>
}

graph.func @i32(%x: !graph.tensor<i32[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [1] : !graph.tensor<i32[n, m]>
  graph.return %y : !graph.tensor<i32[n, m]>
}

graph.func @i64(%x: !graph.tensor<i64[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [1] : !graph.tensor<i64[n, m]>
  graph.return %y : !graph.tensor<i64[n, m]>
}

graph.func @i1(%x: !graph.tensor<i1[n, m]> {graph.name = "x"})
    -> (!graph.tensor<i1[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.reverse %x [1] : !graph.tensor<i1[n, m]>
  graph.return %y : !graph.tensor<i1[n, m]>
}
