// graph.not: compiled code against the interpreter.
// RUN: tenon-check-ops %s --values plain,positive,extreme

graph.func @i1(%x: !graph.tensor<i1[n]> {graph.name = "x"})
    -> (!graph.tensor<i1[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.not %x : !graph.tensor<i1[n]>
  graph.return %y : !graph.tensor<i1[n]>
}
