// graph.contract: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,sprinkled --gradients plain --tolerance tensor

graph.func @product(%a: !graph.tensor<f32[n, k]> {graph.name = "a"}, %b: !graph.tensor<f32[k, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @right_transposed(%a: !graph.tensor<f32[n, k]> {graph.name = "a"}, %b: !graph.tensor<f32[m, k]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[m, k]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @left_transposed(%a: !graph.tensor<f32[k, n]> {graph.name = "a"}, %b: !graph.tensor<f32[k, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [1, 0], %b [1, 2] -> [0, 2] : !graph.tensor<f32[k, n]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @both_transposed(%a: !graph.tensor<f32[k, n]> {graph.name = "a"}, %b: !graph.tensor<f32[m, k]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [1, 0], %b [2, 1] -> [0, 2] : !graph.tensor<f32[k, n]>, !graph.tensor<f32[m, k]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @result_transposed(%a: !graph.tensor<f32[n, k]> {graph.name = "a"}, %b: !graph.tensor<f32[k, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[m, n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [2, 0] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[m, n]>
}

graph.func @matrix_vector(%a: !graph.tensor<f32[n, k]> {graph.name = "a"}, %b: !graph.tensor<f32[k]> {graph.name = "b"})
    -> (!graph.tensor<f32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k"]} {
  %y = graph.contract %a [0, 1], %b [1] -> [0] : !graph.tensor<f32[n, k]>, !graph.tensor<f32[k]>
  graph.return %y : !graph.tensor<f32[n]>
}

graph.func @vector_matrix(%a: !graph.tensor<f32[k]> {graph.name = "a"}, %b: !graph.tensor<f32[k, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[m]> {graph.name = "y"}) attributes {graph.sizes = ["k", "m"]} {
  %y = graph.contract %a [0], %b [0, 1] -> [1] : !graph.tensor<f32[k]>, !graph.tensor<f32[k, m]>
  graph.return %y : !graph.tensor<f32[m]>
}

graph.func @dot(%a: !graph.tensor<f32[k]> {graph.name = "a"}, %b: !graph.tensor<f32[k]> {graph.name = "b"})
    -> (!graph.tensor<f32> {graph.name = "y"}) attributes {graph.sizes = ["k"]} {
  %y = graph.contract %a [0], %b [0] -> [] : !graph.tensor<f32[k]>, !graph.tensor<f32[k]>
  graph.return %y : !graph.tensor<f32>
}

graph.func @outer_product(%a: !graph.tensor<f32[n]> {graph.name = "a"}, %b: !graph.tensor<f32[m]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "m"]} {
  %y = graph.contract %a [0], %b [1] -> [0, 1] : !graph.tensor<f32[n]>, !graph.tensor<f32[m]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @batched(%a: !graph.tensor<f32[b, n, k]> {graph.name = "a"}, %b: !graph.tensor<f32[b, k, m]> {graph.name = "b"})
    -> (!graph.tensor<f32[b, n, m]> {graph.name = "y"}) attributes {graph.sizes = ["b", "n", "k", "m"]} {
  %y = graph.contract %a [0, 1, 2], %b [0, 2, 3] -> [0, 1, 3] : !graph.tensor<f32[b, n, k]>, !graph.tensor<f32[b, k, m]>
  graph.return %y : !graph.tensor<f32[b, n, m]>
}

graph.func @two_summed(%a: !graph.tensor<f32[n, k, l]> {graph.name = "a"}, %b: !graph.tensor<f32[m, k, l]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "l", "m"]} {
  %y = graph.contract %a [0, 1, 2], %b [3, 1, 2] -> [0, 3] : !graph.tensor<f32[n, k, l]>, !graph.tensor<f32[m, k, l]>
  graph.return %y : !graph.tensor<f32[n, m]>
}

graph.func @static_weight(%a: !graph.tensor<f32[n, 10]> {graph.name = "a"}, %b: !graph.tensor<f32[100, 10]> {graph.name = "b"})
    -> (!graph.tensor<f32[n, 100]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.contract %a [0, 1], %b [2, 1] -> [0, 2] : !graph.tensor<f32[n, 10]>, !graph.tensor<f32[100, 10]>
  graph.return %y : !graph.tensor<f32[n, 100]>
}

graph.func @f64(%a: !graph.tensor<f64[n, k]> {graph.name = "a"}, %b: !graph.tensor<f64[k, m]> {graph.name = "b"})
    -> (!graph.tensor<f64[n, m]> {graph.name = "y"}) attributes {graph.sizes = ["n", "k", "m"]} {
  %y = graph.contract %a [0, 1], %b [1, 2] -> [0, 2] : !graph.tensor<f64[n, k]>, !graph.tensor<f64[k, m]>
  graph.return %y : !graph.tensor<f64[n, m]>
}
