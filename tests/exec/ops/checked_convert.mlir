// graph.checked_convert: compiled code against the interpreter, gradients against finite differences;
// an element that the type does not hold ends the run, in both.
// RUN: split-file %s %t
// RUN: tenon-check-ops %t/held.mlir --gradients apart
// RUN: not tenon-check-ops %t/fraction.mlir 2>&1 | FileCheck %s
// CHECK: the field's type does not hold

//--- held.mlir
graph.func @floats(%x: !graph.tensor<f64[n, 3]> {graph.name = "x"})
    -> (!graph.tensor<f32[n, 3]> {graph.name = "f32"}, !graph.tensor<f64[n, 3]> {graph.name = "f64"}) attributes {graph.sizes = ["n"]} {
  %f32 = graph.checked_convert %x, field 0 : !graph.tensor<f64[n, 3]> -> !graph.tensor<f32[n, 3]>
  %f64 = graph.checked_convert %x, field 1 : !graph.tensor<f64[n, 3]> -> !graph.tensor<f64[n, 3]>
  graph.return %f32, %f64 : !graph.tensor<f32[n, 3]>, !graph.tensor<f64[n, 3]>
}

graph.func @whole(%x: !graph.tensor<i32[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "i32"}, !graph.tensor<i64[n]> {graph.name = "i64"}, !graph.tensor<i1[n]> {graph.name = "i1"}) attributes {graph.sizes = ["n"]} {
  %zero = graph.constant 0 : i32 -> !graph.tensor<i32[n]>
  %whole = graph.convert %x : !graph.tensor<i32[n]> -> !graph.tensor<f64[n]>
  %positive = graph.compare gt %x, %zero : !graph.tensor<i32[n]>
  %bit = graph.convert %positive : !graph.tensor<i1[n]> -> !graph.tensor<f64[n]>
  %i32 = graph.checked_convert %whole, field 0 : !graph.tensor<f64[n]> -> !graph.tensor<i32[n]>
  %i64 = graph.checked_convert %whole, field 1 : !graph.tensor<f64[n]> -> !graph.tensor<i64[n]>
  %i1 = graph.checked_convert %bit, field 2 : !graph.tensor<f64[n]> -> !graph.tensor<i1[n]>
  graph.return %i32, %i64, %i1 : !graph.tensor<i32[n]>, !graph.tensor<i64[n]>, !graph.tensor<i1[n]>
}

//--- fraction.mlir
graph.func @fraction(%x: !graph.tensor<f64[n]> {graph.name = "x"})
    -> (!graph.tensor<i32[n]> {graph.name = "y"}) attributes {graph.sizes = ["n"]} {
  %y = graph.checked_convert %x, field 0 : !graph.tensor<f64[n]> -> !graph.tensor<i32[n]>
  graph.return %y : !graph.tensor<i32[n]>
}
