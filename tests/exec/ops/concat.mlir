// graph.concat: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients apart

graph.func @rows(%a: !graph.tensor<f32[n, 5]> {graph.name = "a"}, %b: !graph.tensor<f32[m, 5]> {graph.name = "b"})
    -> (!graph.tensor<f32[n+m, 5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 0 : !graph.tensor<f32[n, 5]>, !graph.tensor<f32[m, 5]>
  graph.return %y : !graph.tensor<f32[n+m, 5]>
}

graph.func @columns(%a: !graph.tensor<f32[n, m]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 3]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, 3]>
  graph.return %y : !graph.tensor<f32[n, m+3]>
}

graph.func @three(%a: !graph.tensor<f32[n, 3]> {graph.name = "a"}, %b: !graph.tensor<f32[n, m]> {graph.name = "b"}, %c: !graph.tensor<f32[n, 2]> {graph.name = "c"})
    -> (!graph.tensor<f32[n, m+5]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b, %c axis 1 : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, 2]>
  graph.return %y : !graph.tensor<f32[n, m+5]>
}

graph.func @twice(%a: !graph.tensor<f32[n]> {graph.name = "a"})
    -> (!graph.tensor<f32[2*n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.concat %a, %a axis 0 : !graph.tensor<f32[n]>, !graph.tensor<f32[n]>
  graph.return %y : !graph.tensor<f32[2*n]>
}

graph.func @middle(%a: !graph.tensor<f32[n, 2, m]> {graph.name = "a"}, %b: !graph.tensor<f32[n, 3, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 5, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<f32[n, 2, m]>, !graph.tensor<f32[n, 3, m]>
  graph.return %y : !graph.tensor<f32[n, 5, m]>
}

graph.func @computed(%a: !graph.tensor<f32[n, m]> {graph.name = "a"}, %b: !graph.tensor<f32[n, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 2*m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %s = graph.add %a, %b : !graph.tensor<f32[n, m]>
  %d = graph.sub %a, %b : !graph.tensor<f32[n, m]>
  %c = graph.concat %s, %d axis 1 : !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, m]>
  %y = graph.tanh %c : !graph.tensor<f32[n, 2*m]>
  graph.return %y : !graph.tensor<f32[n, 2*m]>
}

graph.func @with_constant(%a: !graph.tensor<f32[n, m]> {graph.name = "a"})
    -> (!graph.tensor<f32[n, m+1]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %o = graph.constant 1.0 : f32 -> !graph.tensor<f32[n, 1]>
  %y = graph.concat %a, %o axis 1 : !graph.tensor<f32[n, m]>, !graph.tensor<f32[n, 1]>
  graph.return %y : !graph.tensor<f32[n, m+1]>
}

graph.func @largest(%a: !graph.tensor<f32[n, 3]> {graph.name = "a"}, %b: !graph.tensor<f32[n, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %c = graph.concat %a, %b axis 1 : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[n, m]>
  %y = graph.reduce_max %c [1] : !graph.tensor<f32[n, m+3]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @slices_swapped(%a: !graph.tensor<f32[n, 2, m]> {graph.name = "a"})
    -> (!graph.tensor<f32[n, 2, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %l = graph.slice %a [0, 0, 0] : !graph.tensor<f32[n, 2, m]> -> !graph.tensor<f32[n, 1, m]>
  %r = graph.slice %a [0, 1, 0] : !graph.tensor<f32[n, 2, m]> -> !graph.tensor<f32[n, 1, m]>
  %y = graph.concat %r, %l axis 1 : !graph.tensor<f32[n, 1, m]>, !graph.tensor<f32[n, 1, m]>
  graph.return %y : !graph.tensor<f32[n, 2, m]>
}

graph.func @f64(%a: !graph.tensor<f64[n, m]> {graph.name = "a"}, %b: !graph.tensor<f64[n, 3]> {graph.name = "b"})
    -> (!graph.tensor<f64[n, m+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<f64[n, m]>, !graph.tensor<f64[n, 3]>
  graph.return %y : !graph.tensor<f64[n, m+3]>
}

graph.func @i32(%a: !graph.tensor<i32[n, m]> {graph.name = "a"}, %b: !graph.tensor<i32[n, 3]> {graph.name = "b"})
    -> (!graph.tensor<i32[n, m+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<i32[n, m]>, !graph.tensor<i32[n, 3]>
  graph.return %y : !graph.tensor<i32[n, m+3]>
}

graph.func @i64(%a: !graph.tensor<i64[n, m]> {graph.name = "a"}, %b: !graph.tensor<i64[n, 3]> {graph.name = "b"})
    -> (!graph.tensor<i64[n, m+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<i64[n, m]>, !graph.tensor<i64[n, 3]>
  graph.return %y : !graph.tensor<i64[n, m+3]>
}

graph.func @i1(%a: !graph.tensor<i1[n, m]> {graph.name = "a"}, %b: !graph.tensor<i1[n, 3]> {graph.name = "b"})
    -> (!graph.tensor<i1[n, m+3]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.concat %a, %b axis 1 : !graph.tensor<i1[n, m]>, !graph.tensor<i1[n, 3]>
  graph.return %y : !graph.tensor<i1[n, m+3]>
}
