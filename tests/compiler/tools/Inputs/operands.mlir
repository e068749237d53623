// Contractions of which an operand is computed.
graph.func @packed(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"}, %v: !graph.tensor<f32[64, 40]> {graph.name = "v"}, %z: !graph.tensor<f32[n, 40]> {graph.name = "z"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %s = graph.mul %w, %v : !graph.tensor<f32[64, 40]>
  %t = graph.mul %s, %v : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  %r = graph.max %y, %z : !graph.tensor<f32[n, 40]>
  graph.return %r : !graph.tensor<f32[n, 40]>
}

graph.func @rows(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"}, %v: !graph.tensor<f32[64, 40]> {graph.name = "v"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %t = graph.mul %w, %v : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

graph.func @costly(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"}, %v: !graph.tensor<f32[64, 40]> {graph.name = "v"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.tanh %w : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y : !graph.tensor<f32[n, 40]>
}

graph.func @again(%x: !graph.tensor<f32[n, 64]> {graph.name = "x"}, %w: !graph.tensor<f32[64, 40]> {graph.name = "w"}, %v: !graph.tensor<f32[64, 40]> {graph.name = "v"})
    -> (!graph.tensor<f32[n, 40]> {graph.name = "y"}, !graph.tensor<f32[64, 40]> {graph.name = "u"}) attributes {graph.sizes = ["n"], graph.size_hints = {n = 32}} {
  %t = graph.mul %w, %v : !graph.tensor<f32[64, 40]>
  %y = graph.contract %x [0, 1], %t [1, 2] -> [0, 2] : !graph.tensor<f32[n, 64]>, !graph.tensor<f32[64, 40]>
  graph.return %y, %t : !graph.tensor<f32[n, 40]>, !graph.tensor<f32[64, 40]>
}
