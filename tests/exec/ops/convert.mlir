// graph.convert: compiled code against the interpreter, gradients against finite differences.
// RUN: tenon-check-ops %s --values plain,extreme --gradients apart

graph.func @from_f32(%x: !graph.tensor<f32[n]> {graph.name = "x"})
    -> (!graph.tensor<f64[n]> {graph.name = "f64"}, !graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i64[n]> {graph.name = "i64"}, !graph.tensor<i1[n]> {graph.name = "i1"}) attributes {graph.sizes = ["n"]} {
  %f64 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<f64[n]>
  %i32 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i32[n]>
  %i64 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i64[n]>
  %i1 = graph.convert %x : !graph.tensor<f32[n]> -> !graph.tensor<i1[n]>
  graph.return %f64, %i32, %i64, %i1 : !graph.tensor<f64[n]>, !graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>
}

graph.func @from_f64(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "f32"}, !graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i64[n]> {graph.name = "i64"}, !graph.tensor<i1[n]> {graph.name = "i1"}) attributes {graph.sizes = ["n"]} {
  %f32 = graph.convert %x : !graph.tensor<f64[n]> -> !graph.tensor<f32[n]>
  %i32 = graph.convert %x : !graph.tensor<f64[n]> -> !graph.tensor<i32[n]>
  %i64 = graph.convert %x : !graph.tensor<f64[n]> -> !graph.tensor<i64[n]>
  %i1 = graph.convert %x : !graph.tensor<f64[n]> -> !graph.tensor<i1[n]>
  graph.return %f32, %i32, %i64, %i1 : !graph.tensor<f32[n]>, !graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>
}

graph.func @from_i32(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "f32"}, !graph.tensor<f64[n]> {graph.name = "f64"}, !graph.tensor<i64[n]> {graph.name = "i64"}, !graph.tensor<i1[n]> {graph.name = "i1"}) attributes {graph.sizes = ["n"]} {
  %f32 = graph.convert %x : !graph.tensor<i32[n]> -> !graph.tensor<f32[n]>
  %f64 = graph.convert %x : !graph.tensor<i32[n]> -> !graph.tensor<f64[n]>
  %i64 = graph.convert %x : !graph.tensor<i32[n]> -> !graph.tensor<i64[n]>
  %i1 = graph.convert %x : !graph.tensor<i32[n]> -> !graph.tensor<i1[n]>
  graph.return %f32, %f64, %i64, %i1 : !graph.tensor<f32[n]>, !graph.tensor<f64[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>
}

graph.func @from_i64(%x: !graph.tensor<i64[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "f32"}, !graph.tensor<f64[n]> {graph.name = "f64"}, !graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i1[n]> {graph.name = "i1"}) attributes {graph.sizes = ["n"]} {
  %f32 = graph.convert %x : !graph.tensor<i64[n]> -> !graph.tensor<f32[n]>
  %f64 = graph.convert %x : !graph.tensor<i64[n]> -> !graph.tensor<f64[n]>
  %i32 = graph.convert %x : !graph.tensor<i64[n]> -> !graph.tensor<i32[n]>
  %i1 = graph.convert %x : !graph.tensor<i64[n]> -> !graph.tensor<i1[n]>
  graph.return %f32, %f64, %i32, %i1 : !graph.tensor<f32[n]>, !graph.tensor<f64[n]>, !graph.tensor<i32[n]>, !graph.tensor<i1[n]>
}

graph.func @from_i1(%x: !graph.tensor<i1[n]> {graph.name = "x"})
    -> (!graph.tensor<f32[n]> {graph.name = "f32"}, !graph.tensor<f64[n]> {graph.name = "f64"}, !graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i64[n]> {graph.name = "i64"}) attributes {graph.sizes = ["n"]} {
  %f32 = graph.convert %x : !graph.tensor<i1[n]> -> !graph.tensor<f32[n]>
  %f64 = graph.convert %x : !graph.tensor<i1[n]> -> !graph.tensor<f64[n]>
  %i32 = graph.convert %x : !graph.tensor<i1[n]> -> !graph.tensor<i32[n]>
  %i64 = graph.convert %x : !graph.tensor<i1[n]> -> !graph.tensor<i64[n]>
  graph.return %f32, %f64, %i32, %i64 : !graph.tensor<f32[n]>, !graph.tensor<f64[n]>, !graph.tensor<i32[n]>, !graph.tensor<i64[n]>
}
