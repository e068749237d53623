// graph.step: compiled code against the interpreter, outside of training.
// RUN: tenon-check-ops %s 

graph.func @step(%x: !graph.tensor<i64> {graph.name = "x"})
    -> (!graph.tensor<i64> {graph.name = "t"}, !graph.tensor<i64> {graph.name = "n"}, !graph.tensor<i64> {graph.name = "s"}, !graph.tensor<i64> {graph.name = "o"}) attributes {graph.sizes = []} {
  %t = graph.step step : !graph.tensor<i64>
  %n = graph.step total_steps : !graph.tensor<i64>
  %s = graph.step seed : !graph.tensor<i64>
  %o = graph.step example_offset : !graph.tensor<i64>
  graph.return %t, %n, %s, %o : !graph.tensor<i64>, !graph.tensor<i64>, !graph.tensor<i64>, !graph.tensor<i64>
}
