// graph.and: compiled code against the interpreter.
// RUN: tenon-check-ops %s --values plain,extreme

graph.func @i1(%a: !graph.tensor<i1[n]> {graph.name = "a"}, %b: !graph.tensor<i1[n]> {graph.name = "b"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.and %a, %b : !graph.tensor<i1[n]>
  graph.return %y : !graph.tensor<i1[n]>
}
