// graph.read: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --gradients apart --tolerance tensor

graph.param @fc.weight : !graph.tensor<f32[4, 3]> = <uniform(-0.5, 0.5)>
graph.param @fc.bias : !graph.tensor<f32[4]> = <constant(0.0)>
graph.state @mean : !graph.tensor<f32[3]> = <constant(0.0)>
graph.func @linear(%x: !graph.tensor<f32[n, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 4]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %weight = graph.read @fc.weight : !graph.tensor<f32[4, 3]>
  %bias = graph.read @fc.bias : !graph.tensor<f32[4]>
  %mean = graph.read @mean : !graph.tensor<f32[3]>
  %means = graph.broadcast %mean [1] : !graph.tensor<f32[3]> -> !graph.tensor<f32[n, 3]>
  %centred = graph.sub %x, %means : !graph.tensor<f32[n, 3]>
  %product = graph.contract %centred [0, 1], %weight [2, 1] -> [0, 2] : !graph.tensor<f32[n, 3]>, !graph.tensor<f32[4, 3]>
  %biases = graph.broadcast %bias [1] : !graph.tensor<f32[4]> -> !graph.tensor<f32[n, 4]>
  %y = graph.add %product, %biases : !graph.tensor<f32[n, 4]>
  graph.return %y : !graph.tensor<f32[n, 4]>
}
